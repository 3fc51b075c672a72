// A person looks at ten million rows, arranges columns, selects, sums up and copies cells, and opens values, hostile ones included.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const ROWS = 10_000_000;
const BIG = `SELECT range AS id, range % 7 AS k, 'note ' || range AS note FROM range(${ROWS});`;
const VALUES = `SELECT * FROM (VALUES
  (1, '<img src=x onerror=alert(1)>', {'name': 'Ann', 'tags': ['a', 'b'], 'at': {'x': 1}}, repeat('long ', 50000), 'K\\x00\\xFF'::BLOB),
  (2, chr(27) || '[31mred' || chr(27) || '[0m', NULL, '  edges ', NULL),
  (3, 'abc' || chr(8238) || 'fed' || chr(0) || chr(160) || 'x', {'name': '<b>Bo</b>', 'tags': [], 'at': NULL}, '', 'x'::BLOB)
) t(n, hostile, nested, long, bytes);`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'big.kodiak.sql'), `-- %% Big\n${BIG}\n`);
  writeFileSync(join(folder, 'values.kodiak.sql'), `-- %% Values\n${VALUES}\n`);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1000 } });
  await wb.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function output() {
  return wb.outputFrame();
}

function grid() {
  return output().locator('[role=grid]').last();
}

function cell(row, column) {
  return grid().locator(`[role=gridcell][data-row="${row}"][data-column="${column}"]`);
}

async function press(...keys) {
  for (const key of keys) await wb.page.keyboard.press(key);
}

/** The names in the heads, from the left. */
async function heads() {
  return await grid().locator('.kodiak-name').allTextContents();
}

async function selection(text) {
  await output().locator('.kodiak-selection', { hasText: text }).waitFor();
}

async function copied() {
  return await wb.page.evaluate(() => navigator.clipboard.readText());
}

async function choose(name) {
  await output().getByRole('menuitem', { name }).click();
}

test('the last of ten million rows is there after one key, and after the scroll bar was dragged', async () => {
  await wb.openFile('big.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0, 60_000), 'success');
  await output().getByText('10,000,000 rows × 3 columns', { exact: false }).waitFor();
  await grid().focus();
  await press('Control+End');
  await cell(ROWS - 1, 2)
    .getByText('note 9999999', { exact: true })
    .waitFor();
  await wb.screenshot('grid-last-row');
  await press('Control+Home');
  await cell(0, 0).getByText('0', { exact: true }).waitFor();
  const view = grid().locator('.slick-viewport-right').first();
  for (const [share, from, to] of [
    [0.5, 4_990_000, 5_010_000],
    [1, ROWS - 1, ROWS - 1],
    [0, 0, 0],
  ]) {
    await view.evaluate((element, part) => {
      element.scrollTop = part * (element.scrollHeight - element.clientHeight);
    }, share);
    await wb.until(`row ${from} to ${to} is drawn with its values`, async () => {
      const drawn = await grid()
        .locator('[role=gridcell][data-column="0"]:not(.kodiak-waiting)')
        .evaluateAll((cells) => cells.map((element) => [Number(element.dataset.row), Number(element.textContent)]));
      return drawn.some(([row, value]) => row >= from && row <= to && value === row);
    });
  }
  assert.ok((await grid().locator('[role=row]').count()) < 160);
});

test('the menu of a column sorts, pins and hides it, by keyboard; the filter counts', async () => {
  await grid().focus();
  await press('Control+Home', 'ArrowUp', 'ArrowRight', 'ArrowRight', 'Shift+F10');
  await output().getByRole('menu', { name: 'Column note' }).waitFor();
  await wb.screenshot('grid-menu');
  await choose('Pin to the Left');
  assert.deepEqual(await heads(), ['note', 'id', 'k']);
  await grid().focus();
  await press('ArrowRight', 'ArrowRight', 'Shift+F10');
  await choose('Hide');
  assert.deepEqual(await heads(), ['note', 'id']);
  await press('Shift+F10');
  await choose('Sort Descending');
  await wb.until('the rows are sorted', async () => (await cell(0, 0).textContent()) === String(ROWS - 1), 60_000);
  await press('f');
  const form = output().getByRole('dialog', { name: 'Filter id' });
  await form.getByLabel('Condition on id').selectOption('<');
  await form.getByLabel('Value', { exact: true }).fill('1000000');
  await press('Enter');
  await output().locator('.kodiak-status', { hasText: '1,000,000 of 10,000,000 rows' }).waitFor();
  await wb.until('the first of them is on top', async () => (await cell(0, 0).textContent()) === '999999');
  await wb.screenshot('grid-arranged');
});

test('a cell that is run again is shown as it was', async () => {
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0, 60_000), 'success');
  await output().locator('.kodiak-status', { hasText: '1,000,000 of 10,000,000 rows' }).waitFor();
  await wb.until('order, filter and columns are back', async () => (await cell(0, 0).textContent()) === '999999', 40_000);
  assert.deepEqual(await heads(), ['note', 'id']);
  await output()
    .getByRole('button', { name: /^Remove the filter/ })
    .click();
  await output().getByRole('button', { name: 'Remove the order' }).click();
  await wb.until('all rows are back', async () => (await cell(0, 0).textContent()) === '0');
  await grid().focus();
  await press('ArrowUp', 'Shift+F10');
  await choose(/^Show All Columns/);
  assert.deepEqual(await heads(), ['note', 'id', 'k']);
  await press('Home', 'Shift+F10');
  await choose('Unpin');
  assert.deepEqual(await heads(), ['id', 'k', 'note']);
});

test('cells that are selected by mouse and keyboard are summed up, and copied in several ways', async () => {
  const [from, to] = [await cell(1, 0).boundingBox(), await cell(4, 1).boundingBox()];
  await wb.page.mouse.move(from.x + 10, from.y + 8);
  await wb.page.mouse.down();
  await wb.page.mouse.move(to.x + 10, to.y + 8, { steps: 6 });
  await wb.page.mouse.up();
  await selection('8 cells · sum 20 · avg 2.5 · min 1 · max 4');
  await press('Control+c');
  await wb.until('the cells are copied', async () => (await copied()) === '1\t1\n2\t2\n3\t3\n4\t4');
  await press('Shift+ArrowRight', 'Shift+F10');
  await choose('Copy as CSV');
  await selection('copied 4 rows × 3 columns as CSV');
  assert.equal(await copied(), 'id,k,note\n1,1,note 1\n2,2,note 2\n3,3,note 3\n4,4,note 4\n');
  await press('Shift+F10');
  await choose('Copy as SQL INSERT');
  await selection('as SQL INSERT');
  assert.match(await copied(), /^INSERT INTO copied \("id", "k", "note"\) VALUES\n {2}\(1, 1, 'note 1'\),/);
  await press('Control+Home', 'Control+Space');
  await selection(`10,000,000 cells · sum 49,999,995,000,000 · avg 4,999,999.5 · min 0 · max 9,999,999`);
  await wb.pictures('grid-selected', output());
  await cell(0, 0).click();
  await press('Shift+PageDown', 'Shift+F10');
  await choose('Copy as Markdown table');
  await selection(/copied \d+ rows × 1 column as Markdown table/);
  await press('Escape');
});

test('find goes to the next row among all, without hiding others', async () => {
  await press('Control+Home', 'Control+f');
  await output().getByRole('button', { name: 'Show only the rows that are found' }).click();
  await output().locator('.kodiak-find input').fill('note 77777');
  await press('Enter');
  await grid()
    .locator('.kodiak-active.kodiak-match', { hasText: /^note 77777$/ })
    .waitFor();
  await output().locator('.kodiak-find input').press('Enter');
  await grid()
    .locator('.kodiak-active.kodiak-match', { hasText: /^note 777770$/ })
    .waitFor();
  await output().locator('.kodiak-find input').press('Shift+Enter');
  await grid()
    .locator('.kodiak-active.kodiak-match', { hasText: /^note 77777$/ })
    .waitFor();
  await output().getByText('10,000,000 rows × 3 columns', { exact: false }).waitFor();
  await wb.screenshot('grid-find');
  await output().locator('.kodiak-find input').press('Escape');
});

test('hostile values are marks and text, and values open beside the grid', async () => {
  await wb.openFile('values.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  await cell(0, 1).getByText('<img src=x onerror=alert(1)>', { exact: true }).waitFor();
  assert.equal(await cell(1, 1).textContent(), '␛[31mred␛[0m');
  assert.equal(await cell(2, 1).textContent(), 'abc\\u202efed␀\\u00a0x');
  assert.equal(await cell(1, 3).textContent(), '··edges·');
  assert.equal(await cell(1, 2).textContent(), 'NULL');
  await cell(0, 2).click();
  await press('Enter');
  const pane = output().getByRole('region', { name: 'Value of nested, row 1' });
  await pane.getByText('2 items').click();
  await pane.getByText('b', { exact: true }).waitFor();
  await wb.pictures('grid-value', output());
  await press('Escape');
  await pane.waitFor({ state: 'detached' });
  await wb.until('the grid has the focus', async () => await grid().evaluate((element) => element === document.activeElement));
  await cell(2, 2).dblclick();
  await output().getByRole('region', { name: 'Value of nested, row 3' }).getByText('<b>Bo</b>', { exact: true }).waitFor();
  await cell(0, 3).click();
  const long = output().getByRole('region', { name: 'Value of long, row 1' });
  await long.getByText('250,000 characters', { exact: false }).waitFor();
  await long.getByRole('button', { name: 'Last part' }).click();
  await long.getByText('200,001–250,000 of 250,000').waitFor();
  await wb.screenshot('grid-long-value');
  await cell(0, 4).click();
  await output().getByRole('region', { name: 'Value of bytes, row 1' }).getByText('4b 00 ff', { exact: false }).waitFor();
  assert.equal(await output().locator('img, b').count(), 0);
  assert.deepEqual(wb.policyOffences, []);
});
