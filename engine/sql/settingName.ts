import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

/** Words of SET that are no settings of DuckDB's catalog. */
const SYNTAX = new Set(['variable', 'schema', 'time', 'transaction', 'names', 'all', 'to']);

/** The setting that SET, RESET or `PRAGMA x = 1` names, or the function that PRAGMA calls. */
export function settingName(
  { tokens }: Statement,
  script: string,
): { readonly kind: 'setting' | 'pragma'; readonly token: Token } | undefined {
  const word = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0).toLowerCase();
  const first = word(0);
  if (first !== 'set' && first !== 'reset' && first !== 'pragma') return undefined;
  const scoped = first !== 'pragma' && ['session', 'global', 'local'].includes(word(1)) && tokens[2] && !['=', 'to'].includes(word(2));
  const index = scoped ? 2 : 1;
  const token = tokens[index];
  if (token?.kind !== 'word' && token?.kind !== 'quotedName') return undefined;
  if (first !== 'pragma' && SYNTAX.has(word(index))) return undefined;
  return { kind: first === 'pragma' && word(index + 1) !== '=' ? 'pragma' : 'setting', token };
}

/** The names of settings that `current_setting('…')` reads. */
export function settingsRead({ tokens }: Statement, script: string): Token[] {
  return tokens.filter((token, index) => {
    const call = tokens[index - 2];
    const open = tokens[index - 1];
    if (token.kind !== 'string' || token.unterminated || !call || !open) return false;
    return script.charAt(open.start) === '(' && /^current_setting$/i.test(script.slice(call.start, call.end));
  });
}
