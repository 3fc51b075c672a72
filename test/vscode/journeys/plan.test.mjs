// A person looks at plans: estimates and measures of a join over the example data, in a notebook and in the results panel, by mouse and
// by keyboard; and is asked before a run that may give very many rows.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const JOIN = `SELECT c.country, count(*) AS orders, sum(o.quantity * o.unit_price) AS total
FROM 'data/orders.parquet' o JOIN 'data/customers.csv' c ON c.customer_id = o.customer_id
WHERE o.quantity > 1 GROUP BY c.country ORDER BY total DESC LIMIT 5`;
const UNIONS = Array.from({ length: 300 }, (_, index) => `SELECT ${index} AS i, count(*) AS n FROM range(${index})`).join(' UNION ALL ');

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  cpSync('examples/data', join(folder, 'data'), { recursive: true });
  const cells = [
    `-- %% Join\n${JOIN};\n`,
    '-- %% Typed\nEXPLAIN ANALYZE SELECT sum(range) FROM range(1000000);\n',
    '-- %% Cross join\nCREATE TEMP TABLE many AS FROM range(20000);\nSELECT count(*) FROM many a, many b, many c;\n',
    `-- %% Many\n${UNIONS};\n`,
  ];
  writeFileSync(join(folder, 'plans.kodiak.sql'), cells.join('\n'));
  writeFileSync(join(folder, 'plans.sql'), `${JOIN};\n\nCREATE TABLE made AS SELECT 1 AS a;\n`);
  server = await startVscodeServer({
    extensionLink: '.',
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.run.warnAboveRows': 1_000_000_000 },
  });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1300 } });
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

function tree(frame) {
  return frame.getByRole('tree', { name: 'Query plan' }).last();
}

function card(frame, name) {
  return tree(frame).getByRole('treeitem', { name: new RegExp(`^${name}`) });
}

async function focusedName(frame) {
  return await tree(frame).evaluate((element) => element.ownerDocument.activeElement?.getAttribute('aria-label') ?? '');
}

test('a profile stands below the rows of its cell, which stay', async () => {
  await wb.openFile('plans.kodiak.sql');
  await wb.runCell(0);
  await wb.waitCellDone(0);
  const frame = wb.outputFrame();
  await frame.getByText('5 rows × 3 columns', { exact: false }).waitFor();
  await wb.runCommand('Kodiak: Profile Cell or Statement');
  await card(frame, 'Hash join').waitFor();
  await frame.getByText('5 rows × 3 columns', { exact: false }).waitFor();
  const join = await card(frame, 'Hash join').getAttribute('aria-label');
  assert.match(join, /CAST\(customer_id AS BIGINT\) = customer_id, [\d,]+ rows · [\d,]+ expected, .*% · .*s/);
  assert.match(await card(frame, 'Parquet scan').getAttribute('aria-label'), /orders\.parquet, where .*quantity>1/);
  assert.match(await card(frame, 'CSV scan').getAttribute('aria-label'), /customers\.csv/);
  await frame.locator('.kodiak-plan-sentences', { hasText: 'takes most time' }).waitFor();
  await frame.locator('.kodiak-plan-figure', { hasText: 'Peak memory' }).waitFor();
  assert.ok((await tree(frame).locator('.kodiak-plan-card.kodiak-plan-hot').count()) > 1);
  assert.match(await tree(frame).locator('.kodiak-plan-slowest').getAttribute('aria-label'), /takes most time, on the hot path/);
  await wb.pictures('plan-profile', frame);
});

test('keys go through the tree, fold it, and open the details of an operator', async () => {
  const frame = wb.outputFrame();
  const top = tree(frame).getByRole('treeitem').first();
  await top.click();
  await frame.locator('.kodiak-plan-details').waitFor();
  const count = await tree(frame).getByRole('treeitem').count();
  await wb.page.keyboard.press('ArrowDown');
  assert.equal(await focusedName(frame), await tree(frame).getByRole('treeitem').nth(1).getAttribute('aria-label'));
  await wb.page.keyboard.press('End');
  await wb.page.keyboard.press('Enter');
  await frame.locator('.kodiak-plan-details', { hasText: 'Files' }).waitFor();
  await wb.screenshot('plan-details');
  await wb.page.keyboard.press('Escape');
  await frame.locator('.kodiak-plan-details').waitFor({ state: 'hidden' });
  await wb.page.keyboard.press('Home');
  await wb.page.keyboard.press('ArrowLeft');
  await wb.until('all inputs are folded', async () => (await tree(frame).getByRole('treeitem').count()) === 1);
  assert.equal(await tree(frame).getByRole('treeitem').getAttribute('aria-expanded'), 'false');
  await wb.page.keyboard.press('ArrowRight');
  await wb.until('all inputs are back', async () => (await tree(frame).getByRole('treeitem').count()) === count);
  await wb.page.keyboard.press('-');
  const zoomed = await frame.locator('.kodiak-plan-zoom').last().textContent();
  await wb.page.keyboard.press('+');
  assert.notEqual(await frame.locator('.kodiak-plan-zoom').last().textContent(), zoomed);
});

test('an explanation takes the place of the profile, as a picture, as text and as JSON', async () => {
  const frame = wb.outputFrame();
  await wb.runCommand('Kodiak: Explain Cell or Statement');
  await frame.locator('.kodiak-plan-figure', { hasText: 'Rows expected' }).waitFor();
  assert.equal(await frame.locator('.kodiak-plan').count(), 1);
  await frame.getByRole('button', { name: 'Text', exact: true }).click();
  await frame.locator('.kodiak-plan-text', { hasText: 'HASH_JOIN' }).waitFor();
  await wb.screenshot('plan-text');
  await frame.getByRole('button', { name: 'JSON', exact: true }).click();
  const json = JSON.parse(await frame.locator('.kodiak-plan-text').textContent());
  assert.ok(Array.isArray(json));
  await frame.getByRole('button', { name: 'Picture', exact: true }).click();
  await wb.screenshot('plan-explain');
});

test('the picture is saved as a file of its own', async () => {
  const frame = wb.outputFrame();
  await frame.getByRole('button', { name: 'Save SVG…' }).click();
  const file = join(folder, 'saved.svg');
  await wb.nameFile(file, /\.svg$/);
  await wb.until('the file is there', async () => existsSync(file) && readFileSync(file, 'utf8').length > 0);
  const svg = readFileSync(file, 'utf8');
  assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg, />Hash join</);
  assert.ok(!svg.includes('var(--'), 'colours of the theme are written out');
  const page = await wb.page.context().browser().newPage();
  await page.setContent(svg);
  await page.screenshot({ path: 'out/shots/plan-saved-svg.png' });
  await page.close();
});

test('a typed EXPLAIN ANALYZE is a picture, too', async () => {
  await wb.runCell(1);
  await wb.waitCellDone(1);
  const frame = wb.outputFrame();
  await frame.getByRole('treeitem', { name: /^Range/ }).waitFor();
  await frame.locator('.kodiak-plan-figure', { hasText: 'Time' }).last().waitFor();
});

test('a run that may give very many rows waits for an answer', async () => {
  const frame = wb.outputFrame();
  await wb.runCell(2);
  const dialog = wb.page.locator('.monaco-dialog-box');
  await dialog.getByText('This statement may produce about 8 trillion rows (CROSS_PRODUCT). Run anyway?').waitFor();
  await wb.screenshot('plan-guard');
  await dialog.getByRole('button', { name: 'Show Plan' }).click();
  await frame.getByText('The statement was not run.', { exact: false }).first().waitFor();
  await frame
    .getByRole('treeitem', { name: /^Cross product/ })
    .first()
    .waitFor();
  await wb.pictures('plan-cross-product', frame);
});

test('hundreds of branches are shown as those that matter, and all on demand', async () => {
  await wb.revealCell(3);
  await wb.cell(3).click();
  await wb.runCommand('Kodiak: Profile Cell or Statement');
  const frame = wb.outputFrame();
  await frame.getByRole('treeitem', { name: /^Union/ }).waitFor();
  const more = frame.getByRole('treeitem', { name: /more inputs/ });
  await more.waitFor();
  await wb.screenshot('plan-many');
  await more.focus();
  await wb.page.keyboard.press('Enter');
  await wb.until('all branches are there', async () => (await frame.getByRole('treeitem').count()) > 600);
  await wb.screenshot('plan-many-all');
});

test('in a file the plan is in the results panel, with a place of its own', async () => {
  await wb.openFile('plans.sql');
  await wb.page.keyboard.press('Control+Home');
  await wb.runCommand('Kodiak: Profile Cell or Statement');
  await card(panel(), 'Hash join').waitFor();
  await panel()
    .getByRole('tab', { name: /^PROFILE SELECT/ })
    .waitFor();
  await wb.pictures('plan-panel', panel());
});

test('a person is asked before a profile changes something', async () => {
  await wb.page.keyboard.press('Control+1');
  await wb.page.keyboard.press('Control+End');
  await wb.page.keyboard.press('ArrowUp');
  await wb.runCommand('Kodiak: Profile Cell or Statement');
  const dialog = wb.page.locator('.monaco-dialog-box');
  await dialog.getByText('To profile this CREATE statement is to run it.').waitFor();
  await wb.screenshot('plan-consent');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await wb.runCommand('Kodiak: Explain Cell or Statement');
  await panel()
    .getByRole('tab', { name: /^EXPLAIN CREATE/ })
    .waitFor();
  await card(panel(), 'Create table').waitFor();
});
