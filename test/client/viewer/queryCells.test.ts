import { expect, it } from 'vitest';
import { queryCells } from '../../../client/viewer/queryCells.ts';

it('a file becomes its first rows and its statistics, read in the way that was chosen', () => {
  const cells = queryCells(
    { name: 'a_b.csv', size: '', options: { kind: 'csv', delimiter: '\t', limit: 5 } },
    { path: '/x/a_b.csv', pattern: "it's/a_b.csv" },
  );
  expect(cells).toEqual([
    { kind: 'markup', text: '# a\\_b.csv' },
    { kind: 'code', text: "FROM read_csv('it''s/a_b.csv', delim = '\t') LIMIT 200;" },
    { kind: 'code', text: "SUMMARIZE FROM read_csv('it''s/a_b.csv', delim = '\t');" },
  ]);
});

it('a database is attached for reading, under a name that SQL can write', () => {
  const table = { schema: 'sales 24', name: 'Orders', kind: 'table', columns: [] } as const;
  const file = { name: 'my shop.duckdb', size: '', options: { kind: 'database' }, tables: [table], table: 0 } as const;
  expect(queryCells(file, { path: "/x/it's.duckdb", pattern: '' }).slice(1)).toEqual([
    { kind: 'code', text: "ATTACH IF NOT EXISTS '/x/it''s.duckdb' AS my_shop (READ_ONLY);" },
    { kind: 'code', text: 'FROM my_shop."sales 24".Orders LIMIT 200;' },
  ]);
});
