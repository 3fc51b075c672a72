import { SqlScript } from '../../engine/sql/sqlScript.ts';
import { byLowerName, type Catalog, type CatalogFunction, type CatalogTable } from '../../server/language/catalog.ts';
import { type LanguageDocument, openDocument } from '../../server/language/languageDocument.ts';
import { cursor } from './sqlCursor.ts';

function table(path: string, columns: Readonly<Record<string, string>>, more: Partial<CatalogTable> = {}): CatalogTable {
  const [database = '', schema = '', name = ''] = path.split('.');
  const typed = Object.entries(columns).map(([column, type]) => ({ name: column, type }));
  return {
    database,
    schema,
    name,
    comment: undefined,
    kind: 'table',
    estimatedRows: 3,
    primaryKey: ['id'],
    foreignKeys: [],
    columns: typed,
    ...more,
  };
}

function scalar(name: string, parameters: Readonly<Record<string, string>>, more: Partial<CatalogFunction> = {}): CatalogFunction {
  return {
    name,
    kind: 'scalar',
    parameters: Object.keys(parameters),
    parameterTypes: Object.values(parameters),
    varargs: undefined,
    returnType: 'VARCHAR',
    description: undefined,
    example: undefined,
    ...more,
  };
}

const tables = [
  table('memory.main.customers', {
    id: 'INTEGER',
    name: 'VARCHAR',
    email: 'VARCHAR',
    address: 'STRUCT(city VARCHAR, zip VARCHAR)',
    'Total €': 'DOUBLE',
    tags: 'VARCHAR[]',
  }),
  table(
    'memory.main.orders',
    { id: 'INTEGER', customer_id: 'INTEGER', total: 'DOUBLE', status: 'VARCHAR' },
    { foreignKeys: [{ columns: ['customer_id'], table: 'customers', referenced: [] }] },
  ),
  table('memory.main.items', { id: 'INTEGER', order_id: 'INTEGER', qty: 'INTEGER' }),
  table('memory.staging.orders', { raw_id: 'VARCHAR', raw_total: 'VARCHAR' }),
  table('other.main.remote', { id: 'INTEGER', note: 'VARCHAR' }),
];

const functions = [
  scalar('upper', { string: 'VARCHAR' }, { description: 'Converts to upper case.', example: "upper('a')" }),
  scalar('date_trunc', { part: 'VARCHAR', timestamp: 'DATE' }, { returnType: 'TIMESTAMP' }),
  scalar('date_trunc', { part: 'VARCHAR', timestamp: 'INTERVAL' }, { returnType: 'INTERVAL' }),
  scalar('count', { arg: 'ANY' }, { kind: 'aggregate', returnType: 'BIGINT' }),
  scalar('sum', { arg: 'DOUBLE' }, { kind: 'aggregate', returnType: 'DOUBLE' }),
  scalar('read_csv', { col0: 'VARCHAR', header: 'BOOLEAN', delim: 'VARCHAR' }, { kind: 'table', returnType: undefined }),
  scalar('table_info', { col0: 'VARCHAR' }, { kind: 'pragma', returnType: undefined }),
];

const SHOP: Catalog = {
  defaultDatabase: 'memory',
  tables,
  systemViews: [],
  tablesByName: byLowerName(tables),
  functions: byLowerName(functions),
  settings: [{ name: 'memory_limit', description: 'How much memory.', type: 'VARCHAR' }],
  types: ['INTEGER', 'VARCHAR', 'DOUBLE'],
  named: [],
  use: undefined,
  grammar: undefined,
};

/** A document over the shop's database, with its cursor. Cells of a notebook are parted by `%%`. */
export async function markedDocument(
  marked: string,
): Promise<{ document: LanguageDocument; parts: string[]; text: string; offset: number }> {
  const { text: whole, offset } = cursor(marked);
  const parts = whole.split('%%');
  const shift = parts.length === 1 ? 0 : whole.slice(0, offset).split('%%').length - 1;
  const script = new SqlScript(parts);
  const document = await openDocument(script, offset - shift, SHOP, async (path) =>
    path.endsWith('sales.csv') ? [{ name: 'region', type: 'VARCHAR' }] : undefined,
  );
  return { document, parts, text: script.text, offset: offset - shift };
}
