import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSchema, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('readSchema', () => {
  it('gives tables, views and macros in the order of their names, with what there is to know of each', async () => {
    const { client } = await startEditor();
    const sql = `
      create schema s; create table s.b(x int, y int); insert into s.b select range, 1 from range(42);
      create table s."A"(x int); comment on table s."A" is 'first'; create view s.v as from s.b;
      create macro s.m(p, q := 2) as p + q, (p) as p; create macro s.tm(p) as table select p as one;
      create temp table hidden(a int); create table elsewhere(a int)`;
    await client.request(runQuery, { runId: 'r', sessionId: 's', sql });
    const { objects } = await client.request(readSchema, { database: 'memory', schema: 's' });
    expect(objects).toEqual([
      { kind: 'table', name: 'A', estimatedRows: 0, columnCount: 1, comment: 'first' },
      { kind: 'table', name: 'b', estimatedRows: 42, columnCount: 2 },
      { kind: 'view', name: 'v', columnCount: 2 },
      { kind: 'macro', name: 'm', parameters: ['p'], definition: 'p' },
      { kind: 'macro', name: 'm', parameters: ['p', 'q'], definition: '(p + q)' },
      { kind: 'tableMacro', name: 'tm', parameters: ['p'], definition: 'SELECT p AS one' },
    ]);
    expect(await client.request(readSchema, { database: 'memory', schema: "it's gone" })).toEqual({ objects: [] });
  });

  it('gives a schema of 3,000 tables in one answer', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const folder = temporaryFolder();
    const tables = Array.from({ length: 3000 }, (_, index) => `create table t${index}(a int, b int);`);
    writeFileSync(join(folder, 'schema.sql'), tables.join('\n'));
    writeFileSync(join(folder, 'load.sql'), '');
    const { failure } = await client.request(runQuery, { runId: 'r', sessionId: 's', sql: `import database '${folder}'` });
    expect(failure).toBeUndefined();
    const beganAt = performance.now();
    const { objects } = await client.request(readSchema, { database: 'memory', schema: 'main' });
    expect(objects).toHaveLength(3000);
    expect(performance.now() - beganAt).toBeLessThan(5000);
  });
});
