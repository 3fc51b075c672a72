import { type CompletionItem, CompletionItemKind, type Range } from 'vscode-languageserver/node';
import { setVariableName } from '../../engine/sql/namedParameters.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';

/** A variable that SET VARIABLE gives a value, which `$name` reads. Offsets are those of the script. */
export interface SetVariable {
  readonly name: string;
  /** The value's SQL. */
  readonly value: string;
  readonly start: number;
}

/** The variables that a script sets; of equal names the one that counts at the offset: the last before it, else the first after it. */
export function setVariables(script: SqlScript, offset: number): SetVariable[] {
  const found = new Map<string, SetVariable>();
  for (const { start, end } of script.defining()) {
    const text = script.text.slice(start, end);
    const [statement] = splitStatements(text);
    if (!statement) continue;
    const name = setVariableName(statement, text);
    const value = statement.tokens[4];
    if (name === undefined || !value) continue;
    if (start >= offset && found.has(name.toLowerCase())) continue;
    found.set(name.toLowerCase(), {
      name,
      value: text.slice(value.start, statement.end),
      start: start + (statement.tokens[2]?.start ?? 0),
    });
  }
  return [...found.values()];
}

/** What can be written for the `$` and the beginning of a name at a cursor; `undefined` where there is none. */
export function completeParameter(
  script: SqlScript,
  offset: number,
): { readonly start: number; readonly end: number; readonly variables: readonly SetVariable[] } | undefined {
  const { text } = script;
  const length = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?$/u.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length;
  if (length === undefined) return undefined;
  const start = offset - length;
  const isInside = script.tokens.some(
    (token) => /string|comment|quotedName/i.test(token.kind) && token.start < start && (offset <= token.end || token.unterminated),
  );
  if (isInside || /[\p{L}\p{N}_$]/u.test(text.charAt(start - 1))) return undefined;
  const end = offset + (/^[\p{L}\p{N}_]*/u.exec(text.slice(offset))?.[0].length ?? 0);
  return { start, end, variables: setVariables(script, offset).filter(({ name }) => PLAIN_NAME.test(name)) };
}

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export function parameterItem({ name, value }: SetVariable, range: Range): CompletionItem {
  const label = `$${name}`;
  return { label, kind: CompletionItemKind.Variable, detail: shortened(value), filterText: label, textEdit: { range, newText: label } };
}

/** The `$name` that an offset lies in or touches. */
export function parameterAt(
  { text, tokens }: SqlScript,
  offset: number,
): { readonly name: string; readonly start: number; readonly end: number } | undefined {
  const token = tokens.find(({ kind, start, end }) => kind === 'parameter' && start <= offset && offset <= end);
  if (!token || !/^\$\D/.test(text.slice(token.start, token.start + 2))) return undefined;
  return { name: text.slice(token.start + 1, token.end), start: token.start, end: token.end };
}

/** Name, type and value, as Markdown. */
export function parameterText(name: string, variable: SetVariable | undefined, type: string | undefined): string {
  if (!variable)
    return `**$${name}** · parameter without a value: it is asked for when the statement runs, or SET VARIABLE ${name} = … gives one`;
  return `\`\`\`sql\n$${name}${type === undefined ? '' : ` ${type}`} = ${shortened(variable.value)}\n\`\`\`\nParameter: the variable that SET VARIABLE sets`;
}

function shortened(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE - 1)}…` : line;
}

const MAX_VALUE = 200;
