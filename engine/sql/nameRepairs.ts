import { nameChain, statementScopes, tokenIndexAt } from './errorPlaces.ts';
import type { Statement } from './splitStatements.ts';
import { sameName } from './sqlNames.ts';

/** A piece of a script that is replaced by another text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an error is put out of the way with. */
export interface NameRepair extends Replacement {
  /** The table whose columns are not known any more. */
  readonly hides?: string;
}

const COLUMN_ERROR =
  /Referenced column "|does not have a column named "|Referenced table "[^"]*" not found|Ambiguous reference to column|Could not find key "|must appear in the GROUP BY clause/;
const OUTPUT_ERROR = /does not have a column with name "|Referenced update column /;
const CALL_ERROR = /No function matches the given name|Could not choose a best candidate function/;
const GROUP_ERROR = /must appear in the GROUP BY clause/;
/** Depends on the number of arguments alone. */
const MACRO_ERROR = /^Binder Error: Macro \S+ does not support the supplied arguments/;
const TABLE_ERROR = /^Catalog Error: Table with name /;

/**
 * True for errors that stay true when others of the same statement were put out of the way. A name that was taken from GROUP BY makes
 * others ungrouped.
 */
export function isStillTrue(message: string, before: readonly string[]): boolean {
  if (GROUP_ERROR.test(message) && !before.every((other) => GROUP_ERROR.test(other))) return false;
  return COLUMN_ERROR.test(message) || TABLE_ERROR.test(message) || OUTPUT_ERROR.test(message) || MACRO_ERROR.test(message);
}

/** True for a column that an INSERT or UPDATE writes to and its table does not have. */
export function isOutputError(message: string): boolean {
  return OUTPUT_ERROR.test(message);
}

/** True for errors that one of the missing tables may explain. */
export function isExplained(message: string, hidden: readonly string[]): boolean {
  if (hidden.length === 0 || !COLUMN_ERROR.test(message)) return false;
  const table = /^Binder Error: \S.*? "((?:[^"]|"")*)" does not have a column named/.exec(message)?.[1];
  return table === undefined || hidden.some((name) => sameName(name, table));
}

/**
 * A replacement that binds in place of a name that does not, so that the statement can be asked about again: NULL for a column, an
 * empty row for a table. `offset` is where the error begins in the script. `undefined` where nothing would do.
 */
export function repairName(message: string, offset: number, statement: Statement, script: string): NameRepair | undefined {
  const index = tokenIndexAt(statement, offset);
  const chain = index < 0 ? [] : nameChain(statement, script, index);
  const last = chain.at(-1);
  if (!last) return undefined;
  const start = chain[0]?.start ?? offset;
  const blocks = statementScopes(statement, script).flatMap((scope) => scope.blocks);
  if (TABLE_ERROR.test(message)) {
    const block = blocks.find(({ sources }) => sources.some((source) => source.parts[0]?.start === start));
    const source = block?.sources.find(({ parts }) => parts[0]?.start === start);
    if (!source || !block || (block.kind !== 'select' && block.sources[0] === source)) return undefined;
    const alias = source.alias ? '' : ` as ${script.slice(last.start, last.end)}`;
    return { start, end: last.end, text: `(select null as "?")${alias}`, hides: source.alias?.text ?? source.parts.at(-1)?.text ?? '' };
  }
  const after = statement.tokens[statement.tokens.indexOf(last) + 1];
  if (CALL_ERROR.test(message) && chain.length === 1 && after && script.charAt(after.start) === '(') {
    return { start, end: last.end, text: 'row' };
  }
  if (!COLUMN_ERROR.test(message)) return undefined;
  const isCall = after && script.charAt(after.start) === '(' && chain.length > 1;
  const end = isCall ? (chain.at(-2)?.end ?? last.end) : last.end;
  const isItem = blocks.some(({ items }) => items.some((item) => !item.alias && !item.star && item.start === start && item.end === end));
  const alias = isItem ? ` as ${script.slice(last.start, last.end)}` : '';
  return { start, end, text: `null${alias}` };
}

/** The text of a statement with replacements made, and where its offsets stand in the statement as it was written. */
export function withReplacements(statement: Statement, replacements: readonly Replacement[]) {
  const pieces = [...replacements].sort((a, b) => a.start - b.start);
  const shifts: { readonly from: number; readonly to: number; readonly start: number; readonly end: number }[] = [];
  let text = '';
  let at = 0;
  for (const piece of pieces) {
    const start = piece.start - statement.start;
    if (start < at) continue;
    text += statement.text.slice(at, start);
    shifts.push({ from: text.length, to: text.length + piece.text.length, start, end: piece.end - statement.start });
    text += piece.text;
    at = piece.end - statement.start;
  }
  text += statement.text.slice(at);
  const toScript = (offset: number) => {
    const before = shifts.findLast(({ from }) => from <= offset);
    if (!before) return offset;
    return offset < before.to ? before.start : before.end + offset - before.to;
  };
  return { text, script: statement.text, toScript };
}
