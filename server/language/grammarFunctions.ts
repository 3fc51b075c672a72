/** A function that is part of DuckDB's grammar, or whose catalog entry does not say what its parameters are. */
export interface GrammarFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** The last parameter may be repeated. */
  readonly repeats?: boolean;
  readonly returns?: string;
  readonly description: string;
}

const FUNCTIONS: readonly GrammarFunction[] = [
  { name: 'coalesce', parameters: ['value', '…'], repeats: true, description: 'The first of its values that is not NULL.' },
  { name: 'ifnull', parameters: ['value', 'otherwise'], description: 'The value, or the other one where it is NULL.' },
  { name: 'nullif', parameters: ['value', 'unwanted'], description: 'NULL where the value equals the other one, else the value.' },
  { name: 'if', parameters: ['condition', 'then', 'else'], description: 'One of two values, by a condition.' },
  { name: 'cast', parameters: ['value AS type'], description: 'The value as another type; an error where that cannot be.' },
  { name: 'try_cast', parameters: ['value AS type'], description: 'The value as another type; NULL where that cannot be.' },
  { name: 'extract', parameters: ['part FROM time'], returns: 'BIGINT', description: 'A part of a date or time: year, month, hour …' },
  {
    name: 'trim',
    parameters: ['text', 'characters'],
    returns: 'VARCHAR',
    description: 'The text without spaces, or other characters, at its ends.',
  },
  {
    name: 'substring',
    parameters: ['text', 'start', 'length'],
    returns: 'VARCHAR',
    description: 'A part of a text; its first character is number 1.',
  },
  {
    name: 'overlay',
    parameters: ['text PLACING new FROM start FOR length'],
    returns: 'VARCHAR',
    description: 'The text with a part of it replaced.',
  },
  {
    name: 'position',
    parameters: ['wanted IN text'],
    returns: 'BIGINT',
    description: 'Where a text first occurs in another, from 1; 0 where it does not.',
  },
  {
    name: 'grouping',
    parameters: ['column', '…'],
    repeats: true,
    returns: 'BIGINT',
    description: 'Which columns a row of GROUPING SETS, ROLLUP or CUBE is not grouped by, as bits.',
  },
  { name: 'unnest', parameters: ['list'], description: 'One row for each element of a list, or one column for each field of a struct.' },
  { name: 'row', parameters: ['value', '…'], repeats: true, returns: 'STRUCT', description: 'A struct without names.' },
  {
    name: 'columns',
    parameters: ['pattern or lambda'],
    description: 'All columns whose names fit: the expression around it is repeated for each.',
  },
];

const WINDOWS: readonly GrammarFunction[] = [
  { name: 'row_number', parameters: [], returns: 'BIGINT', description: 'Number of the row in its partition, from 1.' },
  { name: 'rank', parameters: [], returns: 'BIGINT', description: 'Rank of the row, with gaps behind rows that are equal.' },
  { name: 'dense_rank', parameters: [], returns: 'BIGINT', description: 'Rank of the row, without gaps.' },
  { name: 'percent_rank', parameters: [], returns: 'DOUBLE', description: 'Rank of the row as a share, from 0 to 1.' },
  { name: 'cume_dist', parameters: [], returns: 'DOUBLE', description: 'Share of the rows that are not behind this one.' },
  {
    name: 'ntile',
    parameters: ['buckets'],
    returns: 'BIGINT',
    description: 'Number of the bucket when the partition is divided evenly, from 1.',
  },
  {
    name: 'lag',
    parameters: ['value', 'offset', 'default'],
    description: 'The value some rows before this one; 1 row unless said otherwise.',
  },
  {
    name: 'lead',
    parameters: ['value', 'offset', 'default'],
    description: 'The value some rows after this one; 1 row unless said otherwise.',
  },
  { name: 'first_value', parameters: ['value'], description: 'The value in the first row of the frame.' },
  { name: 'last_value', parameters: ['value'], description: 'The value in the last row of the frame.' },
  { name: 'nth_value', parameters: ['value', 'n'], description: 'The value in the row with this number of the frame, from 1.' },
];

/** By name in lower case; window functions too. */
export const GRAMMAR_FUNCTIONS: ReadonlyMap<string, GrammarFunction> = new Map(
  [...FUNCTIONS, ...WINDOWS].map((entry) => [entry.name, entry]),
);

/** Names of functions that need an OVER. */
export const WINDOW_FUNCTIONS: readonly string[] = WINDOWS.map(({ name }) => name);

/** `lag(value, offset, default)` */
export function grammarSignature({ name, parameters, returns }: GrammarFunction): string {
  return `${name}(${parameters.join(', ')})${returns === undefined ? '' : ` → ${returns}`}`;
}
