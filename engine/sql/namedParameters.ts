import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

/** A `$name` of a statement: the name as it is first written there, which is the one that DuckDB knows, and where that is. */
export interface NamedParameter {
  readonly name: string;
  readonly token: Token;
}

/** Statements in which `$name` is not a value to give now: it is given by EXECUTE. */
const LATER = new Set(['prepare']);

/** The named parameters of a statement, each once. Upper and lower case are the same name. */
export function namedParameters({ tokens }: Pick<Statement, 'tokens'>, script: string): NamedParameter[] {
  const first = tokens[0];
  if (first && LATER.has(script.slice(first.start, first.end).toLowerCase())) return [];
  const found = new Map<string, NamedParameter>();
  for (const token of tokens) {
    if (token.kind !== 'parameter' || !/^\$\D/.test(script.slice(token.start, token.start + 2))) continue;
    const name = script.slice(token.start + 1, token.end);
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), { name, token });
  }
  return [...found.values()];
}

/** The variable that a `SET VARIABLE name = …` sets. */
export function setVariableName({ tokens }: Pick<Statement, 'tokens'>, script: string): string | undefined {
  const [set, variable, name] = tokens;
  if (!set || !variable || !name) return undefined;
  const isSet = /^set$/i.test(script.slice(set.start, set.end)) && /^variable$/i.test(script.slice(variable.start, variable.end));
  return isSet ? nameIn(name, script) : undefined;
}

/** Variables that a statement asks for by `getvariable('name')`. */
export function variablesRead({ tokens }: Pick<Statement, 'tokens'>, script: string): string[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || !/^getvariable$/i.test(script.slice(token.start, token.end))) return [];
    const argument = tokens[index + 2];
    return argument?.kind === 'string' ? [script.slice(argument.start + 1, argument.end - 1).replaceAll("''", "'")] : [];
  });
}

function nameIn(token: Token, script: string): string {
  const text = script.slice(token.start, token.end);
  return token.kind === 'quotedName' ? text.slice(1, -1).replaceAll('""', '"') : text;
}
