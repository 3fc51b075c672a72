// A person opens the guided tour, runs it, looks at rows, cancels, reads the status bar and asks the REPL.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  cpSync('examples', folder, { recursive: true });
  cpSync('test/fixtures/workspace', folder, { recursive: true });
  server = await startVscodeServer({ extensionLink: '.' });
  wb = await openWorkbench(server, { folder });
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Text of a status item, such as "50% hits". */
async function status(id) {
  return (await wb.statusItem(`kodiak-data.kodiak.kodiak.${id}`).textContent()).trim();
}

test('the tour runs from the first cell to the last', async () => {
  await wb.openFile('tour.kodiak.sql');
  await wb.page.locator('.notebookOverlay:not([style*="visibility: hidden"]) .monaco-list-row').first().waitFor({ state: 'attached' });
  await wb.runAllCells();
  await wb.outputFrame().locator('[role=grid]').first().waitFor();
  for (const index of codeCells()) assert.equal(await wb.waitCellDone(index, 60_000), 'success', `cell ${index}`);
  await wb.screenshot('tour');
});

test('rows are there, and a later page when scrolled', async () => {
  await wb.openFile('people.kodiak.sql');
  await wb.runCell(4);
  assert.equal(await wb.waitCellDone(4), 'success');
  const grid = wb.outputFrame().locator('[role=grid]').last();
  await grid.getByText('row 0', { exact: true }).waitFor();
  await grid.click();
  await wb.page.keyboard.press('Control+End');
  await grid.getByText('row 999999', { exact: true }).waitFor();
  await wb.screenshot('last-page');
});

test('ten million rows of ten columns open at once, and their last page', async () => {
  await wb.runCell(7);
  const grid = wb.outputFrame().locator('[role=grid]').filter({ hasText: 'n5' });
  await grid.getByText('row 0', { exact: true }).waitFor();
  await wb.screenshot('ten-million-first-rows');
  assert.equal(await wb.waitCellDone(7, 60_000), 'success');
  await grid.focus();
  await wb.page.keyboard.press('Control+End');
  await wb.page.keyboard.press('Home');
  await grid.getByText('9999999', { exact: true }).first().waitFor();
  await wb.screenshot('ten-million-last-rows');
});

test('an error stands at its place', async () => {
  await wb.runCell(2);
  assert.equal(await wb.waitCellDone(2), 'error');
  await wb.cell(2).locator('.squiggly-error').first().waitFor();
  await wb.screenshot('error');
});

test('a long query stops within a second', async () => {
  await wb.runCell(3);
  await wb.until('one statement runs', async () => (await status('parallel')).startsWith('1/'));
  await wb.screenshot('running');
  const tookMs = await wb.stopTimeMs(3);
  assert.equal(await wb.waitCellDone(3), 'error');
  assert.ok(tookMs < 1000, `it was said ${tookMs} ms after the press`);
  // The ten million rows of before are written to disk, too, as soon as nothing else runs.
  await wb.until('nothing runs', async () => (await status('parallel')).startsWith('0/'), 60_000);
});

test('the REPL gives the same numbers as the status bar', async () => {
  await wb.runCommand('Kodiak: Open REPL');
  await wb.until('the prompt is there', async () => (await wb.terminalText()).match(/kodiak[^>\n]*>/) !== null, 30_000);
  await wb.typeInTerminal('select 6 * 7 as answer;\n');
  await wb.until('the answer is there', async () => (await wb.terminalText()).includes('42'));
  for (const command of ['.cache', '.connections', '.memory', '.parallel']) await wb.typeInTerminal(`${command}\n`);
  await wb.until('the threads are there', async () => /threads/i.test(await wb.terminalText()));
  const text = await wb.terminalText();
  await wb.screenshot('repl');
  // The language help borrows a connection for a moment: a count taken then is out of date at once.
  await wb.until('both count the same connections', async () => {
    await wb.typeInTerminal('.connections\n');
    await wb.page.waitForTimeout(1_000);
    const [, inUse, atMost] = /(\d+)\/(\d+)/.exec(await status('connections')) ?? [];
    const said = [...(await wb.terminalText()).matchAll(/(\d+) in use, .* at most (\d+)/g)].at(-1);
    return inUse !== undefined && said?.[1] === inUse && said[2] === atMost;
  });
  const hits = /(\d+)\s*%/.exec(await status('cache'));
  assert.ok(hits);
  assert.match(text, new RegExp(`${hits[1]}\\s*%`));
});

test('a status item opens its details and acts', async () => {
  await wb.statusItem('kodiak-data.kodiak.kodiak.cache').click();
  const rows = await wb.quickPickRows();
  assert.ok(
    rows.some((row) => /hits/i.test(row)),
    rows.join('\n'),
  );
  await wb.screenshot('cache-details');
  await wb.pickRow('Clear Cache');
});

/** Places of the tour's code cells among all its cells. */
function codeCells() {
  const markers = readFileSync(join(folder, 'tour.kodiak.sql'), 'utf8').match(/^-- %%.*$/gm);
  return markers.flatMap((marker, index) => (marker.includes('[markdown]') ? [] : index));
}
