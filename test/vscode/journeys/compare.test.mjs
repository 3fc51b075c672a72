// A person pins a result, runs the cell again after the data has changed, and looks at what differs.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const NOTEBOOK = `-- %% Orders
CREATE OR REPLACE TABLE orders AS
SELECT range AS order_id, 'customer ' || range % 7 AS customer, (range * 37 % 101)::DECIMAL(9, 2) AS total FROM range(2000);

-- %% All orders
SELECT * FROM orders ORDER BY order_id;

-- %% Changes
UPDATE orders SET total = total + 1 WHERE order_id % 500 = 3;
UPDATE orders SET customer = NULL WHERE order_id = 3;
DELETE FROM orders WHERE order_id IN (10, 11);
INSERT INTO orders VALUES (5000, '<img src=x onerror=alert(1)>', 1);
`;
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'orders.kodiak.sql'), NOTEBOOK);
  server = await startVscodeServer({ extensionLink: '.' });
  wb = await openWorkbench(server, { folder });
});

after(async () => {
  assert.deepEqual(wb?.policyOffences, []);
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function comparison() {
  return wb.webviewFrame('kodiak-data.kodiak');
}

async function run(index) {
  await wb.runCell(index);
  assert.equal(await wb.waitCellDone(index), 'success');
}

function pageText() {
  return comparison().locator('body').innerText();
}

test('a pinned result stays below the newer one', async () => {
  await wb.openFile('orders.kodiak.sql');
  await run(0);
  await run(1);
  await wb.runCommand('Kodiak: Pin Result');
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor();
  await run(2);
  await run(1);
  await wb.outputFrame().getByText('Pinned at', { exact: false }).waitFor();
  await wb.screenshot('compare-pinned');
});

test('it is compared with the newer one by its key, and what changed is marked', async () => {
  await wb.revealCell(1);
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').click();
  await comparison().getByRole('button', { name: '1 added' }).waitFor();
  const text = await pageText();
  for (const part of [
    '1 added',
    '2 removed',
    '4 changed',
    '1,994 unchanged',
    'Rows are paired by order_id',
    'total in 4 rows, customer in 1 row',
  ]) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  const cell = comparison().locator('.slick-cell.kodiak-diff-now').first();
  await cell.waitFor();
  assert.equal(await cell.getAttribute('aria-description'), 'changed');
  assert.equal(await comparison().locator('.slick-cell.kodiak-diff-changed').count(), 4);
  assert.ok(text.includes('<img src=x onerror=alert(1)>'));
  assert.equal(await comparison().locator('img').count(), 0);
  await wb.pictures('compare', comparison());
});

test('kinds are hidden and shown by the keyboard, and unchanged rows on request', async () => {
  await comparison().getByRole('button', { name: '4 changed' }).focus();
  await wb.page.keyboard.press('Enter');
  await wb.until('changed rows are hidden', async () => (await comparison().locator('.slick-cell.kodiak-diff-changed').count()) === 0);
  assert.equal(await comparison().getByRole('button', { name: '4 changed' }).getAttribute('aria-pressed'), 'false');
  await comparison().getByRole('button', { name: '1,994 unchanged' }).click();
  await wb.until('unchanged rows are shown', async () => (await comparison().locator('.slick-cell.kodiak-diff-unchanged').count()) > 0);
  await wb.screenshot('compare-unchanged');
});

test('another key pairs rows in another way, and says where it repeats', async () => {
  await comparison().getByRole('button', { name: 'Change Key…' }).click();
  await wb.quickPickRows();
  await wb.pickRow('order_id');
  await wb.pickRow('customer');
  await wb.page.keyboard.press('Enter');
  await comparison().getByText('The key customer repeats', { exact: false }).waitFor();
  await wb.screenshot('compare-other-key');
});

test('any two results can be compared', async () => {
  await wb.openFile('orders.kodiak.sql');
  await wb.runCommand('Kodiak: Compare Results…');
  const rows = await wb.quickPickRows();
  assert.match(rows[0] ?? '', /All orders, pinned at/);
  await wb.page.keyboard.press('Enter');
  await wb.until('the second is asked for', async () =>
    /which result is now/.test(await wb.page.locator('.quick-input-widget').innerText()),
  );
  await wb.page.keyboard.press('Enter');
  await comparison().getByRole('button', { name: '1 added' }).waitFor();
});

test('a pinned result is there again after a reload, and is compared with what its cell gives then', async () => {
  const kept = join(dirname(server.extensionsDir), 'data', 'data', 'User', 'globalStorage', 'kodiak-data.kodiak', 'results', 'cells');
  await wb.until('three cells and the pin are kept', async () => readdirSync(kept).filter((name) => name.endsWith('.json')).length === 4);
  await wb.reload();
  await wb.openFile('orders.kodiak.sql');
  await wb.revealCell(1);
  await wb.outputFrame().getByText('Pinned at', { exact: false }).waitFor();
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor();
  await wb.screenshot('compare-reopened');
  // Both are on the disk.
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').click();
  await comparison().getByRole('button', { name: '4 changed' }).waitFor();
  // The database was in memory and is gone: the orders are as they were at first.
  await wb.openFile('orders.kodiak.sql');
  await run(0);
  await run(1);
  await wb.outputFrame().getByText('Pinned at', { exact: false }).waitFor();
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').click();
  await comparison().getByRole('button', { name: '2,000 unchanged' }).waitFor();
  await wb.screenshot('compare-with-reopened');
});

test('a pin outlives a change of its cell, and is gone for good when it is taken away', async () => {
  await wb.openFile('orders.kodiak.sql');
  await wb.revealCell(1);
  await wb.cell(1).locator('.view-line').last().click();
  await wb.page.keyboard.press('Control+End');
  await wb.page.keyboard.type(' -- a remark');
  await wb.page.keyboard.press('Control+s');
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  await wb.reload();
  await wb.openFile('orders.kodiak.sql');
  await wb.revealCell(1);
  await wb.outputFrame().getByText('Pinned at', { exact: false }).waitFor();
  // Moved with its cell, and with a cell that was deleted and came back.
  await wb.cell(1).locator('.view-line').last().click();
  await wb.page.keyboard.press('Escape');
  await wb.page.keyboard.press('Alt+ArrowDown');
  await wb.cell(2).locator('.cell-status-left .codicon-pinned').waitFor();
  await wb.page.keyboard.press('Alt+ArrowUp');
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor();
  await wb.runCommand('Notebook: Delete Cell');
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor({ state: 'hidden' });
  await wb.page.keyboard.press('Control+z');
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor();
  await wb.screenshot('compare-moved');
  await wb.cell(1).locator('.view-line').last().click();
  await wb.runCommand('Kodiak: Unpin Result');
  await wb.cell(1).locator('.cell-status-left .codicon-pinned').waitFor({ state: 'hidden' });
  // VS Code writes down what a window remembers a moment later.
  await wb.page.waitForTimeout(2_000);
  await wb.reload();
  await wb.openFile('orders.kodiak.sql');
  await wb.revealCell(1);
  await wb.outputFrame().locator('[role=grid]').first().waitFor();
  assert.equal(await wb.outputFrame().getByText('Pinned at', { exact: false }).count(), 0);
});
