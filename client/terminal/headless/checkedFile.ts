import type { ScriptCell, ScriptFinding } from '../../../server/protocol/script.ts';
import { readIpynb } from '../../exchange/readIpynb.ts';
import { magicSql } from '../../exchange/sqlMagic.ts';
import { conflictFailure } from '../../notebook/mergeConflict.ts';
import { notebookCells } from './notebookCells.ts';

/** A place in a file, from 1. Without a column where the text is not written in the file as it is. */
export interface FilePlace {
  readonly line: number;
  readonly column?: number;
}

/** Something that is wrong in a file. */
export interface FileFinding {
  readonly severity: 'error' | 'info';
  /** `syntax`, `catalog`, `binder` …: what kind of error DuckDB calls it. */
  readonly rule: string;
  readonly message: string;
  readonly start: FilePlace;
  readonly end: FilePlace;
}

interface CheckedCell extends ScriptCell {
  /** Where a place of its text stands in the file. */
  readonly placeAt: (offset: number) => FilePlace;
  readonly conflict?: FileFinding;
}

/** The cells of a file that hold SQL: of a script or notebook of ours, or of Jupyter's. Throws for a file that is no notebook. */
export function checkedCells(path: string, text: string): CheckedCell[] {
  return /\.ipynb$/i.test(path) ? jupyterCells(text) : ownCells(text);
}

/** What the server found in the cells, and conflicts of a merge, in the order of the file. */
export function fileFindings(cells: readonly CheckedCell[], found: readonly (readonly ScriptFinding[])[]): FileFinding[] {
  return cells.flatMap(({ placeAt, conflict }, index) => {
    if (conflict) return [conflict];
    return (found[index] ?? []).map(({ severity, message, offset, length }) => ({
      severity,
      rule: ruleOf(message),
      message,
      start: placeAt(offset),
      end: placeAt(offset + Math.max(1, length)),
    }));
  });
}

function ownCells(text: string): CheckedCell[] {
  const code = notebookCells(text).filter(({ kind }) => kind === 'code');
  return code.map(({ text: sql, linesBefore, resultName }) => {
    const placeAt = (offset: number) => {
      const before = sql.slice(0, offset).split('\n');
      return { line: linesBefore + before.length, column: (before.at(-1) ?? '').length + 1 };
    };
    const conflict = conflictFailure(sql);
    if (conflict === undefined) return { sql, placeAt, ...(resultName !== undefined && { resultName }) };
    const start = placeAt(conflict.position?.offset ?? 0);
    return { sql: '', placeAt, conflict: { severity: 'error', rule: 'conflict', message: conflict.message, start, end: start } };
  });
}

/** Lines are looked for in the file's text: JSON does not say where its texts stand. */
function jupyterCells(text: string): CheckedCell[] {
  let from = 0;
  return readIpynb(text).cells.flatMap(({ type, source, metadata }) => {
    const lines = source.split('\n');
    const starts = lines.map((line) => {
      const found = text.indexOf(JSON.stringify(line).slice(1, -1), from);
      if (found < 0) return from;
      from = found + line.length;
      return found;
    });
    if (type !== 'code' || !isSql(source, metadata)) return [];
    const placeAt = (offset: number) => {
      const line = source.slice(0, offset).split('\n').length - 1;
      return { line: text.slice(0, starts[line] ?? 0).split('\n').length };
    };
    return [{ sql: source, placeAt }];
  });
}

/** As in the editor: a cell of the language SQL, or one that a magic leads. */
function isSql(source: string, metadata: Readonly<Record<string, unknown>>): boolean {
  const vscode = metadata['vscode'] as { readonly languageId?: unknown } | undefined;
  const language = vscode?.languageId ?? metadata['language'];
  if (typeof language === 'string') return language.toLowerCase() === 'sql';
  return /^\s*%%sql\b/i.test(source) && magicSql(source) !== undefined;
}

function ruleOf(message: string): string {
  const kind = /^([A-Z][a-z]+) Error:/.exec(message)?.[1]?.toLowerCase() ?? 'sql';
  return kind === 'parser' ? 'syntax' : kind;
}
