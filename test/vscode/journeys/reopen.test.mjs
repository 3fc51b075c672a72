// A person opens a notebook again, and finds what it showed: as of then, with word of whether it is still so.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';

const ORDERS = `-- %% Orders
SELECT order_id, total FROM 'orders.csv' ORDER BY total DESC;

-- %% Many rows
SELECT range AS i, 'row ' || range AS name FROM range(200000);

-- %% Two statements
SELECT 1 AS one;
SELECT 2 AS two;

-- %% Says that it is done
CREATE OR REPLACE TABLE kept AS SELECT 42 AS answer;

-- %% Equal cell
SELECT count(*) AS n FROM kept;

-- %% More
INSERT INTO kept VALUES (43);

-- %% Equal cell
SELECT count(*) AS n FROM kept;

-- %% Fails
SELECT nothing FROM nowhere;
`;
const CELLS = 8;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const notebook = join(folder, 'orders.kodiak.sql');
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'orders.csv'), 'order_id,total\n1,20\n2,30\n');
  writeFileSync(notebook, ORDERS);
  writeFileSync(join(folder, 'copy.kodiak.sql'), ORDERS);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 2600 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the outputs of so many cells are on the disk. */
async function untilKept(count) {
  const cells = join(dirname(server.extensionsDir), 'data', 'data', 'User', 'globalStorage', EXTENSION, 'results', 'cells');
  await wb.until(`${count} cells are kept`, async () => {
    try {
      return readdirSync(cells).filter((name) => name.endsWith('.json')).length === count;
    } catch {
      return false;
    }
  });
}

/** The lines above outputs of an earlier run, in the order of their cells. */
async function lines() {
  const all = await wb
    .outputFrame()
    .locator('.kodiak-as-of-text')
    .evaluateAll((found) => found.map((line) => ({ text: line.textContent, top: line.getBoundingClientRect().top })));
  return all.sort((a, b) => a.top - b.top).map(({ text }) => text.replace(/\d\d:\d\d/, 'TIME'));
}

async function untilLines(what, check) {
  let last = [];
  await wb
    .until(
      what,
      async () => {
        last = await lines();
        return check(last);
      },
      90_000,
    )
    .catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify(last)}`);
    });
  return last;
}

/** The grid of 200,000 rows: outputs do not stand in the page in the order of their cells. */
function largeGrid() {
  return wb.outputFrame().locator('[role=grid]').filter({ hasText: 'row ' });
}

test('after a reload every cell shows what it showed, as of then, and none looks as if it had run', async () => {
  await wb.openFile('orders.kodiak.sql');
  for (let cell = 0; cell < CELLS; cell++) {
    await wb.runCell(cell);
    await wb.waitCellDone(cell);
  }
  await untilKept(CELLS);
  await wb.reload();
  const told = await untilLines(
    'eight cells have a line that knows',
    (found) => found.length === CELLS && [0, 1, 2].every((index) => found[index].includes('unchanged')),
  );
  const gone = 'As of TIME, cannot tell whether its sources changed: its tables were in memory and are gone with the last session.';
  assert.equal(told[0], 'As of TIME, sources unchanged.');
  assert.equal(told[2], 'As of TIME, sources unchanged.');
  assert.equal(told[4], gone);
  assert.equal(told[5], 'As of TIME, from an earlier run.');
  assert.equal(told[6], gone);
  await wb.outputFrame().getByText('200,000 rows × 2 columns', { exact: false }).waitFor();
  await wb.outputFrame().getByText('nowhere', { exact: false }).first().waitFor();
  const states = await wb.page
    .locator('.cell-status-left .codicon-notebook-state-success, .cell-status-left .codicon-notebook-state-error')
    .count();
  assert.equal(states, 0, 'no cell shows the end of a run');
  assert.ok(!(await wb.page.locator('.tab.active').getAttribute('class')).includes('dirty'));
  assert.equal(readFileSync(notebook, 'utf8'), ORDERS);
  await wb.pictures('reopen', wb.outputFrame());
});

test('its results are handles: any page, and sorted', async () => {
  await largeGrid().focus();
  await wb.page.keyboard.press('Control+End');
  await wb.outputFrame().getByRole('gridcell', { name: 'row 199999', exact: true }).waitFor();
  const head = wb.outputFrame().getByRole('columnheader', { name: /^i, / });
  await head.click();
  await head.click();
  await wb.page.keyboard.press('Control+Home');
  await largeGrid().getByRole('gridcell', { name: 'row 199999', exact: true }).first().waitFor();
});

test('a file that changes while the notebook is open is told of, and the cell that runs again is as others', async () => {
  writeFileSync(join(folder, 'orders.csv'), 'order_id,total\n1,20\n2,30\n3,40\n');
  await untilLines('the first line says what changed', (found) => found[0] === 'As of TIME, orders.csv changed since.');
  await wb.screenshot('reopen-changed');
  await wb.outputFrame().locator('.kodiak-as-of').filter({ hasText: 'orders.csv' }).getByRole('button', { name: 'Run again' }).click();
  await untilLines('the cell has no line any more', (found) => found.length === CELLS - 1 && !found[0].includes('orders.csv'));
  await wb.outputFrame().getByText('3 rows × 2 columns', { exact: false }).waitFor();
});

test('a notebook that is closed and opened shows it all again, and another with the same text does not', async () => {
  // The button that had the focus is gone, and keys with it.
  await wb.page.locator('.tab.active[data-resource-name="orders.kodiak.sql"]').click();
  await wb.runCommand('View: Close Editor');
  await wb.openFile('copy.kodiak.sql');
  await wb.cell(0).waitFor();
  await wb.page.waitForTimeout(1000);
  assert.deepEqual(await lines(), []);
  await wb.openFile('orders.kodiak.sql');
  await untilLines('all lines are there', (found) => found.length === CELLS && found[0] === 'As of TIME, sources unchanged.');
  await wb.outputFrame().getByText('3 rows × 2 columns', { exact: false }).waitFor();
});

test('rows of a grid that is open are there although their server ended', async () => {
  await wb.runCommand('Kodiak: Restart the Server');
  await largeGrid().focus();
  await wb.page.keyboard.press('Control+End');
  await wb.outputFrame().getByRole('gridcell', { name: 'row 199999', exact: true }).waitFor();
});

test('a cell that was changed outside shows nothing, the others what they showed, wherever they stand', async () => {
  const [first, ...others] = ORDERS.split(/(?=-- %%)/);
  writeFileSync(notebook, [others[0], first.replace('DESC', 'ASC'), ...others.slice(1)].join(''));
  await wb.cell(0).filter({ hasText: '200000' }).waitFor();
  await untilLines('one line less', (found) => found.length === CELLS - 1);
  assert.equal(await wb.outputFrame().getByText('200,000 rows × 2 columns', { exact: false }).count(), 1);
});

test('outputs that a person cleared do not come back', async () => {
  writeFileSync(notebook, ORDERS);
  await wb.cell(1).filter({ hasText: '200000' }).waitFor();
  await untilLines('all lines are there', (found) => found.length === CELLS);
  await wb.cell(1).locator('.monaco-editor').first().click();
  await wb.page.keyboard.press('Escape');
  await wb.screenshot('reopen-clearing');
  await wb.runCommand('Notebook: Clear Cell Outputs');
  await untilKept(CELLS - 1);
  await wb.reload();
  await untilLines('one line less', (found) => found.length === CELLS - 1);
  assert.equal(await wb.outputFrame().getByText('200,000 rows × 2 columns', { exact: false }).count(), 0);
});

test('kept results are forgotten at once when a person wants it', async () => {
  await wb.runCommand('Kodiak: Forget Kept Results');
  await wb.notification('kept results of 7 cells were removed from the disk').waitFor();
  await untilKept(0);
  await wb.reload();
  await wb.cell(0).waitFor({ timeout: 90_000 });
  await wb.page.waitForTimeout(1500);
  assert.deepEqual(await lines(), []);
  assert.deepEqual(wb.policyOffences, []);
});
