import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leaveDatabase, lookAtDatabase, readDatabaseFile, readDatabases, runQuery } from '../../../server/protocol/requests.ts';
import { rowsOf, withSession } from '../../support/engines.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

it('a database file is listed without staying open, and its rows are read while it is looked at', async () => {
  const { client } = await startEditor();
  const path = join(temporaryFolder(), 'shop.duckdb');
  await withSession(
    (session) => rowsOf(session, 'create table t (i integer, "b c" varchar); insert into t values (1, null); create view v as from t;'),
    {
      database: path,
    },
  );
  const { tables } = await client.request(readDatabaseFile, { path });
  expect(tables.map(({ schema, name, kind, columns }) => [schema, name, kind, columns.length])).toEqual([
    ['main', 't', 'table', 2],
    ['main', 'v', 'view', 2],
  ]);
  const { name } = await client.request(lookAtDatabase, { path });
  const { statements, failure } = await client.request(runQuery, { runId: 'a', sessionId: 's', sql: `from ${name}.main.t` });
  expect(failure).toBeUndefined();
  expect(statements[0]?.result.preview).toEqual([[1, null]]);
  expect((await client.request(readDatabases, null)).databases.map((database) => database.name)).toEqual(['memory']);
  await client.request(leaveDatabase, { path });
  // Nothing is left to leave.
  await client.request(leaveDatabase, { path });
  await withSession((session) => rowsOf(session, 'insert into t values (2, null)'), { database: path });
  expect(await client.failure(lookAtDatabase, { path: `${path}.none` })).toMatchObject({ code: 'unavailable' });
});
