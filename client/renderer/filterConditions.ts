import type { FilterValue, WireFilter } from '../../server/protocol/requests.ts';
import { type ColumnFamily, columnFamily } from './columnFamily.ts';

/** A condition as a person chooses it. */
export interface Condition {
  readonly label: string;
  readonly op: WireFilter['op'];
  /** Texts to fill in; a list is one text with commas. */
  readonly inputs: 0 | 1 | 2 | 'list';
  /** What is compared with, where nothing is to be filled in. */
  readonly values?: readonly FilterValue[];
}

const NULLS: readonly Condition[] = [
  { label: 'is NULL', op: 'isNull', inputs: 0 },
  { label: 'is not NULL', op: 'isNotNull', inputs: 0 },
];
const EQUALITY: readonly Condition[] = [
  { label: 'is', op: 'equals', inputs: 1 },
  { label: 'is not', op: 'notEquals', inputs: 1 },
  { label: 'is one of', op: 'in', inputs: 'list' },
];
const PARTS: readonly Condition[] = [
  { label: 'contains', op: 'contains', inputs: 1 },
  { label: 'starts with', op: 'startsWith', inputs: 1 },
  { label: 'ends with', op: 'endsWith', inputs: 1 },
  { label: 'matches (regular expression)', op: 'matches', inputs: 1 },
];
const BETWEEN: Condition = { label: 'between', op: 'between', inputs: 2 };

const CONDITIONS: Readonly<Record<ColumnFamily, readonly Condition[]>> = {
  number: [
    { label: '=', op: 'equals', inputs: 1 },
    { label: '≠', op: 'notEquals', inputs: 1 },
    { label: '<', op: 'less', inputs: 1 },
    { label: '≤', op: 'lessOrEqual', inputs: 1 },
    { label: '>', op: 'greater', inputs: 1 },
    { label: '≥', op: 'greaterOrEqual', inputs: 1 },
    BETWEEN,
    { label: 'is one of', op: 'in', inputs: 'list' },
    ...NULLS,
  ],
  time: [
    ...EQUALITY,
    { label: 'before', op: 'less', inputs: 1 },
    { label: 'not after', op: 'lessOrEqual', inputs: 1 },
    { label: 'after', op: 'greater', inputs: 1 },
    { label: 'not before', op: 'greaterOrEqual', inputs: 1 },
    BETWEEN,
    ...NULLS,
  ],
  boolean: [
    { label: 'is true', op: 'equals', inputs: 0, values: [true] },
    { label: 'is false', op: 'equals', inputs: 0, values: [false] },
    ...NULLS,
  ],
  text: [
    ...PARTS,
    ...EQUALITY,
    { label: 'before, in order', op: 'less', inputs: 1 },
    { label: 'after, in order', op: 'greater', inputs: 1 },
    BETWEEN,
    ...NULLS,
  ],
  label: [...EQUALITY, ...PARTS, ...NULLS],
  nested: [...PARTS.filter(({ op }) => op === 'contains' || op === 'matches'), ...NULLS],
  other: [...EQUALITY, ...PARTS, ...NULLS],
};

/** What a column of this type can be filtered by; the first is what is offered first. */
export function conditionsFor(type: string): readonly Condition[] {
  return CONDITIONS[columnFamily(type)];
}

/** The filter that was filled in, or what is wrong with it, as a sentence. Texts are read as the column's type by the server. */
export function readFilter(column: number, type: string, condition: Condition, texts: readonly string[]): WireFilter | string {
  const { op, inputs, values } = condition;
  if (values !== undefined) return { column, op, values };
  const filled = inputs === 'list' ? splitList(texts[0] ?? '') : texts.slice(0, inputs);
  const family = columnFamily(type);
  const typed = family === 'number' || family === 'time';
  const read = typed ? filled.map((text) => text.trim()) : filled;
  if (inputs === 'list' && read.length === 0) return 'Give at least one value.';
  const matchesEmpty = ['contains', 'startsWith', 'endsWith', 'matches'].includes(op);
  if ((typed || matchesEmpty) && read.includes('')) return inputs === 2 ? 'Give both values.' : 'Give a value.';
  const strange = family === 'number' ? read.find((text) => !isNumber(text)) : undefined;
  if (strange !== undefined) return `“${strange}” is not a number.`;
  return { column, op, ...(read.length > 0 && { values: read }) };
}

/** The condition that a filter was made of, with the texts that were filled in. */
export function writeFilter(filter: WireFilter, type: string): { readonly condition: Condition; readonly texts: readonly string[] } {
  const conditions = conditionsFor(type);
  const same = (condition: Condition) =>
    condition.op === filter.op && (condition.values === undefined || condition.values[0] === filter.values?.[0]);
  const condition = conditions.find(same) ?? { label: filter.op, op: filter.op, inputs: 0, values: filter.values ?? [] };
  const texts = condition.values === undefined ? (filter.values ?? []).map(String) : [];
  return { condition, texts: condition.inputs === 'list' ? [joinList(texts)] : texts };
}

/** The values of a list: between commas, or in double quotes where a value has a comma or spaces at its ends. */
export function splitList(text: string): string[] {
  const values: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/g)) {
    if (quoted !== undefined) values.push(quoted.replaceAll('""', '"'));
    else if (plain !== undefined && plain.trim() !== '') values.push(plain.trim());
  }
  return values;
}

export function joinList(values: readonly string[]): string {
  const plain = (value: string) => value !== '' && value === value.trim() && !/[",]/.test(value);
  return values.map((value) => (plain(value) ? value : `"${value.replaceAll('"', '""')}"`)).join(', ');
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) || /^(?:nan|[+-]?inf(?:inity)?)$/i.test(text);
}
