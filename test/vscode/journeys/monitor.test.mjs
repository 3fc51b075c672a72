// A person watches what goes on: figures over time, what runs in a notebook and a SQL file, what the cache holds; cancels and invalidates.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const ENDLESS = 'SELECT count(*) FROM range(100000000000)';
const NOTEBOOK = `-- %% Make
CREATE OR REPLACE TABLE orders AS SELECT range AS order_id, range % 7 AS customer_id, (range * 37 % 900) / 10 AS total FROM range(3000000);

-- %% Ask
SELECT customer_id, count(*) AS orders, sum(total) AS revenue
FROM orders
GROUP BY ALL
ORDER BY revenue DESC;

-- %% Slow
${ENDLESS} AS t(i) WHERE sqrt(i) < 0;

-- %% Hostile
SELECT count(DISTINCT order_id) AS "<img src=x onerror=alert(1)>", '\u202egnp' AS name FROM orders;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'load.kodiak.sql'), NOTEBOOK);
  writeFileSync(join(folder, 'slow.sql'), `${ENDLESS} AS u(i) WHERE i < 0;\n`);
  server = await startVscodeServer({
    extensionLink: '.',
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.cache.minCostMs': 0 },
  });
  wb = await openWorkbench(server, { folder, viewport: { width: 1500, height: 1100 } });
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const page = () => wb.webviewFrame(EXTENSION);
const section = (id) => page().locator(`[data-section="${id}"]`);
const rowsOf = (id) => section(id).locator('tbody tr');
const statusItem = (id) => wb.statusItem(`kodiak-data.kodiak.kodiak.${id}`);

async function openMonitor() {
  await wb.runCommand('Kodiak: Open Monitor');
  await page().locator('.monitor').waitFor();
}

/** Pixels of a graph that are not transparent, in the part where lines are. */
async function inkOf(id) {
  return await page()
    .locator(`[data-graph="${id}"] canvas`)
    .evaluate((canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      let pixels = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) pixels++;
      return pixels;
    });
}

test('before a database is open, the monitor says what to do', async () => {
  await statusItem('cache').waitFor();
  await openMonitor();
  await page().getByText('No database is open yet', { exact: false }).waitFor();
  await page().getByRole('button', { name: 'New SQL Notebook' }).waitFor();
  await wb.pictures('monitor-closed', page());
});

test('it shows what was before it was opened: hits, statements and entries with their proof', async () => {
  await wb.openFile('load.kodiak.sql');
  // The grid last: it moves the cells below.
  for (const index of [0, 3, 1]) {
    await wb.runCell(index);
    assert.equal(await wb.waitCellDone(index, 60_000), 'success');
  }
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  const entry = rowsOf('entries').filter({ hasText: 'GROUP BY ALL' });
  await entry.getByText(/main\.orders unchanged since/).waitFor();
  await wb.until('the entry has a hit', async () => (await entry.locator('td').nth(3).textContent()) === '1');
  await rowsOf('saved').filter({ hasText: 'GROUP BY ALL' }).waitFor();
  await rowsOf('slowest').filter({ hasText: 'CREATE OR REPLACE TABLE' }).getByText('notebook load.kodiak.sql').waitFor();
  await section('running').getByText('Nothing runs.', { exact: false }).waitFor();
  assert.equal(await page().locator('img').count(), 0);
  assert.deepEqual(wb.policyOffences, []);
});

test('the graphs are drawn, have words for those who do not see them, and the numbers of the status bar', async () => {
  for (const id of ['cache', 'memory', 'connections', 'parallel']) {
    await wb.until(`the graph of ${id} has lines`, async () => (await inkOf(id)) > 500);
    const label = await page().locator(`[data-graph="${id}"] [role=img]`).getAttribute('aria-label');
    assert.match(label, /In the last 15 minutes .*: now .*, lowest .*, highest /);
  }
  await wb.until('both have the same numbers', async () => {
    const [hits, memory, connections] = await Promise.all(['cache', 'memory', 'connections'].map((id) => statusItem(id).textContent()));
    const now = async (id) => (await page().locator(`[data-graph="${id}"] .monitor-now`).textContent()) ?? '';
    return (
      (await now('cache')).replace(' ', '').startsWith(hits.trim()) &&
      (await now('memory')) === memory.trim().replace(' / ', ' of ') &&
      (await now('connections')).startsWith(connections.trim().replace('/', ' of '))
    );
  });
  await wb.pictures('monitor-graphs', page());
});

test('what runs stands there with who runs it, and is cancelled from there', async () => {
  await wb.runCell(2);
  await wb.openFile('slow.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
  await wb.until('two statements run', async () => (await statusItem('parallel').textContent()).trim().startsWith('2/'));
  await openMonitor();
  const ofNotebook = rowsOf('running').filter({ hasText: 'notebook load.kodiak.sql' });
  await ofNotebook.getByText('sqrt(i)', { exact: false }).waitFor();
  await rowsOf('running').filter({ hasText: 'slow.sql' }).filter({ hasText: 'u(i)' }).waitFor();
  await wb.until('the time goes on', async () => /[3-9](\.\d)? s/.test(await ofNotebook.locator('td').nth(2).textContent()));
  await wb.pictures('monitor-running', page());
  await ofNotebook.getByRole('button', { name: /^Cancel the query of notebook/ }).click();
  await wb.until('one is left', async () => (await rowsOf('running').count()) === 1);
  await wb.openFile('load.kodiak.sql');
  assert.equal(await wb.waitCellDone(2), 'error');
  await wb.outputFrame().getByText('The query was cancelled from the Kodiak Monitor.').first().waitFor();
  await wb.screenshot('monitor-cancelled');
});

test('by keyboard: to a row, between rows, and its button', async () => {
  const first = rowsOf('running').first();
  await first.focus();
  assert.equal(await first.getAttribute('tabindex'), '0');
  await wb.page.keyboard.press('Tab');
  await wb.until('the focus is on the button', async () => await first.locator('button').evaluate((one) => one === document.activeElement));
  await wb.page.keyboard.press('Enter');
  await wb.until('nothing runs', async () => (await rowsOf('running').count()) === 0);
  await wb.runCommand('Kodiak Results: Focus on Results View');
  await page().getByText('The query was cancelled from the Kodiak Monitor.').first().waitFor();
  await openMonitor();
  await section('running').getByText('Nothing runs.', { exact: false }).waitFor();
  await rowsOf('entries').first().focus();
  await wb.page.keyboard.press('ArrowDown');
  await wb.until('the second row has the focus', async () =>
    rowsOf('entries')
      .nth(1)
      .evaluate((row) => row === document.activeElement),
  );
  await wb.page.keyboard.press('Home');
  const graph = page().locator('[data-graph="memory"] [role=img]');
  await graph.focus();
  await wb.page.keyboard.press('ArrowLeft');
  await page()
    .locator('[data-graph="memory"] .monitor-now', { hasText: /^at \d\d:\d\d:\d\d$/ })
    .waitFor();
  await wb.screenshot('monitor-keyboard');
});

test('an entry that is invalidated is computed by the next run', async () => {
  const entry = rowsOf('entries').filter({ hasText: 'GROUP BY ALL' });
  await entry.getByRole('button', { name: /^Invalidate SELECT customer_id/ }).click();
  await entry.waitFor({ state: 'detached' });
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  const status = wb.cell(1).locator('.cell-status-left');
  await status.getByText(/7 rows/).waitFor();
  assert.doesNotMatch((await status.textContent()) ?? '', /proved/);
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  await status.getByText(/7 rows .* proved/).waitFor();
});

test('a graph follows the width of the view', async () => {
  const canvas = page().locator('[data-graph="cache"] canvas');
  const before = (await canvas.boundingBox()).width;
  await wb.page.setViewportSize({ width: 1000, height: 1100 });
  await wb.until('it has another width', async () => Math.abs((await canvas.boundingBox()).width - before) > 20);
  await wb.screenshot('monitor-narrow');
  await wb.page.setViewportSize({ width: 1500, height: 1100 });
});

test('an item of the status bar says more in its tooltip, and can be hidden and shown', async () => {
  const hover = wb.page.locator('.workbench-hover, .monaco-hover').filter({ hasText: 'Kodiak: cache' });
  // New figures close the tooltip that is open.
  await wb.until('its tooltip is there', async () => {
    await wb.page.mouse.move(700, 300);
    await statusItem('cache').hover();
    return await hover
      .getByText('Open Monitor')
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
  });
  await wb.screenshot('monitor-tooltip');
  await wb.page.mouse.move(700, 300);
  await statusItem('memory').click({ button: 'right' });
  await wb.page.getByRole('menuitem', { name: "Hide 'Kodiak: memory'" }).click();
  await statusItem('memory').waitFor({ state: 'hidden' });
  await statusItem('cache').click({ button: 'right' });
  await wb.page.getByRole('menuitemcheckbox', { name: 'Kodiak: memory' }).click();
  await statusItem('memory').waitFor();
});

test('after a restart the graphs begin anew, and it is said', async () => {
  await wb.runCommand('Kodiak: Restart the Server');
  await wb.runCell(1).catch(() => undefined);
  await page().locator('.monitor-notice', { hasText: 'The server was started anew at' }).waitFor();
  await wb.screenshot('monitor-restarted');
});

test('a database that cannot be opened is said in the monitor and in colour below', async () => {
  const settings = join(folder, '.vscode', 'settings.json');
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  writeFileSync(settings, JSON.stringify({ 'kodiak.database.path': 'nowhere/at/all.duckdb' }));
  await wb.notification('need a restart').getByRole('button', { name: 'Restart Now' }).click();
  await wb.runCell(1);
  await wb.page.locator('.statusbar-item.error-kind[id="kodiak-data.kodiak.kodiak.cache" i]').waitFor();
  await page().locator('.monitor-closed[data-trouble=true]', { hasText: 'nowhere' }).waitFor();
  await page().getByRole('button', { name: 'Restart the Server' }).waitFor();
  await wb.screenshot('monitor-failed');
});
