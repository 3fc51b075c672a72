import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DocumentSymbol, FoldingRange, Range, SelectionRange } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startExam } from '../../../../support/exam.ts';

const questions = JSON.parse(readFileSync('test/slow/server/language/exam/structure.json', 'utf8')) as {
  /** Names of the outline; `>` before those inside of others. */
  readonly symbols: readonly { readonly sql: string; readonly names: readonly string[] }[];
  /** Lines and kinds that can be folded. */
  readonly folding: readonly { readonly sql: string; readonly ranges: readonly string[] }[];
  /** Texts that are selected one after the other, others between them. */
  readonly selections: readonly { readonly sql: string; readonly texts: readonly string[] }[];
};

test('outline, folding and selections follow what is written', { timeout: 60_000 }, async () => {
  const exam = await startExam();
  const wrong: unknown[] = [];
  for (const { sql, names } of questions.symbols) {
    const place = await exam.place(sql);
    const symbols = await exam.ask<DocumentSymbol[]>('documentSymbol', place);
    const found = outline(symbols, '');
    if (!names.every((name) => found.includes(name)) || !areInside(symbols)) wrong.push([sql, found]);
    await exam.close(place);
  }
  for (const { sql, ranges } of questions.folding) {
    const place = await exam.place(sql);
    const folds = await exam.ask<FoldingRange[]>('foldingRange', place);
    const found = folds.map(({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind ? `:${kind}` : ''}`);
    if (!ranges.every((range) => found.includes(range))) wrong.push([sql, found]);
    await exam.close(place);
  }
  for (const { sql, texts } of questions.selections) {
    const place = await exam.place(sql);
    const document = TextDocument.create(place.uri, 'sql', 1, place.text);
    const [first] = await exam.ask<SelectionRange[]>('selectionRange', place, { positions: [place.position] });
    const found: string[] = [];
    for (let at = first; at; at = at.parent) found.push(document.getText(at.range));
    const order = texts.map((text) => found.indexOf(text));
    if (order.some((at, index) => at < 0 || at < (order[index - 1] ?? 0))) wrong.push([sql, found]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});

function outline(symbols: readonly DocumentSymbol[], prefix: string): string[] {
  return symbols.flatMap(({ name, children = [] }) => [`${prefix}${name}`, ...outline(children, `${prefix}>`)]);
}

/** An editor refuses a symbol whose name is not inside of it. */
function areInside(symbols: readonly DocumentSymbol[]): boolean {
  const isBefore = (a: Range['start'], b: Range['start']) => a.line < b.line || (a.line === b.line && a.character <= b.character);
  return symbols.every(
    ({ range, selectionRange, children = [] }) =>
      isBefore(range.start, selectionRange.start) && isBefore(selectionRange.end, range.end) && areInside(children),
  );
}
