// A notebook of 50 outputs that is opened again, in the real workbench: from its cells on the screen to their outputs. Beside it what VS Code
// itself takes for a Jupyter notebook with 50 stored tables of HTML.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startVscodeServer } from '../test/vscode/vscodeServer.mjs';
import { openWorkbench } from '../test/vscode/workbench.mjs';
import { median, ms } from './measure.mjs';

const CELLS = 50;
const ROUNDS = 7;
/** VS Code writes down what is open a moment after it was. */
const VIEW_STATE_MS = 6_000;
/** A closed notebook's page is gone by then. */
const CLOSED_MS = 1_500;

export async function reopen() {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-bench-'));
  const numbers = Array.from({ length: CELLS }, (_, index) => index);
  const query = (index) =>
    `-- %% Cell ${index}\nSELECT range AS i, range * ${index} AS product, 'a text of some length ' || range AS t FROM range(20000);\n`;
  writeFileSync(join(folder, 'fifty.kodiak.sql'), numbers.map(query).join('\n'));
  writeFileSync(join(folder, 'fifty.ipynb'), JSON.stringify(jupyterNotebook(numbers, htmlTable)));
  const word = () => ({ 'text/plain': ['hello'] });
  writeFileSync(join(folder, 'words.ipynb'), JSON.stringify(jupyterNotebook(numbers, word)));
  writeFileSync(join(folder, 'one.ipynb'), JSON.stringify(jupyterNotebook([0], word)));
  const server = await startVscodeServer({ extensionLink: '.', settings: {} });
  const wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1000 } });
  wb.page.setDefaultTimeout(120_000);
  try {
    await wb.openFile('fifty.kodiak.sql');
    await wb.cell(0).waitFor();
    await wb.runAllCells();
    const kept = join(dirname(server.extensionsDir), 'data', 'data', 'User', 'globalStorage', 'kodiak-data.kodiak', 'results', 'cells');
    const count = () => {
      try {
        return readdirSync(kept).filter((name) => name.endsWith('.json')).length;
      } catch {
        return 0;
      }
    };
    await wb.until('all cells are kept', async () => count() === CELLS, 300_000);
    const ours = await reload(wb, '[role=grid]:has([role=gridcell])');
    const again = await openAgain(wb, 'fifty.kodiak.sql', '[role=grid]:has([role=gridcell])');
    await showAlone(wb, 'fifty.ipynb');
    const theirs = await reload(wb, 'table:has(td)');
    const theirsAgain = await openAgain(wb, 'fifty.ipynb', 'table:has(td)');
    await showAlone(wb, 'words.ipynb');
    const words = await reload(wb, ':text-is("hello")');
    await showAlone(wb, 'one.ipynb');
    const least = await reload(wb, ':text-is("hello")');
    const line = (name, values) => `| ${name} | ${ms(median(values))} ms | ${ms(Math.min(...values))} ms | ${ms(Math.max(...values))} ms |`;
    const table = (head, lines) => [`| ${head} | median | min | max |`, '| --- | --- | --- | --- |', ...lines, ''];
    return [
      ...table(`${CELLS} outputs after a reload of the window, from the first cell on the screen`, [
        line('Kodiak, 20,000 rows × 3 each: to the rows of the first output', ours.first),
        line('Kodiak: to the rows of all cells in view (goal ≤ 1 s)', ours.all),
        line('Jupyter notebook of VS Code, 200 rows × 3 each as HTML: to the first output', theirs.first),
        line('Jupyter notebook of VS Code: to the outputs of all cells in view', theirs.all),
        line('Jupyter notebook of VS Code, one word each: to the first output', words.first),
        line('Jupyter notebook of VS Code with one cell and one word as its output', least.first),
      ]),
      ...table(`${CELLS} outputs of a notebook whose tab was closed, from its name in Quick Open`, [
        line('Kodiak: to the rows of the first output', again.first),
        line('Kodiak: to the rows of all cells in view (goal ≤ 1 s)', again.all),
        line('Jupyter notebook of VS Code, HTML: to the first output', theirsAgain.first),
        line('Jupyter notebook of VS Code: to the outputs of all cells in view', theirsAgain.all),
      ]),
    ];
  } finally {
    await wb.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function showAlone(wb, name) {
  await wb.runCommand('View: Close All Editors');
  await wb.openFile(name);
  await wb.cell(0).waitFor();
}

/** Milliseconds to the first output, and to those of all cells in view. */
async function reload(wb, drawn) {
  const figures = { first: [], all: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await wb.page.waitForTimeout(VIEW_STATE_MS);
    await wb.page.reload({ waitUntil: 'commit' });
    await wb.cell(0).waitFor();
    await timeOutputs(wb, drawn, figures);
  }
  return figures;
}

async function openAgain(wb, name, drawn) {
  const figures = { first: [], all: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await wb.runCommand('View: Close All Editors');
    await wb.page.waitForTimeout(CLOSED_MS);
    await wb.page.keyboard.press('Control+p');
    await wb.page.keyboard.type(name);
    await wb.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: name }).first().waitFor();
    await wb.page.keyboard.press('Enter');
    await timeOutputs(wb, drawn, figures);
  }
  return figures;
}

async function timeOutputs(wb, drawn, figures) {
  const startedAt = performance.now();
  const outputs = wb.outputFrame().locator(drawn);
  await outputs.first().waitFor();
  figures.first.push(performance.now() - startedAt);
  await wb.until('every cell in view has its output', async () => {
    const inView = await wb.page.locator('.cell-list-container .monaco-list-row').count();
    return (await outputs.count()) >= Math.min(inView, 4);
  });
  figures.all.push(performance.now() - startedAt);
}

function htmlTable(index) {
  const rows = Array.from(
    { length: 200 },
    (_, row) => `<tr><td>${row}</td><td>${row * index}</td><td>a text of some length ${row}</td></tr>`,
  );
  return { 'text/html': [`<table>${rows.join('')}</table>`] };
}

/** `data` gives the output of a cell by kind. */
function jupyterNotebook(numbers, data) {
  return {
    cells: numbers.map((index) => ({
      cell_type: 'code',
      execution_count: 1,
      id: `cell${index}`,
      metadata: {},
      source: [`SELECT ${index}`],
      outputs: [{ output_type: 'display_data', metadata: {}, data: data(index) }],
    })),
    metadata: { language_info: { name: 'sql' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
