// A person brings notebooks of other programs into Kodiak, with their old results, and hands notebooks on as files.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  for (const name of ['azureDataStudio.ipynb', 'jupysql.ipynb']) copyFileSync(`test/fixtures/exchange/${name}`, join(folder, name));
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

/** A picture in each kind of theme, once the page of the outputs has it. */
async function pictures(frame, name) {
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  for (const [theme, kind] of [
    ['Default Light Modern', 'light'],
    ['Default High Contrast', 'high-contrast'],
    ['Default Dark Modern', 'dark'],
  ]) {
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    await frame.locator(`body.vscode-${kind}`).waitFor({ state: 'attached' });
    await wb.screenshot(`${name}-${kind}`);
  }
}

/** Chooses the command in the context menu of a file. */
async function importFile(name) {
  const entry = wb.page.locator('.monaco-menu .action-label', { hasText: 'Import Notebook' }).first();
  await wb.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).click({ button: 'right' });
  await entry.click();
  await entry.waitFor({ state: 'hidden' });
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
  await pictures(frame, 'import-azure');
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
