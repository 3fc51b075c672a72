import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogChanged, readDatabases, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('readDatabases', () => {
  it('tells of attached databases, their schemas and how much is in each', async () => {
    const { client } = await startEditor();
    const sql = `
      create table t(a int); create temp table mine(a int);
      create schema "other ""one"""; create view "other ""one""".v as select 1;
      attach ':memory:' as second; create macro second.main.m(x) as x; create macro second.main.tm(x) as table select x`;
    await client.request(runQuery, { runId: 'r', sessionId: 's', sql });
    expect(await client.request(readDatabases, null)).toEqual({
      databases: [
        {
          name: 'memory',
          readOnly: false,
          isDefault: true,
          schemas: [
            { name: 'main', objectCount: 1 },
            { name: 'other "one"', objectCount: 1 },
          ],
        },
        { name: 'second', readOnly: false, isDefault: false, schemas: [{ name: 'main', objectCount: 2 }] },
      ],
    });
  });

  it('never makes a database file, and tells of one that is there', async () => {
    const path = join(temporaryFolder(), 'sales.duckdb');
    const { client } = await startEditor({ settings: { database: path } });
    expect(await client.request(readDatabases, null)).toEqual({ databases: [], notMade: path });
    expect(existsSync(path)).toBe(false);
    await client.request(runQuery, { runId: 'r', sessionId: 's', sql: 'select 1' });
    const { databases } = await client.request(readDatabases, null);
    expect(databases).toMatchObject([{ name: 'sales', path, isDefault: true, schemas: [{ name: 'main', objectCount: 0 }] }]);
  });
});

describe('catalogChanged', () => {
  it('is told after scripts that may have changed the catalog, failed ones too, and after no others', async () => {
    const { client } = await startEditor();
    const run = (sql: string) => client.request(runQuery, { runId: sql, sessionId: 's', sql });
    await run('select 1');
    await run('begin');
    expect(client.toldOf(catalogChanged)).toHaveLength(0);
    await run('create table t(a int)');
    await run('commit');
    await run('drop table t; select nothing');
    await run('select 2');
    expect(client.toldOf(catalogChanged)).toHaveLength(3);
  });
});
