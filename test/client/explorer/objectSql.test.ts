import { describe, expect, it } from 'vitest';
import {
  columnNodes,
  databaseNodes,
  type ExplorerNode,
  type ObjectNode,
  objectNodes,
  schemaNodes,
} from '../../../client/explorer/explorerNode.ts';
import { nodeSql, nodesSql, previewSql, selectSql, summarizeSql } from '../../../client/explorer/objectSql.ts';
import type { Engine } from '../../../engine/types.ts';
import { withSession } from '../../support/engines.ts';

const HOSTILE = [
  'plain',
  'Upper',
  'select',
  'left',
  'order',
  'two words',
  'quo"te',
  "apo'strophe",
  'a.b',
  'line\nbreak',
  'ü🦆',
  '1st',
  '-- %%',
  '',
]
  .filter((name) => name !== '')
  .concat('x'.repeat(10_000));

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What the tree shows of an engine, all of it. */
async function objectsOf(engine: Engine): Promise<ObjectNode[]> {
  const objects: ObjectNode[] = [];
  for (const schema of databaseNodes(await engine.databases()).flatMap(schemaNodes)) {
    const place = { database: schema.database.name, schema: schema.schema.name };
    objects.push(...objectNodes(schema, await engine.schema(place)));
  }
  return objects;
}

describe('names', () => {
  it('are found by DuckDB wherever they are, whatever they are, and no other thing is', { tags: ['slow'] }, async () => {
    await withSession(async (session, engine) => {
      const places = [
        'memory.main',
        'memory.s',
        'memory."other db"',
        'memory.z',
        '"other db".main',
        '"other db".s',
        'z.main',
        'y.main',
        'y."Y"',
      ];
      await session.runAll(`attach ':memory:' as "other db"; attach ':memory:' as z; attach ':memory:' as y;
      create schema s; create schema "other db"; create schema z; create schema "other db".s; create schema y."Y"`);
      for (const place of places) {
        for (const name of HOSTILE) {
          const told = `${place}: ${name}`.replaceAll("'", "''");
          await session.run(`create table ${place}.${quoted(name)} as select '${told}' as ${quoted(name)}`);
        }
      }
      const objects = await objectsOf(engine);
      expect(objects).toHaveLength(places.length * HOSTILE.length);
      for (const node of objects) {
        const told = `${node.database}.${node.schema}: ${node.object.name}`;
        const preview = await session.run(previewSql(node, undefined) ?? '');
        expect((await preview.page(0, 1))[0]?.[0]).toBe(told.replace(/^(memory\.)?other db/, '$1"other db"').replace(/^y\.Y/, 'y."Y"'));
        const columns = await engine.columns({ database: node.database, schema: node.schema, name: node.object.name });
        const selected = await session.run(selectSql(node, undefined, columns) ?? '');
        expect(selected.columns.map(({ name }) => name)).toEqual([node.object.name]);
        for (const column of columnNodes(node, columns)) {
          expect((await session.run(selectSql(column, undefined) ?? '')).rowCount).toBe(1);
          expect((await session.run(summarizeSql(column, undefined) ?? '')).rowCount).toBe(1);
        }
      }
    });
  });

  it('are bare where a bare name finds them, and qualified no more than needed', async () => {
    await withSession(async (session, engine) => {
      await session.runAll(`attach ':memory:' as second; attach ':memory:' as clash; create schema s; create schema memory.clash; create schema second.s2;
      create table a(x int); create table s.b(x int); create table memory.clash.c(x int); create table second.d(x int); create table second.s2.e(x int);
      create table clash.main.f(x int)`);
      expect((await objectsOf(engine)).map((node) => nodeSql(node, undefined))).toEqual([
        'a',
        'memory.clash.c',
        's.b',
        'clash.main.f',
        'second.d',
        'second.s2.e',
      ]);
    });
  });
});

describe('SQL of things', () => {
  const table: ObjectNode = {
    kind: 'object',
    database: 'memory',
    schema: 's',
    qualifier: ['s'],
    object: { kind: 'table', name: 'big orders' },
  };
  const file: ExplorerNode = { kind: 'file', file: { folder: '/w', path: 'data/a.csv' }, isOpen: false };
  const macro = (kind: 'macro' | 'tableMacro', parameters: string[]): ObjectNode => ({ ...table, object: { kind, name: 'm', parameters } });

  it('shows the first rows, and statistics', () => {
    expect(previewSql(table, '/w')).toBe('FROM s."big orders" LIMIT 200');
    expect(summarizeSql(table, '/w')).toBe('SUMMARIZE s."big orders"');
    expect(previewSql(file, '/w')).toBe("FROM 'data/a.csv' LIMIT 200");
    expect(summarizeSql(file, '/w')).toBe("SUMMARIZE 'data/a.csv'");
    expect(previewSql(macro('tableMacro', []), '/w')).toBe('FROM s.m() LIMIT 200');
    expect(summarizeSql(macro('tableMacro', []), '/w')).toBe('SUMMARIZE FROM s.m()');
  });

  it('has no rows for what needs arguments', () => {
    for (const node of [macro('macro', []), macro('macro', ['a']), macro('tableMacro', ['a'])]) {
      expect([previewSql(node, '/w'), summarizeSql(node, '/w')]).toEqual([undefined, undefined]);
    }
  });

  it('writes queries with the columns', () => {
    const columns = ['id', 'the total', 'Order'].map((name) => ({ name, type: 'INTEGER' }));
    expect(selectSql(table, '/w', columns)).toBe('SELECT id, "the total", "Order" FROM s."big orders";');
    const many = Array.from({ length: 20 }, (_, index) => ({ name: `column_${index}`, type: 'INTEGER' }));
    expect(selectSql(table, '/w', many)).toMatch(/^SELECT\n {2}column_0,\n {2}column_1,[\s\S]+column_19\nFROM s\."big orders";$/);
    const endless = Array.from({ length: 201 }, (_, index) => ({ name: `c${index}`, type: 'INTEGER' }));
    expect(selectSql(table, '/w', endless)).toBe('SELECT * FROM s."big orders";');
    expect(selectSql(table, '/w')).toBe('SELECT * FROM s."big orders";');
    expect(selectSql(file, '/w')).toBe("SELECT * FROM 'data/a.csv';");
    expect(selectSql(file, '/w', columns.slice(0, 2))).toBe(`SELECT id, "the total" FROM 'data/a.csv';`);
    expect(selectSql(macro('macro', ['a', 'b c']), '/w')).toBe('SELECT s.m(a, "b c");');
    expect(selectSql(macro('tableMacro', ['a']), '/w')).toBe('SELECT * FROM s.m(a);');
  });

  it('lists several names', () => {
    expect(nodesSql([table, file, { kind: 'note', text: 'x', isFailure: true }], '/w')).toBe(`s."big orders", 'data/a.csv'`);
  });
});
