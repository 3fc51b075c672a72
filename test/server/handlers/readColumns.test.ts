import { describe, expect, it } from 'vitest';
import { readColumns, readDefinition, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

describe('readColumns', () => {
  it('gives columns with types, keys, defaults and comments, of views too', async () => {
    const { client } = await startEditor();
    const hostile = `we"ird'\n🦆${'x'.repeat(10_000)}`;
    const sql = `
      create table k(a int primary key);
      create table t(a int primary key, b decimal(10, 2) not null default 1.5, c int references k(a), "${hostile.replaceAll('"', '""')}" varchar);
      comment on column t.b is 'the price';
      create view v as from t; create view broken as from k; drop table t; drop table k;
      create table k(a int primary key);
      create table t(a int primary key, b decimal(10, 2) not null default 1.5, c int references k(a), "${hostile.replaceAll('"', '""')}" varchar);
      comment on column t.b is 'the price'`;
    const { failure } = await client.request(runQuery, { runId: 'r', sessionId: 's', sql });
    expect(failure).toBeUndefined();
    const table = await client.request(readColumns, { database: 'memory', schema: 'main', name: 't' });
    expect(table.columns).toEqual([
      { name: 'a', type: 'INTEGER', primaryKey: true, notNull: true },
      { name: 'b', type: 'DECIMAL(10,2)', comment: 'the price', notNull: true, default: '1.5' },
      { name: 'c', type: 'INTEGER', references: { table: 'k', column: 'a' } },
      { name: hostile, type: 'VARCHAR' },
    ]);
    const view = await client.request(readColumns, { database: 'memory', schema: 'main', name: 'v' });
    expect(view.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c', hostile]);
    expect(await client.request(readColumns, { database: 'memory', schema: 'main', name: 'gone' })).toEqual({ columns: [] });
  });
});

describe('readDefinition', () => {
  it('gives the CREATE statement of a table or view', async () => {
    const { client } = await startEditor();
    await client.request(runQuery, { runId: 'r', sessionId: 's', sql: 'create table t(a int); create view v as from t' });
    const definition = (name: string) => client.request(readDefinition, { database: 'memory', schema: 'main', name });
    expect((await definition('t')).sql).toMatch(/^CREATE TABLE t/);
    expect((await definition('v')).sql).toMatch(/^CREATE VIEW v/);
    expect(await definition('gone')).toEqual({});
  });
});
