import { unquoted } from '../sql/definition.ts';
import type { TextRange } from '../sql/scopeTree.ts';
import type { Statement } from '../sql/splitStatements.ts';

/** A token of a statement in lower case, without quotes; empty beyond its end. */
export function wordOf({ tokens }: Statement, script: string, index: number): string {
  const token = tokens[index];
  return token ? unquoted(token, script).toLowerCase() : '';
}

/** True for the kinds of tokens that may be a name. */
export function isNameToken(kind: string): boolean {
  return kind === 'word' || kind === 'quotedName';
}

/** Whether a statement has one of the names, which are in lower case, anywhere. */
export function mentions(statement: Statement, script: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  return statement.tokens.some((token) => isNameToken(token.kind) && names.has(unquoted(token, script).toLowerCase()));
}

/** Whether a statement has one of the names behind a dot. */
export function mentionsQualified(statement: Statement, script: string, names: ReadonlySet<string>): boolean {
  const { tokens } = statement;
  return tokens.some((token, index) => {
    const before = tokens[index - 1];
    if (!isNameToken(token.kind) || !before || script.slice(before.start, before.end) !== '.') return false;
    return names.has(unquoted(token, script).toLowerCase());
  });
}

/** Where the dotted name begins that a piece is the end of. */
export function chainStart({ start }: TextRange, script: string): number {
  return start - qualifierLength(script, start);
}

/** Length of the qualifiers with their dots before an offset. */
export function qualifierLength(script: string, offset: number): number {
  return /(?:(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")*")\s*\.\s*)*$/u.exec(script.slice(0, offset))?.[0].length ?? 0;
}
