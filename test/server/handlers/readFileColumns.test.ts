import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFileColumns } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('readFileColumns', () => {
  it('gives names and types, or why not, and makes no database', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'new.duckdb');
    const path = join(folder, "it's.csv");
    writeFileSync(path, 'id,the name\n1,x\n');
    const { client } = await startEditor({ settings: { database } });
    expect(await client.request(readFileColumns, { path })).toEqual({
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'the name', type: 'VARCHAR' },
      ],
    });
    expect((await client.failure(readFileColumns, { path: join(folder, 'gone.csv') })).code).toBe('sql');
    expect(existsSync(database)).toBe(false);
  });
});
