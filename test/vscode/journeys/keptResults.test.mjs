// A person exports a result, and gets rows back that were dropped while another notebook was shown.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'small.kodiak.sql'), "-- %% Two million\nSELECT range AS i, 'row ' || range AS s FROM range(2000000);\n");
  writeFileSync(join(folder, 'other.kodiak.sql'), '-- %% Another\nSELECT 42 AS answer;\n');
  // What is kept on disk would be there again.
  const settings = { 'kodiak.results.memoryMegabytes': 32, 'kodiak.results.keepMegabytes': 0 };
  server = await startVscodeServer({ extensionLink: '.', settings });
  wb = await openWorkbench(server, { folder });
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function grid() {
  return wb.outputFrame().locator('[role=grid]').last();
}

test('the palette exports the selected cell, with all its rows', async () => {
  await wb.openFile('small.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  await wb.runCommand('Kodiak: Export Result…');
  await wb.nameFile(join(folder, 'rows.csv'), /\/Two million\.csv$/);
  const toast = wb.notification('2,000,000 rows (');
  await toast.waitFor();
  await wb.screenshot('exported');
  const lines = readFileSync(join(folder, 'rows.csv'), 'utf8').trimEnd().split('\n');
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [2_000_001, 'i,s', '1999999,row 1999999']);
  await toast.getByText('Open', { exact: true }).click();
  await wb.page.locator('.tab.active[data-resource-name="rows.csv"]').waitFor();
  // The browser's editor does not show files of this size by itself.
  await wb.page.locator('.monaco-editor-pane-placeholder').waitFor();
});

test('the toolbar of the cell exports too, and asks before it overwrites', async () => {
  await wb.openFile('small.kodiak.sql');
  await wb.revealCell(0);
  await wb.cell(0).hover();
  await wb.cell(0).locator('.cell-title-toolbar a[aria-label^="Export Result"]').click();
  writeFileSync(join(folder, 'taken.csv'), 'mine\n');
  await wb.nameFile(join(folder, 'taken.csv'), /\/Two million\.csv$/);
  const question = wb.page.getByText('already exists', { exact: false }).first();
  await question.waitFor();
  await wb.screenshot('export-overwrites');
  assert.equal(readFileSync(join(folder, 'taken.csv'), 'utf8'), 'mine\n');
  await wb.page.keyboard.press('Escape');
  await wb.page.keyboard.press('Escape');
});

test('rows that were dropped say so, and Run again brings them back by the keyboard', async () => {
  await wb.openFile('other.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  await wb.openFile('small.kodiak.sql');
  await grid().focus();
  await wb.page.keyboard.press('Control+End');
  const button = wb.outputFrame().getByRole('button', { name: 'Run again' });
  await button.waitFor();
  const notice = await wb.outputFrame().locator('[role=status]').last().textContent();
  assert.match(notice, /dropped to stay under 32 MiB[\s\S]*The first 200 rows are still here\./);
  await wb.screenshot('dropped');
  await wb.runCommand('Kodiak: Export Result…');
  const toast = wb.notification('dropped to stay under');
  await toast.getByText('Run Again', { exact: true }).waitFor();
  await wb.screenshot('dropped-export');
  await grid().focus();
  await wb.page.keyboard.press('Tab');
  await wb.until('the button has the focus', async () => await button.evaluate((element) => element === document.activeElement));
  await wb.screenshot('dropped-focus');
  await wb.page.keyboard.press('Enter');
  await wb.until('the last row is there', async () => {
    if ((await button.count()) > 0 || (await grid().count()) === 0) return false;
    await grid().focus();
    await wb.page.keyboard.press('Control+End');
    return await grid().getByText('row 1999999', { exact: true }).isVisible();
  });
  await wb.screenshot('dropped-back');
});
