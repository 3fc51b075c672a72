// The file of an open notebook is changed by other programs: edited, merged with a conflict, deleted.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const cells = (last) => `-- %% First
SELECT 41 + 1 AS answer;

-- %% Second
SELECT 'kept' AS word;

-- %% Third
${last}
`;
const CONFLICT = cells("<<<<<<< HEAD\nSELECT 'ours' AS side;\n\n-- %% Ours too\n=======\nSELECT 'theirs' AS side;\n>>>>>>> feature/other");

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const file = join(folder, 'shared.kodiak.sql');
let server;
let wb;

before(async () => {
  writeFileSync(file, cells('SELECT 1 AS old;'));
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1000 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('another program edits a cell: the outputs of the others stay', async () => {
  await wb.openFile('shared.kodiak.sql');
  for (const index of [0, 1, 2]) {
    await wb.runCell(index);
    assert.equal(await wb.waitCellDone(index), 'success');
  }
  writeFileSync(file, cells('SELECT 2 AS new_one;'));
  await wb.cell(2).locator('.view-line', { hasText: 'new_one' }).waitFor();
  await wb.screenshot('file-edited');
  const output = wb.outputFrame();
  await output.getByRole('gridcell', { name: '42', exact: true }).waitFor();
  await output.getByRole('gridcell', { name: 'kept', exact: true }).waitFor();
  await wb.screenshot('file-edited');
});

test('a conflict is one cell that says what to do, and is not run', async () => {
  writeFileSync(file, CONFLICT);
  await wb.cell(2).locator('.view-line', { hasText: '<<<<<<< HEAD' }).waitFor();
  await wb.cell(2).locator('.view-line', { hasText: '>>>>>>> feature/other' }).waitFor();
  assert.equal(await wb.cell(3).count(), 0);
  await wb.cell(2).locator('.squiggly-error').first().waitFor();
  await wb.runCell(2);
  assert.equal(await wb.waitCellDone(2), 'error');
  await wb.outputFrame().getByText('Git could not merge this: both versions are here.', { exact: false }).first().waitFor();
  await wb.screenshot('file-conflict');
});

test('the text editor is where it is resolved, and the notebook follows', async () => {
  await wb.cell(2).locator('.view-line', { hasText: '<<<<<<< HEAD' }).click();
  await wb.page.keyboard.press('ControlOrMeta+.');
  await wb.page.locator('.action-widget .monaco-list-row', { hasText: 'Resolve the conflict in the text editor' }).first().click();
  await wb.page.locator('.codelens-decoration a', { hasText: 'Accept Incoming Change' }).click();
  await wb.page.keyboard.press('ControlOrMeta+s');
  await wb.until('the file is resolved', async () => readFileSync(file, 'utf8') === cells("SELECT 'theirs' AS side;"));
});

test('deleted while it is open, it can be run and saved', async () => {
  await wb.page.locator('.tab[data-resource-name="shared.kodiak.sql"]').first().click();
  await wb.cell(2).locator('.view-line', { hasText: 'theirs' }).waitFor();
  rmSync(file);
  await wb.page
    .locator('.tab.active .deleted, .tab.active .monaco-icon-label.deleted, .tab.active [class*="strikethrough"]')
    .first()
    .waitFor()
    .catch(() => undefined);
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  await wb.cell(0).locator('.monaco-editor').first().click();
  await wb.page.keyboard.press('End');
  await wb.page.keyboard.type(' ');
  await wb.page.keyboard.press('ControlOrMeta+s');
  await wb.until('the file is there again', async () => existsSync(file) && readFileSync(file, 'utf8').includes('-- %% Third'));
  await wb.screenshot('file-deleted');
});
