import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { lowerText, sqlTextOf, statementsOf } from './sqlText.ts';

/** The line that begins a cell in a file that is also a notebook. */
export const CELL_MARKER = /^--\s*%%/;

/** What can be folded: statements, brackets, CASE to END, comments, runs of line comments, cells, and `-- #region` to `-- #endregion`. */
export function foldingRanges(document: TextDocument): FoldingRange[] {
  const { text, tokens } = sqlTextOf(document);
  const statements = statementsOf(document);
  const ranges = new Map<string, FoldingRange>();
  const add = (start: number, end: number, kind?: FoldingRangeKind) => {
    const startLine = document.positionAt(start).line;
    const endLine = document.positionAt(end).line;
    const key = `${startLine}`;
    const other = ranges.get(key);
    if (endLine > startLine && (!other || other.endLine < endLine)) ranges.set(key, { startLine, endLine, ...(kind && { kind }) });
  };
  const opens: number[] = [];
  const cases: number[] = [];
  const regions: number[] = [];
  let cell: number | undefined;
  let run: { start: number; end: number } | undefined;
  for (const token of tokens) {
    const piece = lowerText(text, token);
    if (token.kind === 'lineComment') {
      const follows = run && /^\r?\n?[^\S\r\n]*$/.test(text.slice(run.end, token.start));
      if (/^--\s*#?region\b/.test(piece)) regions.push(token.start);
      else if (/^--\s*#?endregion\b/.test(piece)) add(regions.pop() ?? token.start, token.end, FoldingRangeKind.Region);
      else if (CELL_MARKER.test(piece)) {
        if (cell !== undefined) add(cell, lineEndBefore(text, token.start), FoldingRangeKind.Region);
        cell = token.start;
      } else {
        run = follows && run ? { start: run.start, end: token.end } : { start: token.start, end: token.end };
        add(run.start, run.end, FoldingRangeKind.Comment);
        continue;
      }
      run = undefined;
      continue;
    }
    run = undefined;
    if (token.kind === 'word' && piece === 'case') cases.push(token.start);
    else if (token.kind === 'word' && piece === 'end') add(cases.pop() ?? token.start, token.end);
    else if (token.kind === 'blockComment') add(token.start, token.end, FoldingRangeKind.Comment);
    else if (token.kind === 'punctuation' && (piece === '(' || piece === '[' || piece === '{')) opens.push(token.start);
    else if (token.kind === 'punctuation' && (piece === ')' || piece === ']' || piece === '}')) {
      const open = opens.pop();
      if (open !== undefined) add(open, token.start);
    }
  }
  if (cell !== undefined) add(cell, text.length, FoldingRangeKind.Region);
  for (const { start, end } of statements) add(start, end);
  return [...ranges.values()].sort((a, b) => a.startLine - b.startLine);
}

function lineEndBefore(text: string, at: number): number {
  return text.slice(0, at).trimEnd().length;
}
