// A person sorts, filters, searches and sums up the rows of a grid: in the results panel and in a notebook, by mouse and by keyboard.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const HOSTILE = '<img src=x onerror=alert(1)>';
const ORDERS = `SELECT range AS order_id, range % 7 AS customer_id, (range * 37 % 900) / 10 AS total,
  DATE '2024-01-01' + (range % 366)::INTEGER AS day,
  CASE WHEN range % 11 = 0 THEN NULL WHEN range % 5 = 0 THEN '${HOSTILE}' ELSE 'note ' || range END AS "<b>note</b>"
FROM range(300000);
`;
const SLOW = `SELECT hash(range)::VARCHAR || hash(range + 1)::VARCHAR AS h FROM range(6000000);
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'orders.sql'), `${ORDERS}\n${SLOW}`);
  writeFileSync(join(folder, 'orders.kodiak.sql'), `-- %% Orders\n${ORDERS}\n-- %% After\nSELECT 42 AS answer;\n`);
  // Nothing is kept on disk: rows shall be gone with their server.
  const settings = { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.results.keepMegabytes': 0 };
  server = await startVscodeServer({ extensionLink: '.', settings });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1200 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function panel() {
  return wb.webviewFrame(EXTENSION);
}

function head(frame, name) {
  return frame.getByRole('columnheader', { name: new RegExp(`^${name}, `) }).last();
}

function gridOf(frame) {
  return frame.locator('[role=grid]').last();
}

/** The cells of a column that are drawn, from the top. */
async function column(frame, index) {
  const cells = await gridOf(frame)
    .locator('[role=gridcell]')
    .evaluateAll((all, wanted) => all.filter((cell) => cell.dataset.column === String(wanted)).map((cell) => cell.textContent), index);
  return cells.slice(0, 5);
}

async function until(frame, index, values) {
  await wb.until(
    `column ${index} begins with ${values}`,
    async () => (await column(frame, index)).slice(0, values.length).join() === values.join(),
    40_000,
  );
}

/** Clicks the lens above a statement. */
async function runStatement(index) {
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).nth(index).click();
}

test('a click on a head sorts, another turns the order, with Shift a second column is added', async () => {
  await wb.openFile('orders.sql');
  await runStatement(0);
  await panel().getByText('300,000 rows × 5 columns', { exact: false }).waitFor();
  await head(panel(), 'order_id').click();
  await head(panel(), 'order_id').click();
  await until(panel(), 0, ['299999', '299998']);
  assert.equal(await head(panel(), 'order_id').getAttribute('aria-sort'), 'descending');
  await head(panel(), 'customer_id').click();
  await until(panel(), 0, ['0', '7', '14']);
  assert.equal(await head(panel(), 'order_id').getAttribute('aria-sort'), null);
  await head(panel(), 'order_id').click({ modifiers: ['Shift'] });
  await head(panel(), 'order_id').click({ modifiers: ['Shift'] });
  await until(
    panel(),
    0,
    ['299999', '299992'].map((_, index) => String(299999 - (299999 % 7) - 7 * index)),
  );
  await panel().getByText('sorted by customer_id ↑, order_id ↓', { exact: true }).waitFor();
  await wb.screenshot('grid-sorted');
});

test('the last row of a sorted result is there at once, and rows stay pages', async () => {
  await gridOf(panel()).focus();
  await wb.page.keyboard.press('Control+End');
  await panel().getByRole('gridcell', { name: '6', exact: true }).last().waitFor();
  assert.ok((await gridOf(panel()).locator('[role=row]').count()) < 80);
});

test('a filter is filled in by the keyboard, says what is wrong, and can be removed by its chip', async () => {
  await gridOf(panel()).focus();
  await wb.page.keyboard.press('Control+Home');
  await wb.page.keyboard.press('ArrowRight');
  await wb.page.keyboard.press('ArrowRight');
  await wb.page.keyboard.press('Alt+ArrowDown');
  const form = panel().getByRole('dialog', { name: 'Filter total' });
  await form.getByLabel('Condition on total').selectOption('≥');
  const value = form.getByLabel('Value', { exact: true });
  await value.fill('much');
  await value.press('Enter');
  await form.getByText('“much” is not a number.').waitFor();
  await wb.screenshot('grid-filter-form');
  await value.fill('89.9');
  await value.press('Enter');
  await form.waitFor({ state: 'detached' });
  const count = panel().locator('.kodiak-status', { hasText: /^333 of 300,000 rows$/ });
  await count.waitFor();
  await panel().getByText('total ≥ 89.9', { exact: true }).waitFor();
  await wb.screenshot('grid-filtered');
  await panel().getByRole('button', { name: 'Remove the filter: total ≥ 89.9' }).click();
  await count.waitFor({ state: 'hidden' });
  await panel().getByRole('button', { name: 'Remove the order' }).click();
  await until(panel(), 0, ['0', '1']);
});

test('Escape closes the filter, and a date that is none is told by DuckDB', async () => {
  await head(panel(), 'day').hover();
  await head(panel(), 'day').getByRole('button', { name: 'Filter day' }).click();
  const form = panel().getByRole('dialog', { name: 'Filter day' });
  await form.getByLabel('Value', { exact: true }).fill('yesterday');
  await form.getByRole('button', { name: 'Filter', exact: true }).click();
  await form.getByRole('alert').getByText('yesterday', { exact: false }).waitFor();
  await form.getByLabel('Value', { exact: true }).press('Escape');
  await form.waitFor({ state: 'detached' });
  await wb.until('the grid has the focus', async () => await gridOf(panel()).evaluate((grid) => grid === document.activeElement));
});

test('the search shows the rows with a text, counts them, and goes from one to the next', async () => {
  await gridOf(panel()).focus();
  await wb.page.keyboard.press('Control+f');
  await wb.page.keyboard.type('NOTE 29999');
  await panel()
    .locator('.kodiak-status', { hasText: /^8 of 300,000 rows$/ })
    .waitFor();
  assert.deepEqual(await column(panel(), 4), ['note 29999', 'note 299991', 'note 299993', 'note 299994', 'note 299996']);
  await wb.page.keyboard.press('Enter');
  await gridOf(panel()).locator('.kodiak-active.kodiak-match', { hasText: 'note 299991' }).waitFor();
  await wb.screenshot('grid-found');
  await wb.page.keyboard.press('Escape');
  await until(panel(), 0, ['0', '1']);
});

test('hostile values are text in filters, chips and the profile', async () => {
  await gridOf(panel()).focus();
  await wb.page.keyboard.press('Control+Home');
  await wb.page.keyboard.press('End');
  await wb.page.keyboard.press('ArrowUp');
  await wb.page.keyboard.press('p');
  const profile = panel().getByRole('region', { name: 'Profile of <b>note</b>' });
  await profile.getByText('27,273 (9.1 %)').waitFor();
  await profile.getByRole('button', { name: HOSTILE }).click();
  await panel().locator('.kodiak-status', { hasText: '54,545 of 300,000 rows' }).waitFor();
  await panel().getByText(`<b>note</b> = “${HOSTILE}”`, { exact: true }).waitFor();
  assert.equal(await panel().locator('img, b').count(), 0);
  assert.deepEqual(wb.policyOffences, []);
  await wb.screenshot('grid-hostile');
});

test('the export writes the rows that are shown', async () => {
  await panel().getByRole('button', { name: 'Export…' }).click();
  await wb.nameFile(join(folder, 'shown.csv'), /\.csv$/);
  await wb.notification('54,545 rows (').waitFor();
  const lines = readFileSync(join(folder, 'shown.csv'), 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 54_546);
  assert.ok(lines.slice(1).every((line) => line.endsWith(HOSTILE)));
});

test('the profile of a number has a histogram, and is readable in every theme', async () => {
  await wb.runCommand('Notifications: Clear All Notifications');
  await head(panel(), 'total').hover();
  await head(panel(), 'total').getByRole('button', { name: 'Profile of total' }).click();
  const profile = panel().getByRole('region', { name: 'Profile of total' });
  await profile.getByRole('img', { name: /^Histogram of 20 bars/ }).waitFor();
  await profile.getByText('median', { exact: true }).waitFor();
  await gridOf(panel()).focus();
  await wb.page.keyboard.press('Control+f');
  await wb.page.keyboard.type('onerror');
  await panel().locator('.kodiak-match').first().waitFor();
  await head(panel(), 'total').click();
  await panel().locator('.kodiak-sort', { hasText: '↑' }).waitFor();
  await wb.page.keyboard.press('Alt+ArrowDown');
  await panel().getByRole('dialog', { name: 'Filter total' }).waitFor();
  await wb.pictures('grid-profile', panel());
  await panel().getByRole('dialog', { name: 'Filter total' }).getByLabel('Condition on total').press('Escape');
  await profile.getByRole('button', { name: 'Close (Escape)' }).press('Escape');
  await profile.waitFor({ state: 'detached' });
});

test('a long sort says that it runs, and is cancelled', async () => {
  await runStatement(1);
  await panel().getByText('6,000,000 rows × 1 column', { exact: false }).waitFor();
  await head(panel(), 'h').click();
  await panel().locator('.kodiak-status', { hasText: 'Sorting 6,000,000 rows…' }).waitFor();
  await wb.screenshot('grid-sorting');
  const began = Date.now();
  await panel().locator('.kodiak-bar').getByRole('button', { name: 'Cancel' }).click();
  await panel().locator('.kodiak-bar').waitFor({ state: 'hidden' });
  assert.ok(Date.now() - began < 3000, `the click and its picture took ${Date.now() - began} ms`);
  assert.equal(await head(panel(), 'h').getAttribute('aria-sort'), null);
});

test('the grid of a notebook does the same, and its keys do not move between cells', async () => {
  await wb.openFile('orders.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  const output = wb.outputFrame();
  await gridOf(output).focus();
  for (const key of ['ArrowUp', 'Enter', 'Enter']) await wb.page.keyboard.press(key);
  await until(output, 0, ['299999', '299998']);
  await wb.page.keyboard.press('f');
  const form = output.getByRole('dialog', { name: 'Filter order_id' });
  await form.getByLabel('Condition on order_id').selectOption('is one of');
  await form.getByLabel('Values, with commas between them').fill('12, 345, 6789');
  await wb.page.keyboard.press('Enter');
  await output.locator('.kodiak-status', { hasText: '3 of 300,000 rows' }).waitFor();
  await until(output, 0, ['6789', '345', '12']);
  await wb.page.keyboard.press('p');
  await output.getByRole('region', { name: 'Profile of order_id' }).getByRole('img').waitFor();
  await wb.pictures('grid-notebook-profile', output);
  await wb.page.keyboard.press('Escape');
  await wb.page.keyboard.press('Control+f');
  await wb.page.keyboard.type('345');
  await output.locator('.kodiak-status', { hasText: '1 of 300,000 rows' }).waitFor();
  await wb.screenshot('grid-notebook');
  assert.equal(await output.locator('[role=grid]').count(), 1);
});

test('rows that are gone with their server are not sorted, and Run again brings them back', async () => {
  await wb.runCommand('Kodiak: Restart the Server');
  const output = wb.outputFrame();
  await gridOf(output).focus();
  await wb.page.keyboard.press('Control+f');
  await output.locator('.kodiak-find input').fill('77');
  await output.getByRole('button', { name: 'Run again' }).click();
  await output.getByText('300,000 rows × 5 columns', { exact: false }).waitFor();
  // How the person sorted and filtered them stays with the cell.
  await until(output, 0, ['6789', '345', '12']);
});
