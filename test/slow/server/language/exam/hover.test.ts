import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Hover, SignatureHelp } from 'vscode-languageserver/node';
import { sharedExam } from '../../../../support/exam.ts';

const shared = sharedExam();

function read<Case>(file: string): Case[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Case[];
}

it('hover tells of what a person points at', async () => {
  const cases = read<{ sql: string; has?: string[]; not?: string[]; nothing?: boolean }>('hover.json');
  const exam = shared();
  const wrong: string[] = [];
  for (const { sql, has = [], not = [], nothing } of cases) {
    const place = await exam.place(sql);
    const answer = await exam.ask<Hover | null>('hover', place);
    const text = answer && typeof answer.contents === 'object' && 'value' in answer.contents ? answer.contents.value : '';
    const problems = [
      ...has.filter((part) => !text.includes(part)).map((part) => `without ${part}`),
      ...not.filter((part) => text.includes(part)).map((part) => `with ${part}`),
      ...(nothing && answer !== null ? ['something'] : []),
    ];
    if (problems.length > 0) wrong.push(`${sql}: ${problems.join(', ')}: ${text}`);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(15);
}, 30_000);

it('signature help shows the call that is being written', async () => {
  const cases = read<{ sql: string; label?: string; parameter?: string; nothing?: boolean }>('signatureHelp.json');
  const exam = shared();
  const wrong: string[] = [];
  for (const { sql, label = '', parameter, nothing } of cases) {
    const place = await exam.place(sql);
    const answer = await exam.ask<SignatureHelp | null>('signatureHelp', place);
    const active = answer?.signatures[answer.activeSignature ?? 0];
    const range = active?.parameters?.[answer?.activeParameter ?? 0]?.label;
    const shown = Array.isArray(range) ? active?.label.slice(range[0], range[1]) : undefined;
    const problems = [
      ...(nothing && answer !== null ? ['something'] : []),
      ...(!nothing && !active?.label.startsWith(label) ? [`label ${active?.label.slice(0, 60)}`] : []),
      ...(parameter !== undefined && !shown?.startsWith(parameter) ? [`parameter ${shown}`] : []),
    ];
    if (problems.length > 0) wrong.push(`${sql}: ${problems.join(', ')}`);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(15);
}, 30_000);
