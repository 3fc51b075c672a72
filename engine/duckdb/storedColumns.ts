import type { DuckDBType } from '@duckdb/node-api';
import { fieldName } from './binding.ts';

/** What a type means for sorting, comparing and counting. */
export type TypeFamily = 'integer' | 'float' | 'decimal' | 'date' | 'timestamp' | 'time' | 'text' | 'enum' | 'nested' | 'other';

const INTEGERS = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM)$/;

/** The type of a stored column as SQL. A table's column cannot be an unnamed STRUCT: its fields are called by their position. */
export function storedType(type: DuckDBType): string {
  const fields: number[] = [];
  return type.toString().replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[()]/g, (token) => {
    if (token === '(') fields.push(0);
    else if (token === ')') fields.pop();
    else if (token === '""') {
      const index = fields.pop() ?? 0;
      fields.push(index + 1);
      return `"${fieldName('', index)}"`;
    }
    return token;
  });
}

/** Columns are stored under these names: a result may repeat a name, or call a column `rowid`. */
export function storedName(column: number): string {
  return `c${column}`;
}

export function typeFamily(type: DuckDBType): TypeFamily {
  const name = type.toString();
  if (name.endsWith(']') || (name.endsWith(')') && !/^(?:DECIMAL|ENUM)\(/.test(name))) return 'nested';
  if (INTEGERS.test(name)) return 'integer';
  if (name === 'FLOAT' || name === 'DOUBLE') return 'float';
  if (name.startsWith('DECIMAL')) return 'decimal';
  if (name === 'DATE') return 'date';
  if (name.startsWith('TIMESTAMP')) return 'timestamp';
  if (name === 'TIME' || name === 'TIME_NS') return 'time';
  if (name === 'VARCHAR' || name === 'JSON') return 'text';
  if (name.startsWith('ENUM')) return 'enum';
  return 'other';
}
