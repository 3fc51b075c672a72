import { describe, expect, it } from 'vitest';
import { type ColumnNode, databaseNodes, type ObjectNode, OFFERS, schemaNodes } from '../../../client/explorer/explorerNode.ts';
import { nodeLook } from '../../../client/explorer/nodeLook.ts';
import { shownName } from '../../../client/explorer/shownName.ts';
import type { CatalogColumn, CatalogDatabase, CatalogObject } from '../../../server/protocol/requests.ts';

const memory: CatalogDatabase = { name: 'memory', readOnly: false, isDefault: true, schemas: [{ name: 'main', objectCount: 0 }] };
const object = (given: CatalogObject): ObjectNode => ({ kind: 'object', database: 'memory', schema: 'main', qualifier: [], object: given });
const column = (given: CatalogColumn): ColumnNode => ({ kind: 'column', source: object({ kind: 'table', name: 't' }), column: given });

describe('databaseNodes', () => {
  it('are none for a database in memory that holds nothing, so that the view says what to do', () => {
    expect(databaseNodes([])).toEqual([]);
    expect(databaseNodes([memory])).toEqual([]);
    expect(databaseNodes([{ ...memory, path: '/w/a.duckdb' }])).toHaveLength(1);
    expect(databaseNodes([{ ...memory, schemas: [{ name: 'main', objectCount: 1 }] }])).toHaveLength(1);
  });

  it('begin with the default database and with main', () => {
    const schemas = ['a', 'main', 'z'].map((name) => ({ name, objectCount: 1 }));
    const nodes = databaseNodes([
      { ...memory, name: 'attached', isDefault: false },
      { ...memory, schemas },
    ]);
    expect(nodes.map(({ database }) => database.name)).toEqual(['memory', 'attached']);
    expect(
      nodes
        .slice(0, 1)
        .flatMap(schemaNodes)
        .map(({ schema }) => schema.name),
    ).toEqual(['main', 'a', 'z']);
  });
});

describe('nodeLook', () => {
  it('tells rows, types, keys and comments', () => {
    expect(nodeLook(object({ kind: 'table', name: 't', estimatedRows: 1204331, comment: 'all of them' }))).toMatchObject({
      label: 't',
      description: '1,204,331 rows · all of them',
      tooltip: 'memory.main.t\nall of them',
      state: 'closed',
    });
    expect(nodeLook(object({ kind: 'tableMacro', name: 'm', parameters: ['a', 'b'], definition: 'SELECT a' }))).toMatchObject({
      label: 'm(a, b)',
      description: 'table macro',
      actions: ['name', 'select', 'notebook'],
      state: 'leaf',
    });
    const id = { name: 'id', type: 'INTEGER', primaryKey: true, notNull: true, comment: 'the number' };
    expect(nodeLook(column(id))).toMatchObject({
      description: 'INTEGER · primary key · the number',
      tooltip: 'id INTEGER\nprimary key\nthe number',
      icon: 'key',
    });
    const customer = { name: 'customer', type: 'INTEGER', notNull: true, default: '0', references: { table: 'customers', column: 'id' } };
    expect(nodeLook(column(customer)).tooltip).toBe('customer INTEGER\nnot null\nreferences customers(id)\ndefault 0');
  });

  it('opens the default database, but no schema of thousands', () => {
    const schemas = [
      { name: 'main', objectCount: 3 },
      { name: 'large', objectCount: 10_000 },
      { name: 'none', objectCount: 0 },
    ];
    const [database] = databaseNodes([{ ...memory, schemas }]);
    if (database === undefined) throw new Error('No node.');
    expect(nodeLook(database).state).toBe('open');
    const looks = schemaNodes(database).map(nodeLook);
    expect(looks.map(({ state, description }) => [state, description])).toEqual([
      ['open', '3'],
      ['closed', '10,000'],
      ['leaf', 'empty'],
    ]);
  });

  it('offers what to do where there is no tree', () => {
    const looks = Object.values(OFFERS).map(nodeLook);
    expect(looks.map(({ label, role, state }) => [label, role, state])).toEqual([
      ['Open Another Database…', 'button', 'leaf'],
      ['New SQL Notebook', 'button', 'leaf'],
      ['Try Again', 'button', 'leaf'],
    ]);
  });

  it('gives each thing an identity that stays, overloads too', () => {
    const looks = [['a'], ['a', 'b']].map((parameters) => nodeLook(object({ kind: 'macro', name: 'm', parameters })));
    expect(new Set(looks.map(({ id }) => id)).size).toBe(2);
    const before = nodeLook(object({ kind: 'table', name: 't', estimatedRows: 1 }));
    expect(nodeLook(object({ kind: 'table', name: 't', estimatedRows: 2 })).id).toBe(before.id);
  });

  it('offers to open database files, and to look into data files', () => {
    const file = (path: string, isOpen = false) => nodeLook({ kind: 'file', file: { folder: '/w', path }, isOpen });
    expect(file('a/b.duckdb')).toMatchObject({ label: 'b.duckdb', actions: ['name', 'open'] });
    expect(file('b.duckdb', true)).toMatchObject({ description: 'the database of this window', actions: ['name'] });
    expect(file('b.csv').actions).toEqual(['preview', 'summarize', 'name', 'select', 'notebook']);
  });
});

describe('shownName', () => {
  it('is one short line without anything hidden', () => {
    expect(shownName('plain ü🦆')).toBe('plain ü🦆');
    expect(shownName('a\nb\tc\u202ed\u0000\u200b')).toBe('a↵b⇥c\\u202ed␀\\u200b');
    const long = shownName('🦆'.repeat(10_000));
    expect([...long]).toHaveLength(60);
    expect(long.endsWith('🦆…')).toBe(true);
    expect(shownName('x'.repeat(60))).toBe('x'.repeat(60));
    expect(shownName('x'.repeat(61))).toBe(`${'x'.repeat(59)}…`);
    const hostile = nodeLook(object({ kind: 'table', name: `\n"${'y'.repeat(10_000)}`, comment: '\u202e'.repeat(10_000) }));
    expect(hostile.label.length).toBeLessThan(70);
    expect(hostile.description.length).toBeLessThan(500);
    expect(hostile.tooltip.length).toBeLessThan(5000);
  });
});
