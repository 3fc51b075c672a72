import { isFirmKeyword } from './keywords.ts';
import type { Statement } from './splitStatements.ts';

/** A file that a statement reads in a FROM clause, alone or by one of DuckDB's readers. Offsets are those of the script. */
export interface FileRead {
  readonly start: number;
  readonly end: number;
  /** The path as it is written, without quotes. */
  readonly path: string;
  /** The source as it is written: `'x.csv'` or `read_csv('x.csv', header = true)`. */
  readonly source: string;
  /** The name that DuckDB gives to the source, where the statement gives none. */
  readonly alias: string | undefined;
}

const READERS = new Set(['read_csv', 'read_csv_auto', 'read_json', 'read_json_auto', 'read_ndjson', 'read_ndjson_auto']);

/** The CSV and JSON files that a statement names right after FROM or JOIN: those that DuckDB would read at each binding. */
export function fileReads(statement: Statement, script: string): FileRead[] {
  const { tokens } = statement;
  const text = (index: number) => {
    const token = tokens[index];
    return token ? script.slice(token.start, token.end) : '';
  };
  const reads: FileRead[] = [];
  for (const [index, token] of tokens.entries()) {
    if (!/^(?:from|join)$/i.test(text(index - 1)) || token.kind === 'number') continue;
    const isReader = token.kind === 'word' && READERS.has(text(index).toLowerCase()) && text(index + 1) === '(';
    const literal = tokens[isReader ? index + 2 : index];
    if (literal?.kind !== 'string' || literal.unterminated || script.charAt(literal.start) !== "'") continue;
    const path = script.slice(literal.start + 1, literal.end - 1).replaceAll("''", "'");
    if (!/\.(?:csv|tsv|json|ndjson|jsonl)(?:\.gz)?$/i.test(path) || /[*?[\]]/.test(path)) continue;
    const last = isReader ? closing(index + 1, text) : index;
    const end = tokens[last]?.end;
    if (end === undefined) continue;
    const next = tokens[last + 1];
    const nextText = text(last + 1).toLowerCase();
    const hasAlias = nextText === 'as' || next?.kind === 'quotedName' || (next?.kind === 'word' && !isFirmKeyword(nextText));
    const ownName = isReader ? text(index) : (/([^/\\]*?)(?:\.[^./\\]*)?(?:\.gz)?$/.exec(path)?.[1] ?? path);
    reads.push({ start: token.start, end, path, source: script.slice(token.start, end), alias: hasAlias ? undefined : ownName });
  }
  return reads;
}

function closing(open: number, text: (index: number) => string): number {
  let depth = 0;
  for (let index = open; text(index) !== ''; index++) {
    if (text(index) === '(') depth++;
    if (text(index) === ')' && --depth === 0) return index;
  }
  return -1;
}
