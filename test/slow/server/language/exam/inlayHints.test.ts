import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { InlayHint, Range } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Exam, startExam } from '../../../../support/exam.ts';

/** A text, and how it looks with its hints between angle brackets, in a mode of the setting. */
interface HintCase {
  readonly name: string;
  readonly mode: 'off' | 'star' | 'all';
  readonly sql: string;
  readonly shows: string;
}

const cases = JSON.parse(readFileSync('test/slow/server/language/exam/inlayHints.json', 'utf8')) as HintCase[];

async function shown(exam: Exam, sql: string, only?: Range): Promise<string> {
  const place = await exam.place(sql);
  const document = TextDocument.create(place.uri, 'sql', 1, sql);
  const range = only ?? { start: { line: 0, character: 0 }, end: document.positionAt(sql.length) };
  const hints = await exam.ask<InlayHint[]>('inlayHint', place, { range });
  await exam.close(place);
  return TextDocument.applyEdits(
    document,
    hints.map(({ position, label }) => ({ range: { start: position, end: position }, newText: `⟨${label}⟩` })),
  );
}

describe('inlay hints', () => {
  for (const mode of ['off', 'star', 'all'] as const) {
    it(`say what cannot be seen: ${mode}`, async () => {
      const exam = await startExam({}, { languageInlayHints: mode });
      const failures: object[] = [];
      for (const { name, sql, shows } of cases.filter((one) => one.mode === mode)) {
        const given = await shown(exam, sql);
        if (given !== shows) failures.push({ name, given, shows });
      }
      expect(failures).toEqual([]);
      const second = await shown(exam, 'select * from fresh;\nselect * from staging.imports', {
        start: { line: 1, character: 0 },
        end: { line: 1, character: 30 },
      });
      expect(second.includes('⟨')).toBe(mode !== 'off');
    });
  }

  it('are many', () => {
    expect(cases.length).toBeGreaterThanOrEqual(15);
  });
});
