import type { Statement } from './splitStatements.ts';

/** SQL of a parameter's value for a name (`1`, `2`, … or a name); `undefined` when it has no text form. */
export type ParameterText = (name: string) => string | undefined;

/**
 * The statement with its parameters replaced by typed values, so that it can be planned without binding them. Gives `undefined`
 * when a value is missing or has no text form. `?` are counted from 1 in the order of the text, as DuckDB does.
 */
export function inlineParameters(statement: Statement, script: string, textOf: ParameterText): string | undefined {
  let text = '';
  let at = statement.start;
  let position = 0;
  for (const token of statement.tokens) {
    if (token.kind !== 'parameter') continue;
    const written = script.slice(token.start, token.end);
    if (written === '?') position++;
    const value = textOf(written === '?' ? String(position) : written.slice(1));
    if (value === undefined) return undefined;
    text += script.slice(at, token.start) + value;
    at = token.end;
  }
  return text + script.slice(at, statement.end);
}
