// A person checks data with assert cells: in the notebook, and in the Testing view without opening it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const HOSTILE = '<img src=x onerror=alert(1)>';
const ORDERS = `CREATE OR REPLACE TEMP TABLE orders AS
SELECT range AS order_id, CASE WHEN range % 25 = 0 THEN NULL ELSE range % 7 END AS customer_id, '${HOSTILE}' AS note
FROM range(100);`;
const CHECKS = `-- %% Load
${ORDERS}

-- %% assert Ids are unique
SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1;

-- %% assert Each order has a customer
SELECT order_id, customer_id, note FROM orders WHERE customer_id IS NULL ORDER BY ALL;

-- %% assert No order is missing
SELECT count(*) = 100 FROM orders;

-- %% assert Nothing asked
CREATE OR REPLACE TEMP TABLE nothing AS SELECT 1 AS a;
`;
const NAMED = `-- %% Counts name=daily
SELECT range AS day FROM range(3);

-- %% params
SET VARIABLE most = 2;

-- %% assert Days are few
SELECT max(day) <= $most FROM daily;
`;
const SLOW = `-- %% assert Takes long
SELECT count(*) = 0 FROM range(100000000000) WHERE hash(range) = 1;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'checks.kodiak.sql'), CHECKS);
  writeFileSync(join(folder, 'slow.kodiak.sql'), SLOW);
  writeFileSync(join(folder, 'named.kodiak.sql'), NAMED);
  writeFileSync(join(folder, 'plain.kodiak.sql'), '-- %% Nothing to assert\nSELECT 42;\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1500, height: 1200 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A row of the Testing view, by its title. */
function testRow(title) {
  return wb.page
    .locator('.test-explorer .monaco-list-row')
    .filter({ has: wb.page.locator('.label').getByText(title, { exact: false }) })
    .first();
}

/** Waits until the row of a test shows a state, which its icon names. */
async function untilState(title, state) {
  await testRow(title).locator(`.codicon-testing-${state}-icon`).waitFor();
}

test('the Testing view lists the assertions of notebooks that nobody has opened', async () => {
  await wb.page.locator('.activitybar .action-label[aria-label^="Testing"]').click();
  await testRow('checks.kodiak.sql').waitFor();
  await testRow('slow.kodiak.sql').waitFor();
  assert.equal(await testRow('plain.kodiak.sql').count(), 0);
});

test('running them there needs no editor, and says what failed and why', async () => {
  await testRow('checks.kodiak.sql').hover();
  await testRow('checks.kodiak.sql').locator('.action-label[aria-label*="Run Test"]').first().click();
  await untilState('checks.kodiak.sql', 'error');
  await testRow('checks.kodiak.sql').locator('.monaco-tl-twistie').click();
  await untilState('Ids are unique', 'passed');
  await untilState('Each order has a customer', 'failed');
  await untilState('No order is missing', 'passed');
  await untilState('Nothing asked', 'error');
  assert.equal(await wb.page.locator('.tab').count(), 0);
  const message = wb.page
    .locator('.test-output-peek-tree .monaco-list-row', { hasText: 'Each order has a customer: Expected no rows' })
    .first();
  await message.click();
  await wb.pictures('assert-tests');
});

test('named results and parameters of the cells before are there', async () => {
  await testRow('named.kodiak.sql').hover();
  await testRow('named.kodiak.sql').locator('.action-label[aria-label*="Run Test"]').first().click();
  await untilState('named.kodiak.sql', 'passed');
});

test('a file that changes is read again, and its tests with it', async () => {
  writeFileSync(join(folder, 'later.kodiak.sql'), '-- %% assert Later\nSELECT true;\n');
  await testRow('later.kodiak.sql').waitFor();
  rmSync(join(folder, 'later.kodiak.sql'));
  await testRow('later.kodiak.sql').waitFor({ state: 'detached' });
  writeFileSync(join(folder, 'checks.kodiak.sql'), CHECKS.replace('Nothing asked', 'Renamed'));
  await testRow('Renamed').waitFor();
  writeFileSync(join(folder, 'checks.kodiak.sql'), CHECKS);
  await testRow('Nothing asked').waitFor();
});

test('a long one is cancelled from the view', async () => {
  await testRow('slow.kodiak.sql').hover();
  await testRow('slow.kodiak.sql').locator('.action-label[aria-label*="Run Test"]').first().click();
  const stop = wb.page.locator('.part.sidebar .action-label.codicon-testing-cancel-icon').first();
  await stop.click();
  await untilState('slow.kodiak.sql', 'skipped');
});

test('in the notebook each says below its cell how it came out, and a run there is told in the view', async () => {
  await wb.openFile('checks.kodiak.sql');
  for (const [index, title, text, end] of [
    [0, 'Load', '', 'success'],
    [1, 'Ids are unique', 'passed', 'success'],
    [2, 'Each order has a customer', 'failed: 4 rows', 'error'],
    [3, 'No order is missing', 'passed', 'success'],
    [4, 'Nothing asked', 'no assertion', 'error'],
  ]) {
    await wb.runCell(index);
    assert.equal(await wb.waitCellDone(index), end);
    await wb.cell(index).locator('.cell-status-left', { hasText: title }).waitFor();
    await wb.cell(index).locator('.cell-status-left', { hasText: text }).waitFor();
  }
  await wb.revealCell(2);
  const output = wb.outputFrame();
  await output.getByText('Each order has a customer: Expected no rows, got 4 rows.', { exact: false }).first().waitFor();
  await output.getByRole('gridcell', { name: HOSTILE }).first().waitFor();
  assert.equal(await output.locator('img').count(), 0);
  await wb.pictures('assert-notebook');
});

test('what is edited and not saved is what counts', async () => {
  await wb.revealCell(4);
  await wb.cell(4).locator('.monaco-editor').first().click();
  await wb.page.keyboard.press('ControlOrMeta+a');
  await wb.page.keyboard.type('SELECT bool_and(order_id < 50) FROM orders;');
  await testRow('Nothing asked').hover();
  await testRow('Nothing asked').locator('.action-label[aria-label*="Run Test"]').first().click();
  await untilState('Nothing asked', 'failed');
  await wb.page.keyboard.press('ControlOrMeta+a');
  await wb.page.keyboard.type('SELECT bool_and(order_id < 500) FROM orders;');
  await wb.runCell(4);
  assert.equal(await wb.waitCellDone(4), 'success');
  await untilState('Nothing asked', 'passed');
  await wb.screenshot('assert-edited');
});
