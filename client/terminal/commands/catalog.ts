import { type CatalogTable, readCatalog } from '../../../server/protocol/requests.ts';
import { formatCount } from '../../monitor/statsText.ts';
import { visible, visibleLines } from '../../text/displayText.ts';
import { namePattern } from '../namePattern.ts';
import { rowsOf } from '../quietQuery.ts';
import type { Shell } from '../shell.ts';
import { type CommandGroup, say } from './dotCommand.ts';

export const CATALOG: CommandGroup = {
  title: 'Tables and schemas',
  commands: [
    {
      name: 'tables',
      usage: '[pattern]',
      summary: 'list tables and views; * stands for anything',
      explanation:
        'Lists tables and views with their rows and columns. A pattern with * or % fits whole names, another one any part of them; both also fit schema.name.',
      example: ['.tables', '.tables ord*', '.tables sales.*'],
      takes: [0, 1],
      run: async (shell, [pattern]) => {
        const tables = await readTables(shell, pattern);
        return say(shell, ...(tables.length > 0 ? tableLines(tables) : [pattern === undefined ? 'No tables.' : 'No such table.']));
      },
    },
    {
      name: 'schema',
      usage: '[table]',
      summary: 'show columns and definitions',
      explanation: 'Shows the CREATE statement of each table and view, or of those whose name fits; * and % stand for anything.',
      example: ['.schema', '.schema orders'],
      takes: [0, 1],
      run: async (shell, [name]) => {
        const tables = await readTables(shell, name, true);
        return say(shell, ...(tables.length > 0 ? tables.flatMap(schemaLines) : [name === undefined ? 'No tables.' : 'No such table.']));
      },
    },
    {
      name: 'indexes',
      aliases: ['indices'],
      usage: '[table]',
      summary: 'list indexes, of a table perhaps',
      explanation: 'Lists the indexes that were made by CREATE INDEX with their statements; * and % stand for anything.',
      example: ['.indexes', '.indexes orders'],
      takes: [0, 1],
      run: async (shell, [pattern], signal) => {
        const rows = await rowsOf(shell, 'select table_name, sql from duckdb_indexes() order by table_name, index_name', signal);
        const matcher = namePattern(pattern ?? '*', true);
        const found = rows.filter(([table]) => matcher.test(String(table)));
        return say(shell, ...(found.length > 0 ? found.map(([, sql]) => visibleLines(String(sql))) : ['No indexes.']));
      },
    },
  ],
};

async function readTables(shell: Shell, pattern: string | undefined, exact = false): Promise<CatalogTable[]> {
  const { tables } = await shell.link.request(readCatalog, { sessionId: shell.sessionId });
  if (pattern === undefined) return [...tables];
  const matcher = namePattern(pattern, exact);
  return tables.filter((table) => matcher.test(table.name) || matcher.test(`${table.schema}.${table.name}`));
}

function tableLines(tables: readonly CatalogTable[]): string[] {
  const names = tables.map((table) => visible(table.schema === 'main' ? table.name : `${table.schema}.${table.name}`));
  const rows = tables.map((table) => (table.kind === 'view' ? 'view' : `${formatCount(table.estimatedRows ?? 0)} rows`));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const rowsWidth = Math.max(...rows.map((text) => text.length));
  return tables.map(
    (table, at) =>
      `${(names[at] ?? '').padEnd(nameWidth)}  ${(rows[at] ?? '').padStart(rowsWidth)}  ${formatCount(table.columns.length)} columns`,
  );
}

function schemaLines(table: CatalogTable): string[] {
  if (table.sql) return [visibleLines(table.sql).trimEnd().replace(/;?$/, ';')];
  const columns = table.columns.map((column) => `  "${visible(column.name)}" ${visible(column.type)}`);
  return [`-- ${table.kind} ${visible(table.schema)}.${visible(table.name)}`, `(\n${columns.join(',\n')}\n);`];
}
