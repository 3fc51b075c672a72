import type { WireColumn, WireRow, WireValue } from '../../server/protocol/values.ts';
import { copyText, isNumeric } from './cellText.ts';
import { columnFamily } from './columnFamily.ts';

/** The ways in which cells go to the clipboard, with the words for them. */
export const COPY_FORMATS = {
  tsv: 'Tab-separated',
  tsvHeads: 'Tab-separated, with headers',
  csv: 'CSV',
  markdown: 'Markdown table',
  json: 'JSON',
  insert: 'SQL INSERT',
  python: 'Python list of tuples',
} as const;

export type CopyFormat = keyof typeof COPY_FORMATS;

/** Writes rows of cells, part by part: `begin`, `rows` for each part, `end`. */
export interface CopyWriter {
  readonly begin: string;
  rows(rows: readonly WireRow[]): string;
  readonly end: string;
}

/** How cells of these columns are written. Rows hold the values of these columns only, in their order. */
export function copyWriter(format: CopyFormat, columns: readonly WireColumn[]): CopyWriter {
  const names = columns.map(({ name }) => name);
  const plain = (separator: string, special: RegExp, heads: boolean): CopyWriter => {
    const line = (values: readonly string[]) => `${values.map((text) => quoted(text, special)).join(separator)}\n`;
    return { begin: heads ? line(names) : '', rows: (rows) => rows.map((row) => line(row.map(copyText))).join(''), end: '' };
  };
  switch (format) {
    case 'tsv':
      return plain('\t', /[\t\r\n"]/, false);
    case 'tsvHeads':
      return plain('\t', /[\t\r\n"]/, true);
    case 'csv':
      return plain(',', /[,\r\n"]/, true);
    case 'markdown':
      return markdown(columns);
    case 'json':
      return json(columns);
    case 'insert':
      return insert(columns);
    case 'python':
      return python(columns);
  }
}

function quoted(text: string, special: RegExp): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdown(columns: readonly WireColumn[]): CopyWriter {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rules = columns.map(({ type }) => (isNumeric(type) ? '---:' : '---'));
  return {
    begin: line(columns.map(({ name }) => markdownText(name))) + line(rules),
    rows: (rows) => rows.map((row) => line(row.map((value) => markdownText(copyText(value))))).join(''),
    end: '',
  };
}

/** A text that Markdown shows as it is: no mark-up and no HTML comes out of it. */
function markdownText(text: string): string {
  return text
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r\n|\r|\n/g, '<br>');
}

function json(columns: readonly WireColumn[]): CopyWriter {
  const names = distinctNames(columns).map((name) => JSON.stringify(name));
  const rows = (part: readonly WireRow[]) =>
    part.map((row) => `  {${row.map((value, index) => `${names[index]}: ${jsonText(value, columns[index]?.type ?? '')}`).join(', ')}},\n`);
  // A comma behind the last row is taken away by `end`, which begins where the last row ends.
  return { begin: '[\n', rows: (part) => rows(part).join(''), end: ']\n' };
}

/** Whole numbers and decimals that JavaScript cannot hold stay numbers: JSON has no limit for them. */
function jsonText(value: WireValue, type: string): string {
  if (typeof value === 'string' && isNumeric(type) && /^-?\d+(?:\.\d+)?$/.test(value)) return value;
  return JSON.stringify(value);
}

/** A second column of the same name becomes `name_2`. */
function distinctNames(columns: readonly WireColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let distinct = name;
    for (let number = 2; taken.has(distinct); number++) distinct = `${name}_${number}`;
    taken.add(distinct);
    return distinct;
  });
}

const TABLE = 'copied';

function insert(columns: readonly WireColumn[]): CopyWriter {
  const heads = distinctNames(columns).map((name) => `"${name.replaceAll('"', '""')}"`);
  const row = (values: WireRow) => `  (${values.map((value, index) => sqlText(value, columns[index]?.type ?? '')).join(', ')}),\n`;
  return {
    begin: `INSERT INTO ${TABLE} (${heads.join(', ')}) VALUES\n`,
    rows: (rows) => rows.map(row).join(''),
    end: ';\n',
  };
}

function sqlText(value: WireValue, type: string): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (isNumeric(type) && /^-?\d+(?:\.\d+)?$/.test(value)) return value;
    const literal = `'${value.replaceAll("'", "''")}'`;
    return columnFamily(type) === 'text' ? literal : `${literal}::${type}`;
  }
  if (type.startsWith('MAP(') && Array.isArray(value)) return `MAP {${value.map(entrySql).join(', ')}}::${type}`;
  return `${nestedSql(value)}::${type}`;
}

function entrySql(entry: WireValue): string {
  const [key = null, value = null] = Array.isArray(entry) ? (entry as readonly WireValue[]) : [];
  return `${nestedSql(key)}: ${nestedSql(value)}`;
}

/** A nested value as DuckDB reads it; its parts are texts, which the type behind it turns into values. */
function nestedSql(value: WireValue): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'object') return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  if (Array.isArray(value)) return `[${(value as readonly WireValue[]).map(nestedSql).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `'${name.replaceAll("'", "''")}': ${nestedSql(item)}`)
    .join(', ')}}`;
}

function python(columns: readonly WireColumn[]): CopyWriter {
  const row = (values: WireRow) => {
    const items = values.map((value, index) => pythonText(value, columns[index]?.type ?? ''));
    return `    (${items.join(', ')}${items.length === 1 ? ',' : ''}),\n`;
  };
  return { begin: '[\n', rows: (rows) => rows.map(row).join(''), end: ']\n' };
}

function pythonText(value: WireValue, type: string): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') {
    if (!isNumeric(type)) return JSON.stringify(value);
    return /^-?\d+(?:\.\d+)?$/.test(value) ? value : `float('${value.replace('Infinity', 'inf').replace('NaN', 'nan')}')`;
  }
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${(value as readonly WireValue[]).map((item) => pythonText(item, '')).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${pythonText(item, '')}`)
    .join(', ')}}`;
}

/** Puts the parts together; formats that separate rows by commas lose the last one. */
export function joinCopied({ begin, end }: CopyWriter, parts: readonly string[]): string {
  const body = parts.join('');
  const separated = end !== '' && body.endsWith(',\n');
  if (end === ';\n') return `${begin}${separated ? body.slice(0, -2) : body}${end}`;
  return `${begin}${separated ? `${body.slice(0, -2)}\n` : body}${end}`;
}
