// A person formats a .sql file, and has a plan by the code lens.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'ugly.sql'), 'select   a,b from (values (1,2)) t(a,b) where a>0 and b in (1,2,3) order by   b desc\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder });
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines of the editor as they are drawn; VS Code draws blanks as no-break spaces. */
async function lines() {
  const drawn = await wb.page.locator('.editor-instance .view-line').allInnerTexts();
  return drawn.map((line) => line.replaceAll('\u00a0', ' '));
}

test('the document is formatted, and means the same', async () => {
  await wb.openFile('ugly.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().waitFor();
  await wb.runCommand('Format Document');
  await wb.until(
    'the clauses have lines of their own',
    async () => (await lines()).filter((line) => /^\s*(select|from|where|order by)\b/i.test(line)).length === 4,
  );
  await wb.screenshot('formatted');
  const tokens = (await lines()).join(' ').toLowerCase().replaceAll(/\s+/g, '');
  assert.ok(tokens.includes('selecta,bfrom(values(1,2))t(a,b)wherea>0andbin(1,2,3)orderbybdesc'), tokens);
});

test('the lens Explain shows a plan in the panel', async () => {
  await wb.page.locator('.codelens-decoration a', { hasText: 'Explain' }).first().click();
  const panel = wb.webviewFrame('kodiak-data.kodiak');
  await panel.getByRole('tree', { name: 'Query plan' }).getByRole('treeitem').first().waitFor();
  await wb.screenshot('explain-lens');
});
