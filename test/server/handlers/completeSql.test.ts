import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeSql } from '../../../server/protocol/completion.ts';
import { runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('completeSql', () => {
  it('offers what the language server offers, with what the session has made', async () => {
    const { client } = await startEditor();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'sales.csv'), 'region,amount\nnorth,1\n');
    mkdirSync(join(cwd, 'folder'));
    const run = (sql: string) => client.request(runQuery, { runId: sql, sessionId: 's', sql, cwd });
    const at = async (marked: string) => {
      const offset = marked.indexOf('|');
      const text = marked.replace('|', '');
      const { items, start, end } = await client.request(completeSql, { text, offset, sessionId: 's', cwd });
      return { items, replaced: text.slice(start, end), labels: items.map(({ label }) => label) };
    };
    await run('create table orders(id int, customer varchar); create temp table "my orders"(note varchar)');
    const tables = await at('select 1;\n.mode csv\nfrom ord|');
    expect(tables.replaced).toBe('ord');
    expect(tables.items[0]).toMatchObject({ label: 'orders', kind: 'table', insert: 'orders' });
    expect(tables.items.find(({ label }) => label === 'my orders')).toMatchObject({ insert: '"my orders"' });
    expect((await at('select cu| from orders')).items[0]).toMatchObject({ label: 'customer', kind: 'column', detail: expect.any(String) });
    expect((await at('select o.| from orders o')).labels.slice(0, 2)).toEqual(['id', 'customer']);
    expect((await at('sel|')).items[0]).toMatchObject({ insert: 'select', kind: 'keyword' });
    // A snippet for editors is plain text here.
    expect((await at('select date_tru|')).items[0]).toMatchObject({ label: 'date_trunc', insert: 'date_trunc(' });
    expect((await at("from '|'")).labels).toEqual(['sales.csv', 'folder/']);
    expect((await at("select | from 'sales.csv'")).labels).toContain('region');
    expect((await at('from "|')).items[0]).toMatchObject({ insert: '"orders"' });
    await run('create table orphans(a int)');
    expect((await at('from orp|')).labels).toContain('orphans');
    expect((await at("select 'a|'")).labels).toEqual([]);
  });

  it('gives nothing for what is too long, or outside of it', async () => {
    const { client } = await startEditor();
    const none = { items: [], start: 7, end: 7 };
    expect(await client.request(completeSql, { text: `select ${'1'.repeat(600_000)}`, offset: 7, sessionId: 's', cwd: '/' })).toEqual(none);
    expect(await client.request(completeSql, { text: 'x', offset: 7, sessionId: 's', cwd: '/' })).toEqual(none);
  });
});
