import type { WireValue } from '../../server/protocol/values.ts';
import { type ColumnType, isDecimal, isInteger } from './columnType.ts';

const SCALAR: ColumnType = { kind: 'scalar', name: '' };
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The value for people, nested values as DuckDB writes them; undefined for NULL. */
export function plainText(value: WireValue, type: ColumnType): string | undefined {
  return value === null ? undefined : nestedText(value, type, true);
}

/** The value for a CSV field: scalars as plain text, nested values as JSON; undefined for NULL. */
export function fieldText(value: WireValue, type: ColumnType): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'object' ? jsonText(value, type) : scalarText(value, type);
}

/**
 * The value as JSON without loss: integers and decimals of any size are number tokens, JSON columns are embedded, maps with text
 * keys are objects and other maps arrays of pairs. NaN and the infinities, which JSON does not have, are strings.
 */
export function jsonText(value: WireValue, type: ColumnType): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return jsonScalar(value, type);
  if (typeof value === 'number') return isFloat(type) ? shortestFloat(value) : JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (isArray(value)) {
    if (type.kind === 'map') return jsonMap(value, type);
    const element = type.kind === 'list' ? type.element : SCALAR;
    return `[${value.map((item) => jsonText(item, element)).join(',')}]`;
  }
  const fields = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item, fieldType(type, name))}`);
  return `{${fields.join(',')}}`;
}

function nestedText(value: WireValue, type: ColumnType, outermost: boolean): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'object') {
    const text = scalarText(value, type);
    return outermost || typeof value !== 'string' || type.kind !== 'scalar' || type.name !== 'VARCHAR'
      ? text
      : `'${text.replaceAll("'", "''")}'`;
  }
  if (isArray(value)) {
    if (type.kind === 'map') {
      const pairs = value.map((pair) => {
        const [key = null, item = null] = isArray(pair) ? pair : [];
        return `${nestedText(key, type.key, false)}=${nestedText(item, type.value, false)}`;
      });
      return `{${pairs.join(', ')}}`;
    }
    const element = type.kind === 'list' ? type.element : SCALAR;
    return `[${value.map((item) => nestedText(item, element, false)).join(', ')}]`;
  }
  const fields = Object.entries(value).map(
    ([name, item]) => `'${name.replaceAll("'", "''")}': ${nestedText(item, fieldType(type, name), false)}`,
  );
  return `{${fields.join(', ')}}`;
}

function scalarText(value: string | number | boolean, type: ColumnType): string {
  if (typeof value !== 'number' || type.kind !== 'scalar') return String(value);
  if (type.name !== 'FLOAT' && type.name !== 'DOUBLE') return String(value);
  const text = isFloat(type) ? shortestFloat(value) : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function jsonScalar(value: string, type: ColumnType): string {
  if ((isInteger(type) || isDecimal(type)) && JSON_NUMBER.test(value)) return value;
  if (type.kind === 'scalar' && type.name === 'JSON' && isJson(value)) {
    // A raw line break cannot be inside a JSON string, so the white space around it means nothing.
    return value.trim().replace(/\s*[\r\n]\s*/g, ' ');
  }
  return JSON.stringify(value);
}

function jsonMap(pairs: readonly WireValue[], type: Extract<ColumnType, { kind: 'map' }>): string {
  const entries = pairs.map((pair): readonly [WireValue, WireValue] => {
    const [key = null, item = null] = isArray(pair) ? pair : [];
    return [key, item];
  });
  const named = type.key.kind === 'scalar' && (type.key.name === 'VARCHAR' || type.key.name === 'ENUM');
  if (!named) return `[${entries.map(([key, item]) => `[${jsonText(key, type.key)},${jsonText(item, type.value)}]`).join(',')}]`;
  return `{${entries.map(([key, item]) => `${JSON.stringify(String(key))}:${jsonText(item, type.value)}`).join(',')}}`;
}

function fieldType(type: ColumnType, name: string): ColumnType {
  return type.kind === 'struct' ? (type.fields.get(name) ?? SCALAR) : SCALAR;
}

function isFloat(type: ColumnType): boolean {
  return type.kind === 'scalar' && type.name === 'FLOAT';
}

/** The fewest digits that give the same 32-bit float: `0.1`, not `0.10000000149011612`. */
function shortestFloat(value: number): string {
  const single = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === single) return String(candidate);
  }
  return String(Number(value.toPrecision(9)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isArray(value: WireValue): value is readonly WireValue[] {
  return Array.isArray(value);
}
