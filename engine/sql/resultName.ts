import { isFirmKeyword } from './keywords.ts';
import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const MAX_LENGTH = 100;

/** Why a result cannot have a name, as the end of a sentence; `undefined` for a good one. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (!NAME.test(name)) return 'it must be of letters, digits and _, and not begin with a digit';
  return isFirmKeyword(name.toLowerCase()) ? 'it is a word of SQL, which FROM does not take as a name' : undefined;
}

/** Which of the names (in lower case) a statement says, alone or as `main.name` or `temp.name`, which is the same to DuckDB. */
export function namesSaid({ tokens }: Pick<Statement, 'tokens'>, script: string, isName: (name: string) => boolean): string[] {
  const said = new Set<string>();
  for (let index = 0; index < tokens.length; index++) {
    const path = pathAt(tokens, script, index);
    if (path.length === 0) continue;
    const name = simpleName(path);
    if (name !== undefined && isName(name)) said.add(name);
    // What stands before a dot may be a table, of which a column follows.
    const [first = ''] = path;
    if (path.length > 1 && isName(first)) said.add(first);
    index += 2 * (path.length - 1);
  }
  return [...said];
}

/** Words that may stand before the name of what a statement changes. */
const BEFORE_TARGET = new Set(
  (
    'create or replace temp temporary table view if not exists insert into update delete from merge truncate drop alter ' + 'by name ignore'
  ).split(' '),
);

/** The name, as `namesSaid` finds it, of what INSERT, UPDATE, DELETE, MERGE, TRUNCATE, CREATE, DROP or ALTER of a table or view changes. */
export function changedName({ tokens }: Pick<Statement, 'tokens'>, script: string): string | undefined {
  const lower = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0).toLowerCase();
  if (!['create', 'insert', 'update', 'delete', 'merge', 'truncate', 'drop', 'alter'].includes(lower(0))) return undefined;
  let index = 1;
  while (tokens[index]?.kind === 'word' && BEFORE_TARGET.has(lower(index)) && lower(index + 1) !== '.') index++;
  return simpleName(pathAt(tokens, script, index));
}

/** The parts of a dotted name that begins at a token, in lower case; empty where there is none. */
function pathAt(tokens: readonly Token[], script: string, index: number): string[] {
  const path: string[] = [];
  for (let at = index; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'quotedName') return path;
    const text = script.slice(token.start, token.end);
    path.push((token.kind === 'quotedName' ? text.slice(1, -1).replaceAll('""', '"') : text).toLowerCase());
    const next = tokens[at + 1];
    if (!next || script.slice(next.start, next.end) !== '.') return path;
  }
}

function simpleName(path: readonly string[]): string | undefined {
  return /^(?:(?:temp\.)?(?:main\.)?)$/.test(
    path
      .slice(0, -1)
      .map((part) => `${part}.`)
      .join(''),
  )
    ? path.at(-1)
    : undefined;
}
