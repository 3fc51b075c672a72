// A person looks at results as charts: in a notebook, where the choice is kept in the file, and in the results panel.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const HOSTILE = '<img src=x onerror=alert(1)>';
const DAILY = `SELECT DATE '2024-01-01' + (range % 366)::INTEGER AS day, ['north', 'south', 'east'][1 + range // 366] AS region,
  20 + 10 * sin(range / 40) + range % 7 + range // 100 AS total
FROM range(1098);
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

/** The picture of a chart, by what it says to those who do not see it. */
function picture(frame, name) {
  return frame.getByRole('img', { name });
}

/** A picture in each kind of theme, once the page has it. */
async function pictures(frame, name) {
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  for (const [theme, kind] of [
    ['Default Light Modern', 'light'],
    ['Default High Contrast', 'high-contrast'],
    ['Default Dark Modern', 'dark'],
  ]) {
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    await frame.locator(`body.vscode-${kind}`).waitFor({ state: 'attached' });
    await wb.page.waitForTimeout(300);
    await wb.screenshot(`${name}-${kind}`);
  }
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
  await pictures(output, 'chart-first');
});
