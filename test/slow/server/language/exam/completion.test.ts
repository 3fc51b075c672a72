import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver/node';
import { startExam } from '../../../../support/exam.ts';

interface Case {
  /** `/*|*​/` is the cursor, `%%` parts cells. */
  readonly sql: string;
  /** Labels that are offered, in any order and case. */
  readonly has?: readonly string[];
  readonly not?: readonly string[];
  /** Labels among the first five. */
  readonly first?: readonly string[];
  /** Nothing but keywords may be offered, or nothing at all. */
  readonly nothing?: boolean;
  /** The text after the item with this label was taken. */
  readonly inserts?: Readonly<Record<string, string>>;
  /** A text that the documentation of the item with this label holds. */
  readonly tells?: Readonly<Record<string, string>>;
}

const CASES = JSON.parse(readFileSync(join(import.meta.dirname, 'completion.json'), 'utf8')) as Case[];
const FIRST = 5;

describe('completion', () => {
  it('has at least 200 questions', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(200);
  });

  it('answers each as a person would want', async () => {
    const exam = await startExam({ textDocument: { completion: { completionItem: { snippetSupport: false } } } });
    const wrong: string[] = [];
    for (const { sql, has = [], not = [], first = [], nothing, inserts = {}, tells = {} } of CASES) {
      const place = await exam.place(sql);
      const list = await exam.ask<CompletionList | null>('completion', place);
      const items = list?.items ?? [];
      const labels = items.map(({ label }) => label.toLowerCase());
      const problems = [
        ...has.filter((label) => !labels.includes(label.toLowerCase())).map((label) => `${label} is missing`),
        ...not.filter((label) => labels.includes(label.toLowerCase())).map((label) => `${label} is there`),
        ...first.filter((label) => !labels.slice(0, FIRST).includes(label.toLowerCase())).map((label) => `${label} is not among the first`),
        ...(nothing && items.some(({ kind }) => kind !== CompletionItemKind.Keyword)
          ? [`${items.length} items where nothing is wanted`]
          : []),
        ...Object.entries(inserts).flatMap(([label, text]) => {
          const item = items.find((candidate) => candidate.label.toLowerCase() === label.toLowerCase());
          const taken = item === undefined ? 'no such item' : take(place.text, item);
          return taken === text ? [] : [`${label} gives ${JSON.stringify(taken)}`];
        }),
        ...Object.entries(tells).flatMap(([label, text]) => {
          const told = JSON.stringify(items.find((item) => item.label === label)?.documentation ?? 'nothing');
          return told.includes(text) ? [] : [`${label} tells ${told}`];
        }),
      ];
      if (problems.length > 0) wrong.push(`${sql}\n    ${problems.join('; ')}\n    offered: ${labels.slice(0, 12).join(', ')}`);
      await exam.close(place);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

/** The text with an item taken; edits are applied from the end. */
function take(text: string, { textEdit, additionalTextEdits = [] }: CompletionItem): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).reduce((sum, before) => sum + before.length + 1, 0) + character;
  const edits = [...(textEdit && 'range' in textEdit ? [textEdit] : []), ...additionalTextEdits];
  const sorted = [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start));
  return sorted.reduce((whole, { range, newText }) => whole.slice(0, offset(range.start)) + newText + whole.slice(offset(range.end)), text);
}
