// A person begins: the walkthrough, an empty notebook, the keys that run, the button that stops.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const KEYS = `-- %% One
SELECT 1 AS a;

-- %% Two
SELECT 2 AS b;

-- %% Long
SELECT count(*) FROM range(100000000000) WHERE hash(range) = 1;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'keys.kodiak.sql'), KEYS);
  writeFileSync(join(folder, 'keys.sql'), 'SELECT 3 AS c;\n\nSELECT 4 AS d;\n');
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1000 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The number beside a cell that tells how many runs there were before. */
async function order(index) {
  return (
    Number.parseInt(((await wb.cell(index).locator('.execution-count-label').first().textContent()) ?? '').replaceAll(/\D/g, ''), 10) || 0
  );
}

/** Waits for the end of that run, too: VS Code starts no cell that still runs. */
async function untilOrder(index, number) {
  await wb.until(`cell ${index} was run as number ${number}`, async () => (await order(index)) === number);
  await wb.cell(index).locator('.cell-status-left .codicon-notebook-state-success').waitFor();
}

test('the walkthrough has a step for each thing to begin with', async () => {
  await wb
    .statusItem('kodiak-data.kodiak.kodiak.cache')
    .waitFor()
    .catch(() => undefined);
  await wb.runCommand('Welcome: Open Walkthrough...');
  await wb.pickRow('Get Started with Kodiak');
  const steps = wb.page.locator('.getting-started-step');
  await steps.first().waitFor();
  assert.equal(await steps.count(), 6);
  await wb.page.locator('.getting-started-step', { hasText: 'Use the terminal' }).click();
  await wb.page.locator('.getting-started-media iframe, .getting-started-media svg, .getting-started-media img').first().waitFor();
  await wb.pictures('first-walkthrough');
});

test('an empty notebook says what to do', async () => {
  await wb.runCommand('Kodiak: New SQL Notebook');
  await wb.cell(0).locator('.cell-status-left', { hasText: "Write SQL, such as FROM 'data.csv', and run it with Ctrl+Enter" }).waitFor();
  await wb.screenshot('first-empty');
  await wb.cell(0).locator('.monaco-editor').first().click();
  await wb.page.keyboard.type('SELECT 1 AS one');
  await wb.cell(0).locator('.cell-status-left', { hasText: 'Write SQL' }).waitFor({ state: 'detached' });
});

test('Ctrl+Enter and Shift+Enter run a cell, in its editor and in the list of cells', async () => {
  await wb.openFile('keys.kodiak.sql');
  await wb.cell(0).locator('.view-line').first().click();
  await wb.page.keyboard.press('ControlOrMeta+Enter');
  await untilOrder(0, 1);
  await wb.cell(0).locator('.view-line').first().click();
  await wb.page.keyboard.press('Shift+Enter');
  await untilOrder(0, 2);
  assert.equal(await wb.cell(0).locator('.view-line').count(), 1);
  await wb.cell(1).locator('.view-line').first().click();
  await wb.page.keyboard.press('Escape');
  await wb.page.keyboard.press('ControlOrMeta+Enter');
  await untilOrder(1, 3);
  await wb.cell(1).locator('.view-line').first().click();
  await wb.page.keyboard.press('Escape');
  await wb.page.keyboard.press('Shift+Enter');
  await untilOrder(1, 4);
});

test('a cell has buttons to run it with those above or below, and the notebook one for its database', async () => {
  await wb.cell(1).locator('.view-line').first().click();
  const toolbar = wb.cell(1).locator('.cell-title-toolbar');
  for (const label of ['Execute Above Cells', 'Execute Cell and Below', 'Export Result'])
    await toolbar.locator(`.action-label[aria-label^="${label}"]`).first().waitFor();
  await wb.page.locator('.notebookOverlay:not([style*="visibility: hidden"]) .action-label[aria-label^="Open Database"]').first().waitFor();
  await wb.screenshot('first-toolbar');
});

test('a running cell is stopped at once', async () => {
  await wb.runCell(2);
  await wb.cell(2).locator('.codicon-notebook-stop').waitFor();
  await wb
    .cell(2)
    .locator('.cell-status-left', { hasText: /\d (?:ms|s)/ })
    .first()
    .waitFor();
  const elapsed = await wb.cell(2).evaluate(async (row) => {
    const stop = row.querySelector('.run-button-container .codicon-notebook-stop');
    const clicked = performance.now();
    stop.click();
    for (;;) {
      if (/cancelled after/.test(row.querySelector('.cell-status-left')?.textContent ?? '')) return performance.now() - clicked;
      if (performance.now() - clicked > 20_000) return Number.NaN;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  process.stdout.write(`from the click to “cancelled” on the screen: ${Math.round(elapsed)} ms\n`);
  assert.ok(elapsed < 3_000, `${elapsed} ms`);
});

test('in a .sql file both keys run the statement at the cursor', async () => {
  await wb.openFile('keys.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().waitFor();
  await wb.page.keyboard.press('ControlOrMeta+Home');
  await wb.page.keyboard.press('ControlOrMeta+Enter');
  const panel = wb.webviewFrame(EXTENSION);
  await panel.getByRole('columnheader', { name: /^c\b/ }).last().waitFor();
  await wb.page.locator('.monaco-editor[data-uri$="keys.sql"] .view-line', { hasText: '4' }).click();
  await wb.page.keyboard.press('Shift+Enter');
  await panel.getByRole('columnheader', { name: /^d\b/ }).last().waitFor();
});
