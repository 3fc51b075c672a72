import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

export type DefinitionKind = 'table' | 'view' | 'macro' | 'type' | 'sequence' | 'schema' | 'index' | 'secret' | 'trigger';

/** What a CREATE statement makes. Offsets are those of the script. */
export interface Definition {
  readonly kind: DefinitionKind;
  /** The last part of the name, without its quotes. */
  readonly name: string;
  /** How many qualifiers stand before the name. */
  readonly qualifiers: number;
  /** The last part of the name. */
  readonly start: number;
  readonly end: number;
  /** True when it belongs to the session alone. */
  readonly temporary: boolean;
}

const KINDS: Readonly<Record<string, DefinitionKind>> = {
  table: 'table',
  view: 'view',
  macro: 'macro',
  function: 'macro',
  type: 'type',
  sequence: 'sequence',
  schema: 'schema',
  index: 'index',
  secret: 'secret',
  trigger: 'trigger',
};

const MODIFIERS = new Set([
  'or',
  'replace',
  'temp',
  'temporary',
  'persistent',
  'local',
  'global',
  'unlogged',
  'recursive',
  'unique',
  'materialized',
]);

/** Reads the head of a CREATE statement, however much of it follows; `undefined` for others, and before the name is written. */
export function readDefinition(statement: Statement, script: string): Definition | undefined {
  const { tokens } = statement;
  if (lowerAt(tokens, script, 0) !== 'create') return undefined;
  let index = 1;
  let temporary = false;
  for (; MODIFIERS.has(lowerAt(tokens, script, index)); index++) {
    if (/^temp/.test(lowerAt(tokens, script, index))) temporary = true;
  }
  const kind = KINDS[lowerAt(tokens, script, index)];
  if (!kind) return undefined;
  const last = readName(tokens, script, index + 1);
  if (!last) return undefined;
  return { kind, name: unquoted(last.token, script), qualifiers: last.qualifiers, start: last.token.start, end: last.token.end, temporary };
}

/** The object that `DROP`, `ALTER`, `TRUNCATE` or `COMMENT ON` of a table or view names. */
export function readTarget(
  statement: Statement,
  script: string,
): { readonly token: Token; readonly name: string; readonly qualifiers: number } | undefined {
  const { tokens } = statement;
  if (!['drop', 'alter'].includes(lowerAt(tokens, script, 0))) return undefined;
  const index = lowerAt(tokens, script, 1) === 'materialized' ? 2 : 1;
  const found = readName(tokens, script, index + 1);
  return found && { ...found, name: unquoted(found.token, script) };
}

/** The name that a token writes: without quotes, doubled quotes single. */
export function unquoted(token: Token, script: string): string {
  const text = script.slice(token.start, token.end);
  if (token.kind !== 'quotedName' || !text.startsWith('"')) return text;
  return text.slice(1, token.unterminated ? undefined : -1).replaceAll('""', '"');
}

function readName(
  tokens: readonly Token[],
  script: string,
  from: number,
): { readonly token: Token; readonly qualifiers: number } | undefined {
  let index = from;
  if (lowerAt(tokens, script, index) === 'if') index += lowerAt(tokens, script, index + 1) === 'not' ? 3 : 2;
  for (let qualifiers = 0; ; qualifiers++) {
    const token = tokens[index];
    if (!token || (token.kind !== 'word' && token.kind !== 'quotedName' && token.kind !== 'string')) return undefined;
    const dot = tokens[index + 1];
    if (!dot || script.slice(dot.start, dot.end) !== '.') return { token, qualifiers };
    index += 2;
  }
}

function lowerAt(tokens: readonly Token[], script: string, index: number): string {
  const token = tokens[index];
  return token?.kind === 'word' ? script.slice(token.start, token.end).toLowerCase() : '';
}
