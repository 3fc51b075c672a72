import type { DuckDBType } from '@duckdb/node-api';
import type { ChartAxis } from '../../types.ts';
import { storedName, type TypeFamily, typeFamily } from '../storedColumns.ts';

/** A stored column as an axis sees it. */
export interface ChartColumn {
  readonly title: string;
  readonly kind: ChartAxis['kind'];
  readonly family: TypeFamily;
  /** The stored value in SQL. */
  readonly name: string;
  /** The place on an axis as DOUBLE: NULL where there is none. For categories, NULL. */
  readonly number: string;
  /** The same, faster, where all values have a place. */
  readonly plain: string;
  /** The value as a whole number and how many of them are 1 on the axis, where it is one: DuckDB groups by them fastest. */
  readonly ticks: Ticks | undefined;
  /** Of times of a day: a TIMESTAMP, or a DATE; NULL and infinities stay what they are. */
  readonly moment: string;
  /** What values are grouped by. */
  readonly key: string;
  /** What sums and averages are computed of: exact where they can be, without NaN and infinities. */
  readonly measure: string;
}

export interface Ticks {
  readonly sql: string;
  readonly perUnit: number;
}

/** Days from 1970 to either end of JavaScript's time. */
const MAX_DAYS = 100_000_000;
const MAX_MS = MAX_DAYS * 86_400_000;
/** Bytes of a text that are a key as they are: labels are for reading. */
const MAX_KEY_BYTES = 800;
const KEPT_CHARACTERS = 200;

export function chartColumn(index: number, title: string, type: DuckDBType): ChartColumn {
  const family = typeFamily(type);
  const name = storedName(index);
  const kind = kindOf(family);
  return {
    title,
    kind,
    family,
    name,
    number: placedNumber(name, family),
    plain: plain(name, family),
    ticks: ticks(name, type, family),
    moment: /ZONE/.test(type.toString()) ? `make_timestamp(epoch_us(${name}))` : family === 'timestamp' ? `${name}::timestamp` : name,
    key: key(name, family),
    measure: measure(name, type, family),
  };
}

function kindOf(family: TypeFamily): ChartAxis['kind'] {
  switch (family) {
    case 'integer':
    case 'float':
    case 'decimal':
      return 'number';
    case 'date':
    case 'timestamp':
      return 'time';
    case 'time':
      return 'clock';
    default:
      return 'category';
  }
}

/** A value as a place on an axis, in SQL, or NULL. */
export function placedNumber(name: string, family: TypeFamily): string {
  switch (family) {
    case 'integer':
    case 'decimal':
      return `${name}::double`;
    case 'float':
      return finiteNumber(name);
    case 'date': {
      const days = `(${name} - date '1970-01-01')`;
      return `case when isfinite(${name}) then case when abs(${days}) <= ${MAX_DAYS} then ${days}::double * 86400000 end end`;
    }
    case 'timestamp': {
      const ms = `(epoch_us(${name}) / 1000)`;
      return `case when isfinite(${name}) then case when abs(${ms}) <= ${MAX_MS} then ${ms} end end`;
    }
    case 'time':
      return `(epoch_us(${name}::time) / 1000)`;
    default:
      return 'null::double';
  }
}

function plain(name: string, family: TypeFamily): string {
  switch (family) {
    case 'date':
      return `((${name} - date '1970-01-01') * 86400000::double)`;
    case 'timestamp':
      return `(epoch_us(${name}) / 1000)`;
    case 'float':
      return `${name}::double`;
    default:
      return placedNumber(name, family);
  }
}

/** Integers whose differences are sure to be 64-bit ones are found by their range, not by their type. */
function ticks(name: string, type: DuckDBType, family: TypeFamily): Ticks | undefined {
  if (family === 'integer' && /^(?:TINY|SMALL|BIG)?INT(?:EGER)?$/.test(type.toString())) return { sql: `${name}::bigint`, perUnit: 1 };
  if (family === 'timestamp') return { sql: `epoch_us(${name})`, perUnit: 1000 };
  return family === 'date' ? { sql: `(${name} - date '1970-01-01')`, perUnit: 1 / 86_400_000 } : undefined;
}

/** Nobody reads more than the beginning of a long text; what tells it from others follows as a hash. */
function key(name: string, family: TypeFamily): string {
  if (family !== 'text' && family !== 'nested') return name;
  const text = family === 'text' ? name : `${name}::varchar`;
  return `case when strlen(${text}) > ${MAX_KEY_BYTES} then left(${text}, ${KEPT_CHARACTERS}) || '…' || md5(${text}) else ${text} end`;
}

/** Sums of 128-bit integers could leave their type. */
function measure(name: string, type: DuckDBType, family: TypeFamily): string {
  if (family === 'float') return finiteNumber(name);
  return /^(?:U?HUGEINT|BIGNUM)$/.test(type.toString()) ? `${name}::double` : name;
}

function finiteNumber(name: string): string {
  return `case when isfinite(${name}) then ${name}::double end`;
}

/** A key's text as a label. */
export function labelText(text: string | null): string | null {
  if (text === null) return null;
  const characters = [...text.slice(0, 2 * KEPT_CHARACTERS + 2)];
  return characters.length > KEPT_CHARACTERS ? `${characters.slice(0, KEPT_CHARACTERS).join('')}…` : text;
}
