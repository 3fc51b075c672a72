// A person sees which outputs are out of date and why, runs exactly those again, and runs independent cells side by side.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const NOTEBOOK = `-- %% Orders
CREATE OR REPLACE TABLE orders AS SELECT range AS id, range % 5 AS customer FROM range(1000);
-- %% Sums
SELECT customer, count(*) AS n FROM orders GROUP BY ALL ORDER BY ALL;
-- %% Answer
SELECT 42 AS answer;
-- %% From a file
SELECT * FROM 'rows.csv';
-- %% Insert
INSERT INTO orders VALUES (5000, 1);
`;
/** A long query, an endless one that knows nothing of it, one that fails, and one that needs that. */
const PARALLEL = `-- %%
SELECT count(*) FROM range(200000000) t(a) WHERE hash(a) % 3 = 1;
-- %%
SELECT count(*) FROM range(100000000000) t(a) WHERE hash(a) % 5 = 1;
-- %% Broken
CREATE TABLE broken AS SELECT missing;
-- %% Needs it
SELECT * FROM broken;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'orders.kodiak.sql'), NOTEBOOK);
  writeFileSync(join(folder, 'parallel.kodiak.sql'), PARALLEL);
  writeFileSync(join(folder, 'rows.csv'), 'a,b\n1,one\n2,two\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1400 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the line below a cell says. */
async function line(index) {
  const texts = await wb.cell(index).locator('.cell-status-item').allTextContents();
  return texts.map((text) => text.trim()).join(' | ');
}

async function untilLine(index, pattern, limitMs) {
  await wb.until(`the line below cell ${index} says ${pattern}`, async () => pattern.test(await line(index)), limitMs);
}

async function executionOrders(count) {
  const orders = [];
  for (let index = 0; index < count; index++) {
    await wb.revealCell(index);
    orders.push((await wb.cell(index).locator('.execution-count-label').first().textContent()).trim());
  }
  return orders;
}

async function graphPictures(page, name) {
  for (const [theme, kind] of [
    ['Default Light Modern', 'light'],
    ['Default High Contrast', 'high-contrast'],
    ['Default Dark Modern', 'dark'],
  ]) {
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    await page.locator(`body.vscode-${kind}`).waitFor({ state: 'attached' });
    await wb.screenshot(`${name}-${kind}`);
  }
}

const staleItem = () => wb.statusItem('kodiak-data.kodiak.kodiak.stale');

test('after a run of all, outputs are fresh but for what a later cell wrote to', async () => {
  await wb.openFile('orders.kodiak.sql');
  await wb.page.locator('.notebookOverlay:not([style*="visibility: hidden"]) .monaco-list-row').first().waitFor({ state: 'attached' });
  await wb.runAllCells();
  for (const index of [0, 1, 2, 3, 4]) assert.equal(await wb.waitCellDone(index, 60_000), 'success', `cell ${index}`);
  await untilLine(1, /stale: main\.orders was changed by the cell "Insert"/);
  await untilLine(2, /1 row · .* \| fresh/);
  await untilLine(3, /2 rows · .* \| (?:fresh|may differ)/);
  await wb.until('the number is told', async () => (await staleItem().textContent()).includes('1 stale'));
  await wb.screenshot('stale-after-run-all');
});

test('a click on the line runs the cell again, and it is fresh', async () => {
  await wb.cell(1).locator('.cell-status-item', { hasText: 'stale' }).click();
  await untilLine(1, /5 rows · .* \| fresh/);
  await wb.until('no number is told', async () => !(await staleItem().isVisible()));
});

test('a write in the REPL and a file on disk make their outputs stale, and no others', async () => {
  await wb.runCell(3);
  assert.equal(await wb.waitCellDone(3), 'success');
  await untilLine(3, /fresh/);
  await wb.runCommand('Kodiak: Open REPL');
  await wb.until('the prompt is there', async () => (await wb.terminalText()).match(/kodiak[^>\n]*>/) !== null, 30_000);
  await wb.typeInTerminal('delete from orders where customer = 3;\n');
  await untilLine(1, /stale: main\.orders was changed by a terminal/);
  writeFileSync(join(folder, 'rows.csv'), 'a,b\n1,one\n2,two\n3,three\n');
  await untilLine(3, /stale: rows\.csv changed on disk at \d\d:\d\d/);
  assert.match(await line(2), /fresh/);
  await wb.until('the number is told', async () => (await staleItem().textContent()).includes('2 stale'));
  await wb.runCommand('View: Toggle Panel Visibility');
  await wb.pictures('stale');
});

test('Run Stale Cells runs exactly those', async () => {
  const before = await executionOrders(5);
  await wb.runCommand('Kodiak: Run Stale Cells');
  await untilLine(1, /4 rows · .* \| fresh/);
  await untilLine(3, /3 rows · .* \| fresh/);
  const after = await executionOrders(5);
  assert.deepEqual(
    after.map((order, index) => order !== before[index]),
    [false, true, false, true, false],
  );
  await wb.until('no number is told', async () => !(await staleItem().isVisible()));
});

test('an edited cell is stale, and with it what builds on it', async () => {
  await wb.cell(0).locator('.monaco-editor').first().click();
  await wb.page.keyboard.press('Control+End');
  await wb.page.keyboard.type(' -- edited');
  await untilLine(0, /stale: the cell's text was edited/);
  await untilLine(1, /stale: the cell "Orders", which it depends on, is stale/);
  await untilLine(4, /stale: the cell "Orders", which it depends on, is stale/);
  assert.match(await line(2), /fresh/);
  await wb.until('the number is told', async () => (await staleItem().textContent()).includes('3 stale'));
  await wb.screenshot('stale-edited');
});

test('the dependency graph shows what builds on what, live, and leads to the cells', async () => {
  await wb.runCommand('Kodiak: Show Dependency Graph');
  const page = wb.webviewFrame('kodiak-data.kodiak');
  const box = (cell) => page.locator(`.graph-cell[data-cell="${cell}"]`);
  await box(1).waitFor();
  await wb.until('the line is there', async () =>
    /reads main\.orders, which the cell "Orders" writes/.test(await box(1).getAttribute('aria-label')),
  );
  assert.match(await box(0).getAttribute('aria-label'), /stale: the cell's text was edited/);
  assert.match(await box(2).getAttribute('aria-label'), /fresh/);
  const list = page.locator('.graph-list > li');
  assert.equal(await list.count(), 5);
  await graphPictures(page, 'graph');
  await list.nth(1).getByRole('button').click();
  await wb.until('the cell is the one that is worked in', async () => /focused/.test(await wb.cell(1).getAttribute('class')));
  await wb.runCommand('Kodiak: Run Stale Cells');
  await wb.until('all but one are fresh', async () => (await page.locator('.graph-cell[data-state="stale"]').count()) <= 1);
  assert.deepEqual(
    wb.policyOffences.filter((text) => text.includes('graph')),
    [],
  );
});

test('independent cells run at the same time; what depends on a failure is not run and says so', async () => {
  await wb.openFile('parallel.kodiak.sql');
  await wb.page.locator('.notebookOverlay:not([style*="visibility: hidden"]) .monaco-list-row').first().waitFor({ state: 'attached' });
  await wb.runAllCells();
  await wb.until(
    'both show their progress',
    async () => /\d/.test(await line(0)) && /\d/.test(await line(1)) && !/rows/.test(await line(0)),
    30_000,
  );
  await wb.screenshot('parallel-running');
  await wb.stopCell(1);
  assert.equal(await wb.waitCellDone(1), 'error');
  assert.equal(await wb.waitCellDone(0, 120_000), 'success');
  assert.equal(await wb.waitCellDone(2, 60_000), 'error');
  await untilLine(3, /not run: The cell "Broken" failed, and this cell/);
  await wb.screenshot('parallel-ended');
});
