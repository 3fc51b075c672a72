// A person opens data files in the viewer: rows of any number, options for CSV, databases without holding them, changes on disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const HOSTILE = '<img src=x onerror=alert(1)>';
const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

/** Runs SQL in a process of its own; with a database as the program that has it open for writing. */
function duckdb(sql, database = ':memory:') {
  const script = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
    const connection = await (await DuckDBInstance.create(process.argv[1])).connect();
    await connection.run(process.argv[2]);
    connection.closeSync();
  });`;
  execFileSync(process.execPath, ['-e', script, database, sql]);
}

before(async () => {
  duckdb(`copy (select range as id, 'name ' || range as name, date '2024-01-01' + (range % 366)::integer as day from range(300000))
    to '${join(folder, 'orders.parquet')}'`);
  duckdb(
    `create table customers as select range as id, 'c' || range as name from range(500);
     create schema sales; create table sales.orders as select range as id, '${HOSTILE}' as note from range(20);
     create view few as from customers limit 3`,
    join(folder, 'shop.duckdb'),
  );
  writeFileSync(join(folder, "it's [odd]*.csv"), `id;"n"\n1;${HOSTILE}\n2;b\n`);
  writeFileSync(join(folder, 'empty.csv'), '');
  writeFileSync(join(folder, 'wrong.parquet'), 'a,b\n1,2\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1300, height: 900 } });
  wb.page.setDefaultTimeout(30_000);
  await wb.page.locator('.activitybar a[aria-label="Kodiak"]').waitFor();
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function viewer() {
  return wb.webviewFrame(EXTENSION);
}

/** By the context menu of the file. */
async function view(name) {
  await wb.chooseFromMenu(wb.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }), 'Open in Data Viewer');
  await viewer().locator('.viewer-about', { hasText: name }).waitFor();
}

async function closeEditor() {
  await wb.runCommand('View: Close Editor');
}

test('a Parquet file opens with all its rows, which can be sorted', async () => {
  await view('orders.parquet');
  await viewer().getByText('300,000 rows × 3 columns', { exact: false }).waitFor();
  await wb.pictures('viewer-parquet', viewer());
  await viewer().getByRole('columnheader', { name: /^id, / }).last().click();
  await viewer().getByRole('columnheader', { name: /^id, / }).last().click();
  await viewer().getByRole('gridcell', { name: 'name 299999', exact: true }).first().waitFor();
});

test('a change on disk is said, and read by a button', async () => {
  duckdb(`copy (select 1 as id, 'new' as name) to '${join(folder, 'orders.parquet')}'`);
  const changed = viewer().locator('.viewer-changed', { hasText: 'Changed on disk.' });
  await changed.waitFor();
  await wb.screenshot('viewer-changed');
  await changed.getByRole('button', { name: 'Reload' }).click();
  await viewer().getByText('1 row × 2 columns', { exact: false }).waitFor();
  await changed.waitFor({ state: 'hidden' });
  await closeEditor();
});

test('a CSV file with an odd name is read as a person says, and its values stay text', async () => {
  await view("it's [odd]*.csv");
  await viewer().getByText('2 rows × 2 columns', { exact: false }).waitFor();
  assert.equal((await viewer().getByRole('gridcell', { name: HOSTILE }).count()) > 0, true);
  await viewer().getByLabel('Header').selectOption('none');
  await viewer().getByLabel('All as text').check();
  await viewer().getByRole('button', { name: 'Apply' }).click();
  await viewer().getByText('3 rows × 2 columns', { exact: false }).waitFor();
  await wb.pictures('viewer-csv', viewer());
  appendFileSync(join(folder, "it's [odd]*.csv"), '3;c\n');
  await viewer().locator('.viewer-changed').getByRole('button', { name: 'Reload' }).click();
  await viewer().getByText('4 rows × 2 columns', { exact: false }).waitFor();
  await viewer().getByRole('button', { name: 'Query This File' }).click();
  await wb.page.locator('.monaco-editor .view-line', { hasText: 'read_csv' }).first().waitFor();
  await wb.runCommand('View: Revert and Close Editor');
  await closeEditor();
});

test('what cannot be read says what to do', async () => {
  await view('empty.csv');
  await viewer().getByText('This file is empty').waitFor();
  await closeEditor();
  await view('wrong.parquet');
  await viewer().getByText('This is no Parquet file').waitFor();
  await wb.screenshot('viewer-wrong');
  await viewer().getByLabel('Read as').selectOption('CSV');
  await viewer().getByText('1 row × 2 columns', { exact: false }).waitFor();
  await closeEditor();
});

test('a database shows its tables, and another program can write it meanwhile', async () => {
  await view('shop.duckdb');
  const tables = viewer().getByRole('option');
  await viewer().getByText('500 rows × 2 columns', { exact: false }).waitFor();
  assert.equal(await tables.count(), 3);
  await tables.filter({ hasText: 'sales.orders' }).click();
  await viewer().getByText('20 rows × 2 columns', { exact: false }).waitFor();
  await wb.pictures('viewer-database', viewer());
  duckdb('insert into sales.orders values (99, null)', join(folder, 'shop.duckdb'));
  await viewer().locator('.viewer-changed').getByRole('button', { name: 'Reload' }).click();
  await viewer().getByText('21 rows × 2 columns', { exact: false }).waitFor();
  await closeEditor();
});

test('nothing was refused by the policy of the page', () => {
  assert.deepEqual(wb.policyOffences, []);
});
