// A person brings notebooks of other programs into Kodiak, with their old results, and hands notebooks on as files.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { saveScreenshot } from '../screenshots.mjs';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const HOSTILE = '<img src=x onerror=alert(1)>';
const REPORT = `-- %% [markdown]
-- # Report
--
-- ![far](https://example.com/a.png) <script>alert(2)</script>

-- %% Per day chart=line x=day y=total
SELECT DATE '2024-01-01' + range::INTEGER AS day, range * range AS total, '${HOSTILE}' AS note FROM range(300);
`;
const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  for (const name of ['azureDataStudio.ipynb', 'jupysql.ipynb']) copyFileSync(`test/fixtures/exchange/${name}`, join(folder, name));
  writeFileSync(join(folder, 'report.kodiak.sql'), REPORT);
  writeFileSync(join(folder, 'broken.ipynb'), '{"nbformat": 4, "cells": [');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1300, height: 1200 } });
  wb.page.setDefaultTimeout(30_000);
  // Menus have our entries from then on.
  await wb.page.locator('.activitybar a[aria-label="Kodiak"]').waitFor();
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Chooses the command in the context menu of a file. */
async function importFile(name) {
  await wb.chooseFromMenu(wb.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`), 'Import Notebook');
}

test('a notebook of Azure Data Studio is imported beside its file, with its old results', async () => {
  await importFile('azureDataStudio.ipynb');
  await wb.notification('5 cells of azureDataStudio.ipynb (Azure Data Studio) are in azureDataStudio.kodiak.sql.').waitFor();
  await wb.page.locator('.tab.active[data-resource-name="azureDataStudio.kodiak.sql"]').waitFor();
  const frame = wb.outputFrame();
  await frame.getByText('Stored in azureDataStudio.ipynb, not run by Kodiak · 3 rows').waitFor();
  assert.equal(await frame.getByRole('cell', { name: 'Ada <b>' }).count(), 1);
  await frame.getByText('2 cells look like T-SQL').waitFor();
  // Nothing was changed: what the file says is what is shown.
  assert.equal(await wb.page.locator('.tab.dirty').count(), 0);
  assert.match(readFileSync(join(folder, 'azureDataStudio.kodiak.sql'), 'utf8'), /^-- %%\nSELECT TOP 3 \[OrderID\]/m);
  await wb.pictures('import-azure', frame);
});

test('its cells run, and take the place of the old results', async () => {
  writeFileSync(join(folder, 'other.kodiak.sql'), '-- %%\nSELECT 1;\n');
  await importFile('jupysql.ipynb');
  const frame = wb.outputFrame();
  await frame.getByText('Stored in jupysql.ipynb on 2024-03-01, not run by Kodiak · 2 rows').waitFor();
  await wb.screenshot('import-jupyter');
  const last = 6;
  await wb.runCell(last);
  assert.equal(await wb.waitCellDone(last), 'success');
});

test('a second import does not touch the first, and a broken file says what is wrong', async () => {
  writeFileSync(join(folder, 'azureDataStudio.kodiak.sql'), '-- mine\n');
  await importFile('azureDataStudio.ipynb');
  await wb.page.locator('.tab.active[data-resource-name="azureDataStudio 2.kodiak.sql"]').waitFor();
  assert.equal(readFileSync(join(folder, 'azureDataStudio.kodiak.sql'), 'utf8'), '-- mine\n');
  await importFile('broken.ipynb');
  await wb.notification('broken.ipynb was not imported. The file is not valid JSON').waitFor();
  assert.equal(existsSync(join(folder, 'broken.kodiak.sql')), false);
});

/** Writes the notebook that is open as a file of this kind; its name is the one that the dialog offers. */
async function exportAs(label, name) {
  await wb.runCommand('Kodiak: Export Notebook…');
  await wb.pickRow(label);
  await wb.nameFile(join(folder, name), new RegExp(`/${name.replaceAll('.', '\\.')}$`));
  await wb.notification(`The notebook is in ${name}.`).waitFor();
}

test('a notebook becomes one page that loads nothing and runs nothing, with its chart', async () => {
  await wb.openFile('report.kodiak.sql');
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  await exportAs('HTML page', 'report.html');
  const page = await wb.page.context().browser().newPage();
  const [requests, told] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => told.push(message.text()));
  page.on('dialog', (dialog) => told.push(dialog.message()));
  const address = pathToFileURL(join(folder, 'report.html')).href;
  await page.goto(address);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith('data:image/svg+xml;base64,')),
    [address],
  );
  assert.deepEqual(told, []);
  assert.match(await page.locator('caption').textContent(), /^first 200 of 300 rows/);
  assert.equal(await page.locator('td', { hasText: HOSTILE }).first().textContent(), HOSTILE);
  assert.ok(await page.locator('img.chart').evaluate((picture) => picture.naturalWidth > 100));
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await saveScreenshot(page, `export-html-${scheme}`);
  }
  await page.close();
});

test('it becomes Markdown with its chart beside it, and a Jupyter notebook that comes back as the same cells', async () => {
  await exportAs('Markdown', 'report.md');
  const text = readFileSync(join(folder, 'report.md'), 'utf8');
  assert.match(text, /\*first 200 of 300 rows/);
  assert.match(readFileSync(join(folder, 'report-files', 'chart-1.svg'), 'utf8'), /^<svg/);
  await exportAs('Jupyter notebook', 'report.ipynb');
  await importFile('report.ipynb');
  await wb.page.locator('.tab.active[data-resource-name="report 2.kodiak.sql"]').waitFor();
  assert.equal(readFileSync(join(folder, 'report 2.kodiak.sql'), 'utf8').trimEnd(), REPORT.trimEnd());
});
