// A person looks at what was run, by whom and with what end: from a notebook, a .sql file and a terminal; finds it, runs it again, makes a
// notebook of it, and switches the record off.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const LIMIT_MS = 40_000;
const NOTEBOOK = `-- %% Wrong
SELECT "<img src=x onerror=alert(1)>" FROM nowhere;

-- %% Make
CREATE TABLE orders AS SELECT range AS id, range % 3 AS customer FROM range(1204331);

-- %% Ask
SELECT customer, count(*) FROM orders GROUP BY ALL ORDER BY ALL;
`;
const QUERIES = 'SELECT customer, count(*) FROM orders GROUP BY ALL ORDER BY ALL;\n';
const SECRET = 'correct horse battery staple';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const profileDir = mkdtempSync(join(tmpdir(), 'kodiak-profile-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'sales.kodiak.sql'), NOTEBOOK);
  writeFileSync(join(folder, 'queries.sql'), QUERIES);
  server = await startVscodeServer({
    extensionLink: '.',
    profileDir,
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.cache.minCostMs': 0 },
  });
  wb = await openWorkbench(server, { folder });
  wb.page.setDefaultTimeout(LIMIT_MS);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  for (const left of [folder, profileDir]) rmSync(left, { recursive: true, force: true });
});

function view() {
  return wb.page.locator('.part.panel .pane', { has: wb.page.locator('.pane-header', { hasText: 'Query History' }) });
}

/** How many prompts the terminal shows. */
const prompts = async () => (await wb.terminalText()).match(/kodiak[^>\n]*>/g)?.length ?? 0;

const rows = () => view().locator('.monaco-list-row');

/** A row by what a screen reader says of it. */
const row = (spoken) => view().locator(`.monaco-list-row[aria-label*="${spoken}"]`);

async function menu(item, title) {
  await wb.chooseFromMenu(item, title);
}

/** Presses a button in the title of the panel, which is that of the only view in it. */
async function press(label) {
  await wb.page.locator(`.part.panel > .title a.action-label[aria-label^="${label}"]`).click();
}

async function searchFor(words) {
  await press('Search Query History');
  await wb.page.locator('.quick-input-widget:visible .quick-input-box input').fill(words);
}

const historyFile = () => join(profileDir, 'data', 'data', 'User', 'globalStorage', 'kodiak-data.kodiak', 'history', 'statements.jsonl');
const recorded = () =>
  readFileSync(historyFile(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('an empty history says what will stand there', async () => {
  // The palette knows a command only once the extension has been read.
  await wb.openFile('queries.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().waitFor();
  await wb.runCommand('Kodiak: Show Query History');
  await view().getByText('Nothing was run yet.', { exact: false }).waitFor();
  await wb.screenshot('history-empty');
  // Cells would move under the pointer in the little room that the panel leaves.
  await wb.runCommand('View: Toggle Panel Visibility');
});

test('statements of a notebook, a file and a terminal appear by themselves, with who ran them and what came of it', async () => {
  await wb.openFile('sales.kodiak.sql');
  for (const [cell, end] of [
    [0, 'error'],
    [1, 'success'],
    [2, 'success'],
  ]) {
    await wb.runCell(cell);
    assert.equal(await wb.waitCellDone(cell, LIMIT_MS), end);
  }
  await wb.openFile('queries.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
  await wb.page.locator('.codelens-decoration', { hasText: '3 rows' }).waitFor();
  await wb.runCommand('Kodiak: Open REPL');
  await wb.until('the prompt is there', async () => (await prompts()) > 0, LIMIT_MS);
  await wb.typeInTerminal('select 42 as answer;\n');
  await wb.until('the answer is there', async () => (await wb.terminalText()).includes('42 │'), LIMIT_MS);
  await wb.typeInTerminal(`create secret s (type http, bearer_token '${SECRET}');\n`);
  await wb.until('the secret is made or not', async () => (await prompts()) >= 3, LIMIT_MS);
  await wb.typeInTerminal('.history 3\n');
  await wb.until('the terminal lists it', async () => /2 .*terminal +select 42 as answer/.test(await wb.terminalText()), LIMIT_MS);
  await wb.screenshot('history-terminal');
  await wb.runCommand('Kodiak: Show Query History');
  await row('terminal').first().waitFor();
  const spoken = await rows().evaluateAll((items) => items.map((item) => item.getAttribute('aria-label')));
  assert.match(spoken[0], /create secret s \(type http, bearer_token '\*\*\*'\), .*terminal/);
  assert.match(spoken[1], /^1 row, select 42 as answer, \d\d:\d\d:\d\d, .* terminal/);
  assert.match(spoken[2], /^3 rows, SELECT customer, .* SQL file queries\.sql, proved/);
  assert.match(spoken[3], /^3 rows, SELECT customer, .* notebook sales\.kodiak\.sql/);
  assert.match(spoken[4], /^done, CREATE TABLE orders .* notebook sales\.kodiak\.sql/);
  assert.match(spoken[5], /^failed, SELECT "<img src=x onerror=alert\(1\)>" FROM nowhere, .* notebook sales\.kodiak\.sql/);
  assert.equal(spoken.length, 6);
  await wb.pictures('history');
});

test('the file has the same, for its owner alone and without the secret', async () => {
  const text = readFileSync(historyFile(), 'utf8');
  assert.equal(text.includes(SECRET), false);
  assert.deepEqual(
    recorded().map(({ who, outcome, how }) => [who.kind, outcome, how?.kind]),
    [
      ['notebook', 'failed', undefined],
      ['notebook', 'done', 'run'],
      ['notebook', 'done', 'run'],
      ['sqlFile', 'done', 'proved'],
      ['terminal', 'done', 'run'],
      ['terminal', recorded()[5].outcome, recorded()[5].how?.kind],
    ],
  );
  assert.equal(statSync(historyFile()).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(historyFile())).mode & 0o777, 0o700);
});

test('pointing at a statement tells all of it', async () => {
  await row('failed').first().hover();
  const hover = wb.page.locator('.workbench-hover:visible', { hasText: 'Session:' });
  await hover.getByText('nowhere does not exist', { exact: false }).waitFor();
  await wb.screenshot('history-tooltip');
  await wb.page.keyboard.press('Escape');
});

test('words and filters leave what was looked for', async () => {
  await searchFor('group customer');
  await wb.until('two are left while typing', async () => (await rows().count()) === 2);
  await wb.page.keyboard.press('Enter');
  await view().getByText('Only: “group customer”').waitFor();
  await press('Filter Query History');
  await wb.pickRow('Notebooks');
  await wb.screenshot('history-filter');
  await wb.page.keyboard.press('Enter');
  await wb.until('one is left', async () => (await rows().count()) === 1);
  await wb.screenshot('history-filtered');
  await searchFor('nothing of it');
  await view().getByText('Nothing of that was run.', { exact: false }).waitFor();
  await wb.page.keyboard.press('Escape');
  await wb.until('Escape brings back what was there', async () => (await rows().count()) === 1);
  await press('Show All of the Query History');
  await wb.until('all are there again', async () => (await rows().count()) === 6);
});

test('a statement runs again in the panel, copies, and opens as SQL', async () => {
  await row('select 42').hover();
  await row('select 42').locator('a.action-label[aria-label^="Run Again"]').click();
  const panel = wb.webviewFrame('kodiak-data.kodiak');
  await panel.locator('[role=grid]').getByText('answer', { exact: true }).waitFor();
  await wb.runCommand('Kodiak: Show Query History');
  await wb.screenshot('history-again');
  // CREATE SECRET may change any answer: it is computed again.
  await row('ms, history').waitFor();
  await menu(row('CREATE TABLE orders'), 'Run Again');
  const dialog = wb.page.locator('.monaco-dialog-box', { hasText: 'It may change data' });
  await wb.screenshot('history-question');
  await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await menu(row('select 42').last(), 'Open as SQL Document');
  await wb.page.locator('.monaco-editor .view-line', { hasText: 'select 42 as answer;' }).first().waitFor();
});

test('several become a notebook, in the order in which they ran', async () => {
  // What a row tells under the pointer would lie over the others.
  await wb.page.mouse.move(700, 300);
  await wb.page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
  await row('CREATE TABLE orders').click();
  await row('select 42')
    .last()
    .click({ modifiers: ['Control'] });
  await menu(row('select 42').last(), 'Open as Notebook');
  await wb.cell(2).waitFor();
  await wb.outputFrame().getByText('From the query history').waitFor();
  await wb.cell(1).getByText('CREATE TABLE orders', { exact: false }).first().waitFor();
  await wb.cell(2).getByText('select 42 as answer', { exact: false }).first().waitFor();
  await wb.screenshot('history-notebook');
});

test('by keyboard: down to a statement, and run it', async () => {
  await wb.runCommand('Kodiak: Show Query History');
  const before = await rows().count();
  await row('select 42').first().click();
  await wb.page.keyboard.press('ArrowDown');
  await wb.page.keyboard.press('ArrowUp');
  await wb.page.keyboard.press('Control+Enter');
  await wb.runCommand('Kodiak: Show Query History');
  await wb.until('it is there once more', async () => (await rows().count()) === before + 1);
});

test('the database is backed up and put back, and both are in the history', async () => {
  const copy = join(folder, 'copy.duckdb');
  await wb.runCommand('Kodiak: Back Up Database…');
  await wb.nameFile(copy, /backup\.duckdb$/);
  await wb.notification('1 table with 1,204,331 rows').waitFor();
  assert.ok(existsSync(copy));
  await wb.runCommand('Kodiak: Restore Database…');
  await wb.nameFile(copy, /^\//);
  const dialog = wb.page.locator('.monaco-dialog-box', { hasText: 'Replace all contents of the database' });
  await wb.screenshot('history-restore-question');
  await dialog.locator('.monaco-button', { hasText: 'Restore' }).click();
  await wb.notification('1,204,331 rows were restored').waitFor();
  await wb.runCommand('Kodiak: Show Query History');
  await row('Restore the database from').first().waitFor();
  await row('Back up the database into').first().waitFor();
  await wb.screenshot('history-copies');
  await wb.runCommand('Notifications: Clear All Notifications');
});

test('switched off, nothing is recorded, and the view says so', async () => {
  const lines = recorded().length;
  const settings = join(folder, '.vscode', 'settings.json');
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, JSON.stringify({ 'kodiak.history.enabled': false }));
  const restart = wb.notification('restart');
  await restart.locator('.monaco-button').first().click();
  await wb.until('the view says that it is off', async () => (await view().getByText('The history is off').count()) > 0, LIMIT_MS);
  await wb.openFile('queries.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
  await wb.page.locator('.codelens-decoration', { hasText: /failed|error/i }).waitFor();
  await wb.runCommand('Kodiak: Show Query History');
  await wb.screenshot('history-off');
  assert.equal(recorded().length, lines);
});

test('clearing asks, and then nothing is left', async () => {
  await wb.runCommand('Kodiak: Clear Query History…');
  const dialog = wb.page.locator('.monaco-dialog-box', { hasText: 'Clear the query history?' });
  await dialog.locator('.monaco-button', { hasText: 'Clear' }).click();
  await view().getByText('The query history is off: statements are not recorded.').waitFor();
  await wb.screenshot('history-off-empty');
  assert.equal(existsSync(historyFile()), false);
});
