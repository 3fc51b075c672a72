import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cancelQuery,
  type ExportResultParams,
  exportResult,
  openView,
  queryProgress,
  runQuery,
} from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { readExcel } from '../../support/readExcel.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('exportResult', () => {
  it('writes a result, and a view in its order', async () => {
    const { client } = await startEditor();
    const folder = temporaryFolder();
    const { statements } = await client.request(runQuery, {
      runId: 'a',
      sessionId: 'notebook',
      sql: 'select range a, 1 a from range(300)',
    });
    const resultId = statements[0]?.result.resultId ?? '';
    const path = join(folder, 'all.csv');
    expect(await client.request(exportResult, { resultId, path, format: 'csv', runId: 'b' })).toEqual({
      rows: 300,
      bytes: readFileSync(path).length,
    });
    expect(readFileSync(path, 'utf8').split('\n').slice(0, 2)).toEqual(['a,a', '0,1']);
    const view = await client.request(openView, { resultId, filters: [{ column: 0, op: 'greater', values: [298] }] });
    const again: ExportResultParams = { resultId: view.resultId, path, format: 'jsonl', runId: 'c' };
    expect(await client.failure(exportResult, again)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('exists already'),
    });
    expect(await client.request(exportResult, { ...again, overwrite: true })).toMatchObject({ rows: 1 });
    expect(readFileSync(path, 'utf8')).toBe('{"a":299,"a_1":1}\n');
    expect((await client.failure(exportResult, { ...again, format: 'xls' as 'csv' })).code).toBe('bug');
  });

  it('writes Excel, also of a view', async () => {
    const { client } = await startEditor();
    const path = join(temporaryFolder(), 'a.xlsx');
    const sql = "select range i, date '2024-01-01' + range::integer d, 'n' || range s from range(3)";
    const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
    const resultId = statements[0]?.result.resultId ?? '';
    const view = await client.request(openView, { resultId, sort: [{ column: 0, descending: true }] });
    expect(await client.request(exportResult, { resultId: view.resultId, path, format: 'xlsx', runId: 'b' })).toMatchObject({ rows: 3 });
    expect(readExcel(path).map((row) => row.map((cell) => cell?.value))).toEqual([
      ['i', 'd', 's'],
      [2, 45294, 'n2'],
      [1, 45293, 'n1'],
      [0, 45292, 'n0'],
    ]);
  });

  it('writes tab-separated values, also with names that repeat', async () => {
    const { client } = await startEditor();
    const path = join(temporaryFolder(), 'a.tsv');
    const sql = "select 1 a, 'x\ty' a, null b";
    const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
    await client.request(exportResult, { resultId: statements[0]?.result.resultId ?? '', path, format: 'tsv', runId: 'b' });
    expect(readFileSync(path, 'utf8')).toBe('a\ta\tb\n1\t"x\ty"\t\n');
  });

  it('tells how far it is, is cancelled by its name, and leaves nothing', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const folder = temporaryFolder();
    const sql = "select range i, repeat('y', 100) || range s from range(1000000)";
    const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
    const exporting = client.failure(exportResult, {
      resultId: statements[0]?.result.resultId ?? '',
      path: join(folder, 'all.json'),
      format: 'json',
      runId: 'export',
    });
    expect((await client.next(queryProgress, ({ runId }) => runId === 'export')).percent).toBeLessThanOrEqual(100);
    await client.request(cancelQuery, { runId: 'export' });
    expect((await exporting).code).toBe('cancelled');
    expect(readdirSync(folder)).toEqual([]);
  });
});
