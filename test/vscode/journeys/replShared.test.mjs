// A person works on one database in a notebook and in two terminals: they share what was computed, and each keeps what is its own.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

/** Costly enough to be kept, and the same text in the notebook and in the terminals. */
const IN_NOTEBOOK = 'SELECT count(*) AS n, sum(hash(a)) % 1000 AS h FROM numbers WHERE hash(a) % 3 = 1';
const IN_TERMINAL = 'SELECT count(*) AS m, sum(hash(a)) % 1000 AS h FROM numbers WHERE hash(a) % 7 = 1';
const NOTEBOOK = `-- %% Numbers
CREATE OR REPLACE TABLE numbers AS SELECT range AS a FROM range(20000000);
-- %% Asked here first
${IN_NOTEBOOK};
-- %% Asked in the terminal first
${IN_TERMINAL};
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, 'shared.kodiak.sql'), NOTEBOOK);
  server = await startVscodeServer({
    extensionLink: '.',
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'kodiak.database.path': join(folder, 'sales.duckdb') },
  });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1200 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function line(index) {
  const texts = await wb.cell(index).locator('.cell-status-item').allTextContents();
  return texts.map((text) => text.trim()).join(' | ');
}

/** Runs a statement in the visible terminal; gives what it wrote. */
async function inTerminal(statement, wanted) {
  const before = (await wb.terminalText()).length;
  await wb.typeInTerminal(`${statement}\n`);
  let shown = '';
  await wb.until(`the terminal shows ${wanted}`, async () => {
    shown = (await wb.terminalText()).slice(before);
    return wanted.test(shown) && /kodiak[^>\n]*>\s*$/.test(shown);
  });
  return shown;
}

test('a notebook fills a database file', async () => {
  await wb.openFile('shared.kodiak.sql');
  await wb.page.locator('.notebookOverlay:not([style*="visibility: hidden"]) .monaco-list-row').first().waitFor({ state: 'attached' });
  for (const index of [0, 1]) {
    await wb.runCell(index);
    assert.equal(await wb.waitCellDone(index, 60_000), 'success', `cell ${index}`);
  }
});

test('the REPL says whose database it shares, and the query of the notebook is proved there', async () => {
  await wb.runCommand('Kodiak: Open REPL');
  await wb.until(
    'the first line is there',
    async () => /sales\.duckdb.*, shared with VS Code \(process \d+\)/.test(await wb.terminalText()),
    30_000,
  );
  await wb.until('the prompt names VS Code', async () => /kodiak \([^)]+\)>/.test(await wb.terminalText()));
  assert.match(await inTerminal(`${IN_NOTEBOOK};`, /1 row/), /proved/);
});

test('a query of the REPL is proved in the notebook', async () => {
  assert.doesNotMatch(await inTerminal(`${IN_TERMINAL};`, /1 row/), /proved/);
  await wb.runCell(2);
  assert.equal(await wb.waitCellDone(2, 30_000), 'success');
  await wb.until('the cell is proved', async () => /proved/.test(await line(2)));
  await wb.pictures('repl-shared');
});

test('a second REPL has a session of its own, and both say that there are two', async () => {
  await inTerminal("set variable mine = 'first';", /kodiak/);
  await inTerminal('create temp table own as select 1 as a;', /kodiak/);
  await wb.runCommand('Kodiak: Open REPL');
  await wb.until(
    'the second one names both',
    async () => /shared with .*process \d+\) and another terminal/.test((await wb.terminalText()).replaceAll('\n', ' ')),
    30_000,
  );
  assert.match(await inTerminal("select coalesce(getvariable('mine'), 'nothing') as seen;", /1 row/), /nothing/);
  assert.match(await inTerminal('from own;', /own/), /does not exist/);
  assert.match(await inTerminal(`${IN_TERMINAL};`, /1 row/), /proved/);
  await wb.screenshot('repl-shared-two');
  await wb.typeInTerminal('.exit\n');
  await wb.until('the first one is back', async () => (await wb.terminalText()).includes('create temp table own'), 30_000);
  await inTerminal('select 1;', /1 row/);
  await wb.until('nobody else but VS Code is named', async () => /kodiak \([^+]*\)>\s*$/.test(await wb.terminalText()));
  assert.match(await inTerminal("select getvariable('mine') || a as kept from own;", /1 row/), /first1/);
});
