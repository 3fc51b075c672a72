import { isNumeric } from './cellText.ts';

/** What a column's values are to a person who compares them. */
export type ColumnFamily = 'boolean' | 'label' | 'nested' | 'number' | 'other' | 'text' | 'time';

/** The family of DuckDB's type with this name. */
export function columnFamily(type: string): ColumnFamily {
  if (isNumeric(type)) return 'number';
  if (type.endsWith(']') || /^(?:STRUCT|MAP|UNION)\(/.test(type)) return 'nested';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'VARCHAR' || type === 'JSON') return 'text';
  if (type.startsWith('ENUM(')) return 'label';
  if (/^(?:DATE$|TIME|INTERVAL)/.test(type)) return 'time';
  return 'other';
}
