// A person looks at results as charts: in a notebook, where the choice is kept in the file, and in the results panel.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const HOSTILE = '<img src=x onerror=alert(1)>';
const DAILY = `SELECT DATE '2024-01-01' + (range % 366)::INTEGER AS day, ['north', 'south', 'east'][1 + range // 366] AS region,
  20 + 10 * sin(range / 40) + range % 7 + range // 100 AS total
FROM range(1098) ORDER BY ALL;
`;
const HUGE = `SELECT range % 12 AS month, count(*) AS orders, avg(range % 1000) AS average
FROM range(100000000) GROUP BY ALL ORDER BY month;
`;
const NAMES = `SELECT ['${HOSTILE}', 'a"b''c', NULL, 'NULL'][1 + range % 4] AS "<b>x</b>.[0]""'", range % 5 AS "datum['y']"
FROM range(400);
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const notebookFile = join(folder, 'charts.kodiak.sql');
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'charts.sql'), `${DAILY}\n${NAMES}`);
  writeFileSync(notebookFile, `-- %% Daily\n${DAILY}\n-- %% Months\n${HUGE}\n-- %% Names\n${NAMES}`);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
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

/** The picture of a chart, by what it says to those who do not see it. */
function picture(frame, name) {
  return frame.getByRole('img', { name });
}

test('the chart tab of a cell draws a first chart, in every theme', async () => {
  await wb.openFile('charts.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  const output = wb.outputFrame();
  assert.equal(await output.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected'), 'true');
  await output.getByRole('tab', { name: 'Table' }).focus();
  await wb.page.keyboard.press('ArrowRight');
  await picture(output, /^Line chart of total by day, coloured by region, 1,098 marks/).waitFor();
  await wb.pictures('chart-first', output);
});

test('what is chosen by the keyboard is drawn, and stands in the file as text', async () => {
  const output = wb.outputFrame();
  await output.getByLabel('Mark', { exact: true }).selectOption('Area');
  await output.getByLabel('Aggregate', { exact: true }).selectOption('sum');
  await output.getByLabel('By', { exact: true }).selectOption('month');
  await picture(output, /^Area chart of sum of total by day \(month\), coloured by region, 36 marks/).waitFor();
  assert.equal(await output.getByRole('checkbox', { name: 'Show first' }).isChecked(), true);
  await wb.screenshot('chart-area');
  await wb.page.locator('.tab.active').click();
  await wb.page.keyboard.press('ControlOrMeta+s');
  const marker = '-- %% Daily chart=area x=day y=total color=region agg=sum unit=month\n';
  await wb.until('the file says what is drawn', async () => readFileSync(notebookFile, 'utf8').startsWith(marker));
  assert.equal(readFileSync(notebookFile, 'utf8').slice(marker.length), `${DAILY}\n-- %% Months\n${HUGE}\n-- %% Names\n${NAMES}`);
});

test('a senseless chart is refused with a reason, and what is proposed is drawn', async () => {
  const output = wb.outputFrame();
  await output.getByLabel('X', { exact: true }).selectOption('region');
  const status = output.locator('.kodiak-chart-status');
  await status.getByText('An area joins values in an order, and region has none: a bar chart compares them.').waitFor();
  await wb.screenshot('chart-refused');
  await output.getByRole('button', { name: 'Draw bars' }).click();
  await picture(output, /^Bar chart of sum of total by region/).waitFor();
  await output.getByLabel('Mark', { exact: true }).selectOption('Line');
  await output.getByLabel('X', { exact: true }).selectOption('day');
  await picture(output, /^Line chart of sum of total by day/).waitFor();
});

test('a chart is exported as SVG, as PNG and as a specification with its data', async () => {
  const output = wb.outputFrame();
  for (const [item, name] of [
    ['SVG picture…', 'daily.svg'],
    ['PNG picture…', 'daily.png'],
    ['Vega-Lite specification with data…', 'daily.vl.json'],
  ]) {
    await output.getByRole('button', { name: 'Export chart' }).click();
    if (name === 'daily.svg') await wb.screenshot('chart-menu');
    await output.getByRole('menuitem', { name: item }).click();
    await wb.nameFile(join(folder, name), /Daily\./);
    await wb.notification(`the chart is in ${name}`).waitFor();
  }
  const svg = readFileSync(join(folder, 'daily.svg'), 'utf8');
  assert.ok(svg.startsWith('<svg') && svg.endsWith('</svg>'));
  assert.ok(svg.includes('sum of total') && svg.includes('>north<'));
  const png = readFileSync(join(folder, 'daily.png'));
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.ok(png.readUInt32BE(16) > 1000, 'twice as wide as on the screen');
  const spec = JSON.parse(readFileSync(join(folder, 'daily.vl.json'), 'utf8'));
  assert.equal(spec.mark.type, 'line');
  assert.equal(spec.data.values.length, 1098);
  await wb.runCommand('Notifications: Clear All Notifications');
});

test('the chart comes first when the notebook is opened again', async () => {
  await wb.page.locator('.tab.active').click();
  await wb.page.keyboard.press('ControlOrMeta+s');
  await wb.until('the file says what is drawn', async () =>
    readFileSync(notebookFile, 'utf8').startsWith('-- %% Daily chart=line x=day y=total'),
  );
  await wb.runCommand('View: Close All Editors');
  await wb.openFile('charts.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  const output = wb.outputFrame();
  await picture(output, /^Line chart of sum of total by day \(day\), coloured by region, 1,098 marks/).waitFor();
  assert.equal(await output.getByRole('tab', { name: 'Chart' }).getAttribute('aria-selected'), 'true');
  await wb.screenshot('chart-reopened');
});

test('an aggregate of 100,000,000 rows is bars', async () => {
  await wb.revealCell(1);
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1, 120_000), 'success');
  const output = wb.outputFrame();
  await output.getByRole('tab', { name: 'Chart' }).last().click();
  await picture(output, /^Bar chart of sum of orders by month, 12 marks. Highest 8,333,334 at 0, lowest 8,333,333 at/).waitFor();
  await wb.screenshot('chart-huge');
});

test('hostile names and values are text, also under the pointer', async () => {
  await wb.revealCell(2);
  await wb.runCell(2);
  assert.equal(await wb.waitCellDone(2), 'success');
  const output = wb.outputFrame();
  await output.getByRole('tab', { name: 'Chart' }).last().click();
  const chart = picture(output, /^Bar chart of sum of datum\['y'\] by <b>x<\/b>/);
  await chart.waitFor();
  await chart.locator('.mark-rect path').first().hover();
  await output.locator('.kodiak-chart-tooltip', { hasText: HOSTILE }).waitFor();
  assert.equal(await output.locator('img, b').count(), 0);
  assert.ok(await chart.locator('text', { hasText: '“NULL”' }).count());
  await wb.screenshot('chart-hostile');
});

test('the profile of all columns at a glance', async () => {
  await wb.revealCell(0);
  const output = wb.outputFrame();
  await output.getByRole('tab', { name: 'Profile' }).first().click();
  const table = output.getByRole('table', { name: 'Profile of all columns' });
  await table.getByRole('row', { name: /^region VARCHAR 0 % 3 east south east 33\.3 % · north 33\.3 % · south 33\.3 %/ }).waitFor();
  await table
    .getByRole('img', { name: /^Histogram of 20 bars/ })
    .first()
    .waitFor();
  await wb.pictures('chart-profile', output);
});

test('a result in the panel is a chart that stays while its run does, and the policy of the page is not offended', async () => {
  await wb.openFile('charts.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
  await panel().getByText('1,098 rows × 3 columns', { exact: false }).waitFor();
  await panel().getByRole('tab', { name: 'Chart', exact: true }).click();
  await picture(panel(), /^Line chart of total by day, coloured by region, 1,098 marks/).waitFor();
  await panel().getByLabel('Mark', { exact: true }).selectOption('Box plot');
  await panel().getByLabel('X', { exact: true }).selectOption('region');
  await picture(panel(), /^Box plot of total by region/).waitFor();
  assert.equal(await panel().getByRole('checkbox').count(), 0);
  await wb.pictures('chart-panel', panel());
  await panel().getByRole('button', { name: 'Run again', exact: true }).click();
  await picture(panel(), /^Box plot of total by region/).waitFor();
  assert.deepEqual(wb.policyOffences, []);
});

test('after a restart of the server a chart is drawn of what was kept, or says that the rows are gone and draws it after Run again', async () => {
  await wb.runCommand('Kodiak: Restart the Server');
  await wb.openFile('charts.kodiak.sql');
  await wb.revealCell(0);
  const output = wb.outputFrame();
  await output.getByRole('tab', { name: 'Chart' }).first().click();
  await output.getByLabel('Aggregate', { exact: true }).first().selectOption('average');
  const drawn = picture(output, /^Line chart of average of total by day/);
  const again = output.locator('.kodiak-chart-said').getByRole('button', { name: 'Run again' });
  await drawn.or(again).first().waitFor();
  if (await again.first().isVisible()) await again.first().click();
  await drawn.waitFor();
});
