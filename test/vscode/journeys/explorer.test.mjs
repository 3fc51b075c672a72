// A person looks at what there is: databases, tables, files; previews them, copies and inserts names, and begins a notebook from one.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const LIMIT_MS = 60_000;
const HOSTILE = `$(alert) <b>x</b>\n\u202e"${'y'.repeat(10_000)}`;
const SHOP = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name VARCHAR);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers(id), total DECIMAL(10, 2));
  COMMENT ON TABLE orders IS 'every order since 2019';
  COMMENT ON COLUMN orders.total IS 'with tax';
  INSERT INTO customers SELECT range, 'name ' || range FROM range(100);
  INSERT INTO orders SELECT range, range % 100, range / 7 FROM range(1204331);
  CREATE VIEW "big orders" AS FROM orders WHERE total > 1000;
  CREATE MACRO with_tax(amount, rate := 0.2) AS amount * (1 + rate);
  CREATE MACRO of_customer(customer_id) AS TABLE FROM orders WHERE customer = customer_id;
  CREATE SCHEMA staging;
  CREATE TABLE staging."raw import" AS SELECT 42 AS "the answer";
  CREATE TABLE staging."${HOSTILE.replaceAll('"', '""')}" AS SELECT 'hostile' AS told;
`;
const CSV = 'city,population\nOslo,717710\nBergen,291940\n';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  const instance = await DuckDBInstance.create(join(folder, 'shop.duckdb'));
  const connection = await instance.connect();
  await connection.run(SHOP);
  connection.closeSync();
  instance.closeSync();
  mkdirSync(join(folder, 'data', 'raw'), { recursive: true });
  writeFileSync(join(folder, 'data', 'raw', "city's [1].csv"), CSV);
  writeFileSync(join(folder, 'data', 'raw', "city's 1.csv"), 'wrong\n1\n');
  writeFileSync(join(folder, 'events.jsonl'), '{"kind": "click", "at": 1}\n');
  writeFileSync(join(folder, 'damaged.duckdb'), 'This is not a database. '.repeat(1000));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'work.sql'), 'SELECT count(*) FROM\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder });
  wb.page.setDefaultTimeout(LIMIT_MS);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function panel() {
  return wb.webviewFrame(EXTENSION);
}

function view(name) {
  return wb.page.locator('.sidebar .pane', { has: wb.page.locator('.pane-header', { hasText: name }) });
}

/** A row of one of the two trees, by the beginning of what a screen reader says of it. */
function row(name, label) {
  return view(name).locator(`.monaco-list-row[aria-label^="${label}"]`);
}

const database = (label) => row('Databases', label);
const file = (label) => row('Data Files', label);

async function menu(item, title) {
  await wb.chooseFromMenu(item, title);
}

test('with nothing to show it says what to do', async () => {
  await wb.page.locator('.activitybar .action-item a[aria-label^="Kodiak"]').click();
  await view('Databases').getByText('There are no tables yet', { exact: false }).waitFor();
  for (const button of ['Open Database…', 'New SQL Notebook', 'Open the Guided Tour'])
    await view('Databases').locator('.monaco-button', { hasText: button }).waitFor();
  await file('events.jsonl').waitFor();
  await file('data/raw').waitFor();
  assert.equal(await file('package.json').count(), 0);
  await wb.screenshot('explorer-empty');
});

test('a database file of the workspace is opened, and its things are there', async () => {
  await file('shop.duckdb').hover();
  await file('shop.duckdb').locator('.action-label[aria-label^="Open as the Database"]').click();
  await database('orders, table, 1,204,331 rows · every order since 2019').waitFor();
  await database('customers, table, 100 rows').waitFor();
  await database('big orders, view').waitFor();
  await database('with_tax(amount, rate), macro').waitFor();
  await database('of_customer(customer_id), table macro').waitFor();
  await database('staging, schema, 2').waitFor();
  await file('shop.duckdb, database file, the database of this window').waitFor();
  await database('orders, table').click();
  await database('id, column, INTEGER · primary key').waitFor();
  await database('total, column, DECIMAL(10,2) · with tax').waitFor();
  await file('data/raw').click();
  await file("city's [1].csv").waitFor();
  await wb.screenshot('explorer-tree');
});

test('names are text, short, and never icons', async () => {
  const hostile = database('$(alert) <b>x</b>↵\\\\u202e').or(view('Databases').locator('.monaco-list-row', { hasText: '<b>x</b>' }));
  await hostile.first().waitFor();
  const label = hostile.first().locator('.label-name');
  assert.match(await label.textContent(), /^\$\(alert\) <b>x<\/b>↵/);
  assert.equal(await hostile.first().locator('b, .label-name .codicon-alert').count(), 0);
  await menu(hostile.first(), 'Preview');
  await panel().locator('[role=grid]').getByText('hostile', { exact: true }).waitFor();
  await wb.screenshot('explorer-hostile-name');
});

test('a table is previewed, in the panel, by its button', async () => {
  await database('orders, table').hover();
  await database('orders, table').locator('.action-label[aria-label^="Preview"]').click();
  await panel().getByText('200 rows × 3 columns', { exact: false }).waitFor();
  await panel()
    .getByRole('tab', { name: /^FROM orders LIMIT 200/ })
    .waitFor();
  await wb.screenshot('explorer-preview-table');
});

test('a file is previewed by a click: this one, although its name could be a pattern', async () => {
  await file("city's [1].csv").click();
  await panel().locator('[role=grid]').getByText('Bergen', { exact: true }).waitFor();
  await panel().getByText('2 rows × 2 columns', { exact: false }).waitFor();
  await file("city's [1].csv").locator('.monaco-tl-twistie').click();
  await file('population, column, BIGINT').waitFor();
  await wb.screenshot('explorer-preview-file');
});

test('columns are summarized', async () => {
  await menu(database('customers, table'), 'Summarize');
  await panel().locator('[role=grid]').getByText('approx_unique', { exact: true }).waitFor();
  await panel()
    .getByRole('tab', { name: /^SUMMARIZE customers/ })
    .waitFor();
});

test('the panel leads to what the explorer ran', async () => {
  await panel()
    .getByRole('button', { name: /^Explorer\.?\w*:\d+/ })
    .click();
  await wb.page.locator('.tab.active[data-resource-name="Explorer.sql"]').waitFor();
  await wb.page.locator('.view-line', { hasText: 'SUMMARIZE customers' }).waitFor();
});

test('names are inserted at the cursor, and dragged to where they are dropped', async () => {
  await wb.openFile('work.sql');
  await wb.page.keyboard.press('Control+Home');
  await wb.page.keyboard.press('End');
  await menu(database('raw import, table'), 'Insert into the Editor');
  await wb.page.locator('.view-line', { hasText: 'FROM staging."raw import"' }).waitFor();
  await wb.page.keyboard.press('Control+End');
  await file("city's [1].csv").dragTo(wb.page.locator('.editor-instance .view-line').last(), { targetPosition: { x: 4, y: 4 } });
  await wb.page.locator('.view-line', { hasText: "'data/raw/city''s [[]1].csv'" }).waitFor();
  await wb.screenshot('explorer-inserted');
});

test('names and queries are copied', async () => {
  const paste = async () => {
    await wb.openFile('work.sql');
    await wb.page.keyboard.press('Control+a');
    await wb.page.keyboard.press('Control+v');
  };
  await wb.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await menu(database('big orders, view'), 'Copy Name');
  await paste();
  await wb.page.locator('.view-line', { hasText: /^"big.orders"$/ }).waitFor();
  await database('raw import, table').click();
  await wb.page.keyboard.press('Control+c');
  await paste();
  await wb.page.locator('.view-line', { hasText: /^staging\."raw.import"$/ }).waitFor();
  await menu(database('orders, table'), 'Copy as SELECT');
  await paste();
  await wb.page.locator('.view-line', { hasText: /^SELECT.id,.customer,.total.FROM.orders;$/ }).waitFor();
});

test('a table that a statement made is there without asking, and a file that came', async () => {
  await wb.openFile('work.sql');
  await wb.page.keyboard.press('Control+a');
  await wb.page.keyboard.type('CREATE TABLE brand_new AS FROM range(42);');
  await wb.page.keyboard.press('Control+Enter');
  await database('brand_new, table, 42 rows').waitFor();
  await database('total, column').waitFor();
  await wb.page.keyboard.press('Control+a');
  await wb.page.keyboard.type('DROP TABLE brand_new;');
  await wb.page.keyboard.press('Control+Enter');
  await database('brand_new, table').waitFor({ state: 'detached' });
  mkdirSync(join(folder, 'later'));
  writeFileSync(join(folder, 'later', 'new.csv'), CSV);
  await file('later').waitFor();
  rmSync(join(folder, 'later'), { recursive: true });
  await file('later').waitFor({ state: 'detached' });
  await wb.screenshot('explorer-refreshed');
});

test('a notebook begins with a first query', async () => {
  await menu(database('orders, table'), 'New Notebook from This');
  await wb.cell(1).locator('.view-line', { hasText: 'FROM orders LIMIT 200;' }).waitFor();
  await wb.cell(2).locator('.view-line', { hasText: 'SUMMARIZE orders;' }).waitFor();
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1, LIMIT_MS), 'success');
  await wb.outputFrame().locator('[role=grid]').first().waitFor();
  await wb.screenshot('explorer-new-notebook');
});

test('names are dragged into a cell', async () => {
  await wb.revealCell(2);
  await wb.cell(2).locator('.view-line').first().click();
  await wb.page.keyboard.press('Control+a');
  await wb.page.keyboard.type('FROM ');
  await database('customers, table').dragTo(wb.cell(2).locator('.view-line').last(), { targetPosition: { x: 60, y: 8 } });
  await wb.cell(2).locator('.view-line', { hasText: 'customers' }).waitFor();
  await wb.screenshot('explorer-dragged');
});

test('a database that cannot be opened says why, and another one can be opened then', async () => {
  await menu(file('damaged.duckdb'), 'Open as the Database');
  await view('Databases').getByText('is not a valid DuckDB database file', { exact: false }).first().waitFor();
  await database('Try Again, button').waitFor();
  await wb.screenshot('explorer-damaged');
  await menu(file('shop.duckdb'), 'Open as the Database');
  await database('customers, table, 100 rows').waitFor();
});

test('a database file that is not there yet is not made by looking', async () => {
  writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'kodiak.database.path': 'later.duckdb' }));
  await view('Databases').getByText('later.duckdb will be made when the first statement runs', { exact: false }).waitFor();
  await database('New SQL Notebook, button').waitFor();
  assert.equal(existsSync(join(folder, 'later.duckdb')), false);
  await wb.screenshot('explorer-not-made');
});
