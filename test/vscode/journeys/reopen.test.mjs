// A person opens a notebook again, and finds what it showed: as of then, with word of whether it is still so.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'orders.csv'), 'order_id,total\n1,20\n2,30\n');
  writeFileSync(join(folder, 'orders.kodiak.sql'), ORDERS);
  writeFileSync(join(folder, 'copy.kodiak.sql'), ORDERS);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1600 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until outputs of so many cells are on the disk. */
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

async function reload() {
  await wb.page.reload();
  await wb.page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0, undefined, {
    timeout: 60_000,
  });
}

function lines() {
  return wb.outputFrame().locator('.kodiak-as-of');
}

test('after a reload every cell shows what it showed, as of then', async () => {
  await wb.openFile('orders.kodiak.sql');
  for (let cell = 0; cell < 8; cell++) {
    await wb.runCell(cell);
    await wb.waitCellDone(cell);
  }
  await untilKept(8);
  await reload();
  await lines().first().waitFor();
  await wb.screenshot('reopen-first');
  await wb.outputFrame().getByText('200,000 rows × 2 columns', { exact: false }).waitFor();
});
