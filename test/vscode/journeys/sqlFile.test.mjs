// A person works in a .sql file: completion, hover, an error, running, a plan, a long run, formatting; and renames across cells.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const QUERIES = `CREATE OR REPLACE TABLE orders AS
SELECT range AS order_id, range % 7 AS customer_id, (range * 37 % 900) / 10 AS total
FROM range(100000);

SELECT customer_id, count(*) AS orders, sum(total) AS revenue
FROM orders
GROUP BY ALL
ORDER BY revenue DESC;

SELECT order_id, totl FROM orders;

SELECT count(*) FROM range(100000000000);

FROM orders;

SELECT '<img src=x onerror=alert(1)>' AS "<b>name</b>";
`;
const NOTEBOOK = `-- %% Make
CREATE OR REPLACE TABLE visits AS SELECT range AS visit_id FROM range(10);

-- %% Ask
SELECT count(*) FROM visits;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
/** What the browser refused to the panel's page. */
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'queries.sql'), QUERIES);
  writeFileSync(join(folder, 'rename.kodiak.sql'), NOTEBOOK);
  writeFileSync(join(folder, 'rows.ts'), 'const rows = await sql`SELECT 7 // 2 AS answer FROM t QUALIFY true`;\n');
  server = await startVscodeServer({
    extensionLink: '.',
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.cache.minCostMs': 0 },
  });
  wb = await openWorkbench(server, { folder });
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function panel() {
  return wb.webviewFrame(EXTENSION);
}

async function goTo(line, column = 1) {
  await wb.page.keyboard.press('Control+g');
  await wb.page.locator('.quick-input-widget .quick-input-box input').fill(`:${line}:${column}`);
  await wb.page.keyboard.press('Enter');
  await wb.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

test('a lens runs its statement, the panel shows the rows, and the lens how it ended', async () => {
  await wb.openFile('queries.sql');
  const lens = wb.page.locator('.codelens-decoration a', { hasText: 'Run' });
  await lens.first().click();
  await panel().getByText('CREATE', { exact: false }).first().waitFor();
  await wb.page
    .locator('.codelens-decoration', { hasText: /100,000 rows|done|changed/ })
    .first()
    .waitFor();
  await lens.nth(1).click();
  const grid = panel().locator('[role=grid]');
  await grid.getByText('customer_id', { exact: true }).waitFor();
  await wb.page.locator('.codelens-decoration', { hasText: /7 rows · \S+ ms/ }).waitFor();
  await wb.screenshot('panel-lens-run');
});

test('Ctrl+Enter runs the statement at the cursor, in the session of the file', async () => {
  await goTo(14, 3);
  await wb.page.keyboard.press('Control+Enter');
  const grid = panel().locator('[role=grid]');
  await panel().getByText('100,000 rows × 3 columns', { exact: false }).waitFor();
  await wb.until(
    'the editor keeps the focus',
    async () => await wb.page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null),
  );
  await grid.focus();
  await wb.page.keyboard.press('Control+End');
  await grid.getByText('99999', { exact: true }).waitFor();
  await wb.screenshot('panel-grid-end');
});

test('the rows are where they were after another view was looked at', async () => {
  await wb.runCommand('Problems: Focus on Problems View');
  await wb.page.locator('.markers-panel').waitFor();
  await wb.runCommand('Kodiak Results: Focus on Results View');
  await panel().locator('[role=grid]').getByText('99999', { exact: true }).waitFor();
});

test('values, names and titles are text and never HTML, and the policy of the page was not offended', async () => {
  await goTo(16);
  await wb.page.keyboard.press('Control+Enter');
  await panel().getByRole('gridcell', { name: '<img src=x onerror=alert(1)>' }).waitFor();
  await panel()
    .getByRole('tab', { name: /<img src=x/ })
    .waitFor();
  await panel().getByText('<b>name</b>', { exact: true }).waitFor();
  assert.equal(await panel().locator('img, b').count(), 0);
  assert.deepEqual(wb.policyOffences, []);
  await panel()
    .getByRole('tab', { name: /<img src=x/ })
    .press('Delete');
});

test('the same statement again is proved, and takes the place of its first run', async () => {
  const tabs = await panel().locator('.results-tab').count();
  await goTo(5);
  await wb.page.keyboard.press('Control+Enter');
  await panel().getByText('proved: ', { exact: false }).first().waitFor();
  await wb.page.locator('.codelens-decoration', { hasText: /7 rows · \S+ ms · proved/ }).waitFor();
  assert.equal(await panel().locator('.results-tab').count(), tabs);
  await wb.screenshot('panel-proved');
});

test('an error is said with its place, which a click goes to', async () => {
  await goTo(10);
  await wb.page.keyboard.press('Control+Enter');
  const alert = panel().locator('[role=alert]');
  await alert.getByText('totl', { exact: false }).first().waitFor();
  await wb.screenshot('panel-error');
  await goTo(1);
  await alert.getByRole('button', { name: 'queries.sql:10:18' }).click();
  await wb.page.locator('.statusbar-item', { hasText: 'Ln 10, Col 18' }).waitFor();
  await wb.page.locator('.codelens-decoration', { hasText: 'failed: Binder Error' }).waitFor();
});

test('a long run tells its time and stops at once', async () => {
  await goTo(12);
  await wb.page.keyboard.press('Control+Enter');
  await panel()
    .locator('.results-status', { hasText: /running [1-9]\d*\.\d s/ })
    .waitFor();
  await wb.screenshot('panel-running');
  const began = Date.now();
  await panel().getByRole('button', { name: 'Cancel' }).click();
  await panel().locator('.results-status', { hasText: 'cancelled after' }).waitFor();
  assert.ok(Date.now() - began < 2000, `the click and its picture took ${Date.now() - began} ms`);
  await wb.screenshot('panel-cancelled');
});

test('a plan is a picture', async () => {
  await goTo(6);
  await wb.runCommand('Kodiak: Explain Cell or Statement');
  await panel()
    .getByRole('treeitem', { name: /^Group by/ })
    .first()
    .waitFor();
  await wb.screenshot('panel-plan');
});

test('the whole file stops at its first error; its other results stay', async () => {
  await wb.runCommand('Kodiak: Run All');
  const alert = panel().locator('[role=alert]');
  await alert.getByRole('button', { name: 'queries.sql:10:18' }).waitFor();
  await panel().getByRole('button', { name: '1 SELECT' }).waitFor();
  await panel().getByRole('button', { name: '2 Changes' }).waitFor();
  await panel().getByText('7 rows × 3 columns', { exact: false }).waitFor();
  await wb.screenshot('panel-run-all');
  await panel().getByRole('button', { name: '2 Changes' }).click();
  await panel()
    .getByText('CREATE', { exact: true })
    .or(panel().locator('pre', { hasText: 'CREATE' }))
    .last()
    .waitFor();
});

test('after a restart of the server the rows that are gone say so, and Run again brings them back', async () => {
  await panel()
    .getByRole('tab', { name: /^FROM orders/ })
    .click();
  await panel().getByText('100,000 rows × 3 columns', { exact: false }).waitFor();
  await wb.runCommand('Kodiak: Restart the Server');
  await panel().getByText('The Kodiak server was started anew', { exact: false }).waitFor();
  await wb.screenshot('panel-restarted');
  await goTo(1);
  await wb.page.keyboard.press('Control+Enter');
  await panel()
    .getByRole('tab', { name: /^CREATE/, selected: true })
    .waitFor();
  await panel()
    .getByRole('tab', { name: /^FROM orders/ })
    .click();
  await panel().getByRole('button', { name: 'Run again', exact: true }).first().click();
  await wb.until('the notice is gone', async () => (await panel().getByText('was started anew', { exact: false }).count()) === 0);
  const grid = panel().locator('[role=grid]');
  await grid.focus();
  await wb.page.keyboard.press('Control+End');
  await grid.getByText('99999', { exact: true }).waitFor();
});

test('the panel in high contrast and in light', async () => {
  await panel()
    .getByRole('tab', { name: /^SELECT order_id/ })
    .click();
  for (const [theme, name] of [
    ['Default High Contrast', 'panel-high-contrast'],
    ['Default Light Modern', 'panel-light'],
  ]) {
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    const kind = theme.includes('Light') ? 'vscode-light' : 'vscode-high-contrast';
    await panel().locator(`body.${kind}`).waitFor();
    await wb.screenshot(`${name}-error`);
    await panel()
      .getByRole('tab', { name: /^FROM orders/ })
      .click();
    await panel().locator('[role=grid]').focus();
    await wb.screenshot(name);
    await panel()
      .getByRole('tab', { name: /^SELECT order_id/ })
      .click();
  }
  rmSync(join(folder, '.vscode'), { recursive: true });
});

test('a tab is closed by the keyboard', async () => {
  const tabs = panel().locator('.results-tab');
  const count = await tabs.count();
  await tabs.last().focus();
  await wb.page.keyboard.press('Delete');
  await wb.until('one tab is less', async () => (await tabs.count()) === count - 1);
});

test('completion knows the columns of a table that was made', async () => {
  await goTo(14, 12);
  await wb.page.keyboard.type(' WHERE ');
  await wb.page.keyboard.press('Control+Space');
  const rows = wb.page.locator('.suggest-widget.visible .monaco-list-row');
  await rows.filter({ hasText: 'customer_id' }).first().waitFor();
  await wb.screenshot('completion');
  await wb.page.keyboard.press('Escape');
});

test('hover tells about a table', async () => {
  await wb.page
    .locator('.view-line span', { hasText: /^orders$/ })
    .last()
    .hover();
  const hover = wb.page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'customer_id' });
  await hover.first().waitFor();
  await wb.screenshot('hover');
  await wb.page.keyboard.press('Escape');
});

test('an error is marked while typing', async () => {
  await wb.page.locator('.squiggly-error').first().waitFor();
  await wb.runCommand('Problems: Focus on Problems View');
  await wb.page.locator('.markers-panel .monaco-list-row', { hasText: 'totl' }).first().waitFor();
  await wb.screenshot('error-squiggle');
});

test('a name changes in two cells at once', async () => {
  await wb.openFile('rename.kodiak.sql');
  await wb.cell(1).locator('.view-line span', { hasText: 'visits' }).last().click();
  await wb.page.keyboard.press('F2');
  const input = wb.page.locator('.rename-box input:visible');
  await input.fill('page_views');
  await wb.screenshot('rename');
  await wb.page.keyboard.press('Enter');
  for (const index of [0, 1]) await wb.cell(index).locator('.view-line', { hasText: 'page_views' }).first().waitFor();
  await wb.screenshot('renamed');
});

test('SQL has the grammar of DuckDB, in its files and in strings of other languages', async () => {
  await wb.openFile('rows.ts');
  await goTo(1, 57);
  await wb.runCommand('Developer: Inspect Editor Tokens and Scopes');
  const inspector = wb.page.locator('.token-inspect-widget');
  await inspector.getByText('keyword.other.sql', { exact: false }).first().waitFor();
  assert.match(await inspector.textContent(), /QUALIFY[\s\S]*meta\.embedded\.block\.sql/);
  await wb.screenshot('embedded-sql');
  await wb.page.keyboard.press('Escape');
  await wb.openFile('queries.sql');
  await goTo(7, 2);
  await wb.runCommand('Developer: Inspect Editor Tokens and Scopes');
  await inspector.getByText('source.sql.duckdb', { exact: false }).first().waitFor();
  await wb.page.keyboard.press('Escape');
});
