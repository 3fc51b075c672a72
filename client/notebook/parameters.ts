import { type Token, tokensOf } from '../../engine/sql/lexer.ts';
import { setVariableName } from '../../engine/sql/namedParameters.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import type { ParameterKind } from '../../server/protocol/paramsOutput.ts';

/** A `SET VARIABLE name = value;` of a params cell, with what a comment beside it says. */
export interface NotebookParameter {
  readonly name: string;
  readonly label: string;
  readonly kind: ParameterKind;
  /** DuckDB's type, where the value's text shows it. */
  readonly type: string | undefined;
  /** The value as a person writes it, without SQL's quotes; of an expression its SQL. `null` is NULL. */
  readonly value: string | null;
  readonly choices?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  /** Where the value's SQL stands in the cell. */
  readonly start: number;
  readonly end: number;
  /** What stands around a value that is replaced: `DATE '` and `'`. */
  readonly written: 'plain' | 'string' | 'typed' | 'cast';
}

const KEYS = ['label', 'choices', 'range'] as const;
const NOTE = new RegExp(`\\b(${KEYS.join('|')})\\s*:\\s*(.*?)\\s*(?=,\\s*(?:${KEYS.join('|')})\\s*:|$)`, 'gi');
const TYPED_KINDS: Readonly<Record<string, ParameterKind>> = { DATE: 'date', TIMESTAMP: 'timestamp', TIME: 'time' };
const INTEGERS = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/;
const NUMBERS = /^(?:DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC)\b/;

/**
 * The parameters of a params cell, whose body is plain SQL: `SET VARIABLE region = 'north';`. A comment on the lines above it, or behind it,
 * may say more: `-- label: Region, choices: north|south` or `-- range: 1..100`. Of equal names the last one counts.
 */
export function readParameters(text: string): NotebookParameter[] {
  const found = new Map<string, NotebookParameter>();
  const statements = splitStatements(text);
  for (const [index, statement] of statements.entries()) {
    const name = setVariableName(statement, text);
    if (name === undefined) continue;
    const notes = readNotes(text, statements[index - 1], statement, statements[index + 1]);
    const parameter = readParameter(text, statement, name, notes);
    found.delete(name.toLowerCase());
    if (parameter) found.set(name.toLowerCase(), parameter);
  }
  return [...found.values()];
}

/** The cell's text with another value for a parameter, as an SQL literal of the same type. Throws what `valueProblem` says. */
export function withValue(text: string, name: string, value: string | null): string {
  const parameter = readParameters(text).find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (!parameter) throw new Error(`There is no parameter ${name}.`);
  const problem = valueProblem(parameter, value);
  if (problem !== undefined) throw new Error(problem);
  return text.slice(0, parameter.start) + literalOf(parameter, value) + text.slice(parameter.end);
}

/** Why a parameter cannot have a value, as a sentence with what it takes. */
export function valueProblem(parameter: NotebookParameter, value: string | null): string | undefined {
  const { kind, label, choices, min, max } = parameter;
  if (kind === 'expression') return `${label} is computed by SQL: change it in the cell.`;
  if (value === null) return undefined;
  const shown = JSON.stringify(value);
  if (choices && !choices.includes(value)) return `${shown} is not one of ${choices.join(', ')}.`;
  if (!isOfKind(kind, value)) return `${shown} is not ${EXAMPLES[kind]}.`;
  if (min !== undefined && isLess(kind, value, min)) return `${label} must be at least ${min}.`;
  if (max !== undefined && isLess(kind, max, value)) return `${label} must be at most ${max}.`;
  return undefined;
}

/** A new line for a params cell: the value as a literal of the type. */
export function setVariable(name: string, type: string | undefined, value: string): string {
  const parameter = { ...formOf(type, value), name: '', label: '', start: 0, end: 0, value };
  return `SET VARIABLE ${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`} = ${literalOf(parameter, value)};`;
}

/** Why a value that a person gave cannot be one of the type; `undefined` for a good one. */
export function typedValueProblem(type: string | undefined, value: string): string | undefined {
  const form = formOf(type, value);
  return isOfKind(form.kind, value) ? undefined : `${JSON.stringify(value)} is not ${EXAMPLES[form.kind]}.`;
}

/** The type of a value that is given without one: `12` INTEGER, `1.5` DOUBLE, `true` BOOLEAN, `2024-01-31` DATE, all else VARCHAR. */
export function guessedType(value: string): string {
  if (isOfKind('integer', value)) return Math.abs(Number(value)) < 2 ** 31 ? 'INTEGER' : 'BIGINT';
  if (isOfKind('number', value)) return 'DOUBLE';
  if (isOfKind('date', value)) return 'DATE';
  return isOfKind('checkbox', value) ? 'BOOLEAN' : 'VARCHAR';
}

type Form = Pick<NotebookParameter, 'kind' | 'type' | 'written'>;

const EXAMPLES: Readonly<Record<ParameterKind, string>> = {
  text: 'a text',
  integer: 'a whole number, such as 42',
  number: 'a number, such as 1.5',
  checkbox: 'true or false',
  date: 'a date, such as 2024-01-31',
  timestamp: 'a time, such as 2024-01-31 14:30:00',
  time: 'a time of day, such as 14:30:00',
  select: 'one of the choices',
  expression: 'a value',
};

function formOf(type: string | undefined, value: string): Form {
  const known = (type ?? guessedType(value)).toUpperCase();
  if (known === 'BOOLEAN') return { kind: 'checkbox', type: 'BOOLEAN', written: 'plain' };
  if (INTEGERS.test(known)) return { kind: 'integer', type: known, written: 'plain' };
  if (NUMBERS.test(known)) return { kind: 'number', type: known, written: 'plain' };
  const typed = TYPED_KINDS[known];
  if (typed) return { kind: typed, type: known, written: 'typed' };
  return known === 'VARCHAR' ? { kind: 'text', type: 'VARCHAR', written: 'string' } : { kind: 'text', type: known, written: 'cast' };
}

function readParameter(text: string, statement: Statement, name: string, notes: Notes): NotebookParameter | undefined {
  const { tokens } = statement;
  const equals = tokens.findIndex((token) => ['=', 'to'].includes(written(text, token).toLowerCase()));
  const value = tokens.slice(equals + 1);
  const [first] = value;
  if (equals < 0 || !first) return undefined;
  const literal = readLiteral(text, value);
  const [start, end] = [first.start, statement.end];
  const base = { name, label: notes.label ?? name, start, end };
  if (!literal) return { ...base, kind: 'expression', type: undefined, value: text.slice(start, end), written: 'plain' };
  const bounds = { ...(notes.min !== undefined && { min: notes.min }), ...(notes.max !== undefined && { max: notes.max }) };
  if (notes.choices) return { ...base, ...literal, ...bounds, kind: 'select', choices: notes.choices };
  return { ...base, ...literal, ...bounds };
}

/** A literal in any form that is written back; `undefined` for what DuckDB computes. */
function readLiteral(text: string, tokens: readonly Token[]): (Form & { readonly value: string | null }) | undefined {
  const texts = tokens.map((token) => written(text, token));
  const [first, second] = tokens;
  const lower = texts.map((word) => word.toLowerCase());
  if (!first) return undefined;
  if (tokens.length === 1) {
    if (first.kind === 'number') return numberForm(texts[0] ?? '');
    if (first.kind === 'string') return { kind: 'text', type: 'VARCHAR', value: unquoted(texts[0] ?? ''), written: 'string' };
    if (lower[0] === 'true' || lower[0] === 'false') return { kind: 'checkbox', type: 'BOOLEAN', value: lower[0], written: 'plain' };
    return lower[0] === 'null' ? { kind: 'text', type: undefined, value: null, written: 'string' } : undefined;
  }
  if (tokens.length === 2 && second) {
    if ((texts[0] === '-' || texts[0] === '+') && second.kind === 'number') return numberForm(`${texts[0] === '-' ? '-' : ''}${texts[1]}`);
    const type = (texts[0] ?? '').toUpperCase();
    const kind = TYPED_KINDS[type];
    return kind && second.kind === 'string' ? { kind, type, value: unquoted(texts[1] ?? ''), written: 'typed' } : undefined;
  }
  // 'text'::TYPE
  if (first.kind === 'string' && texts[1] === '::') {
    const type = text.slice(tokens[2]?.start, tokens.at(-1)?.end).toUpperCase();
    return { ...formOf(type, ''), type, value: unquoted(texts[0] ?? ''), written: 'cast' };
  }
  return undefined;
}

function numberForm(value: string): Form & { readonly value: string } {
  const isWhole = /^-?\d+$/.test(value);
  return { kind: isWhole ? 'integer' : 'number', type: undefined, value, written: 'plain' };
}

function literalOf({ written: form, type }: Pick<NotebookParameter, 'written' | 'type'>, value: string | null): string {
  if (value === null) return 'NULL';
  const quoted = `'${value.replaceAll("'", "''")}'`;
  switch (form) {
    case 'plain':
      return value.trim();
    case 'string':
      return quoted;
    case 'typed':
      return `${type} ${quoted}`;
    case 'cast':
      return `${quoted}::${type}`;
  }
}

function isOfKind(kind: ParameterKind, value: string): boolean {
  switch (kind) {
    case 'integer':
      return /^\s*-?\d+\s*$/.test(value);
    case 'number':
      return /^\s*-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value);
    case 'checkbox':
      return /^(?:true|false)$/i.test(value);
    case 'date':
      return isDate(value);
    case 'timestamp': {
      const [day = '', time, ...more] = value.trim().split(/[ T]/);
      return isDate(day) && more.length === 0 && (time === undefined || isTime(time));
    }
    case 'time':
      return isTime(value);
    case 'text':
    case 'select':
    case 'expression':
      return true;
  }
}

function isDate(value: string): boolean {
  const [, year = '', month = '', day = ''] = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(value) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return year !== '' && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isTime(value: string): boolean {
  return /^\s*(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?\s*$/.test(value);
}

function isLess(kind: ParameterKind, value: string, than: string): boolean {
  if (kind === 'integer' || kind === 'number' || kind === 'select') {
    const [a, b] = [Number(value), Number(than)];
    if (!Number.isNaN(a) && !Number.isNaN(b)) return a < b;
  }
  return kind === 'text' ? false : value.trim() < than.trim();
}

interface Notes {
  readonly label?: string;
  readonly choices?: readonly string[];
  readonly min?: string;
  readonly max?: string;
}

/** What the comments above a statement, and behind it on its last line, say. */
function readNotes(text: string, before: Statement | undefined, statement: Statement, next: Statement | undefined): Notes {
  const from = before ? lineEnd(text, before.end) : 0;
  const until = Math.min(lineEnd(text, statement.end), next?.start ?? text.length);
  const notes: Record<string, string> = {};
  for (const token of tokensOf(text)) {
    if (!token.kind.endsWith('Comment') || token.start < from || token.end > until) continue;
    const comment = written(text, token).replace(/^(?:--|\/\*)\s*|\s*\*\/$/g, '');
    for (const [, key = '', value = ''] of comment.matchAll(NOTE)) notes[key.toLowerCase()] = value.trim();
  }
  const { label, choices, range } = notes;
  const [min, max] = range?.split('..').map((bound) => bound.trim()) ?? [];
  return {
    ...(label && { label }),
    ...(choices && { choices: choices.split('|').map((choice) => choice.trim()) }),
    ...(min && { min }),
    ...(max && { max }),
  };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

function written(text: string, { start, end }: Token): string {
  return text.slice(start, end);
}

function unquoted(text: string): string {
  const dollar = /^\$(\w*)\$([\s\S]*)\$\1\$$/.exec(text);
  return dollar ? (dollar[2] ?? '') : text.slice(1, -1).replaceAll("''", "'");
}
