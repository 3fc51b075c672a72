// A person looks at the rows of a part of a query, inline: in a .sql file and in a notebook.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const EXTENSION = 'kodiak-data.kodiak';
const HOSTILE = '<img src=x onerror=alert(1)>';
const SQL = `WITH recent AS (
  SELECT range AS order_id, range % 7 AS customer_id, CASE WHEN range % 3 = 0 THEN NULL ELSE '${HOSTILE}' END AS note
  FROM range(100000)
),
totals AS (SELECT customer_id, count(*) AS orders FROM recent GROUP BY ALL)
SELECT customer_id, (SELECT max(r.order_id) FROM recent r WHERE r.customer_id = t.customer_id) AS last_order
FROM totals t
ORDER BY ALL;

SELECT count(*) FROM (SELECT hash(range) AS h FROM range(100000000000) WHERE hash(range) = 1);

WITH broken AS (SELECT nothing FROM range(3)) SELECT * FROM broken;
`;
const NOTEBOOK = `-- %% Load
CREATE OR REPLACE TEMP TABLE orders AS SELECT range AS order_id, range % 3 AS customer_id FROM range(12);

-- %% Ask
SELECT customer_id, count(*) AS n
FROM (SELECT * FROM orders WHERE order_id >= 6) late
GROUP BY ALL ORDER BY ALL;
`;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'parts.sql'), SQL);
  writeFileSync(join(folder, 'parts.kodiak.sql'), NOTEBOOK);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1100 } });
  wb.page.setDefaultTimeout(30_000);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The text of the peek view; VS Code draws blanks as hard ones. */
async function peeked() {
  const lines = wb.page.locator('.peekview-widget .preview .view-line');
  const rows = await lines.evaluateAll((all) =>
    all.map((line) => ({ top: Number.parseInt(line.style.top, 10), text: line.textContent ?? '' })).sort((a, b) => a.top - b.top),
  );
  return rows.map(({ text }) => text.replaceAll('\u00a0', ' ')).join('\n');
}

async function untilPeeked(...texts) {
  await wb.until(`the peek view has ${texts.join(', ')}`, async () => {
    const text = await peeked();
    return texts.every((part) => text.includes(part));
  });
}

async function closePeek() {
  await wb.page.keyboard.press('Escape');
  await wb.page.locator('.peekview-widget').waitFor({ state: 'detached' });
}

/** Puts the cursor into a word of the file; its line is in view. */
async function clickWord(line, text) {
  await wb.runCommand('Go to Line/Column...');
  const column = SQL.split('\n')[line - 1].indexOf(text) + 2;
  await wb.page.keyboard.type(`${line}:${column}`);
  await wb.page.keyboard.press('Enter');
}

test('a common table expression is shown below its line with its count, and Escape closes it', async () => {
  await wb.openFile('parts.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().waitFor();
  await clickWord(1, 'recent');
  await wb.page.keyboard.press('ControlOrMeta+Alt+p');
  await untilPeeked('recent: first 100 of 100,000 rows · 3 columns', 'order_id', 'BIGINT', HOSTILE, 'NULL');
  assert.equal(await wb.page.locator('.peekview-widget img').count(), 0);
  await wb.pictures('peek-cte');
  await closePeek();
});

test('an item of FROM is shown from the command palette and with Ctrl+.', async () => {
  await clickWord(7, 'totals');
  await wb.runCommand('Kodiak: Peek Result');
  await untilPeeked('totals: 7 rows · 2 columns');
  await closePeek();
  await wb.page.keyboard.press('ControlOrMeta+.');
  await wb.page.locator('.action-widget .monaco-list-row', { hasText: 'Peek at the rows of totals' }).click();
  await untilPeeked('totals: 7 rows · 2 columns');
  await closePeek();
});

test('a correlated subquery says why it has no rows of its own', async () => {
  await clickWord(6, 'max(');
  await wb.page.keyboard.press('ControlOrMeta+Alt+p');
  await wb.notification('uses t.customer_id of what stands around it').waitFor();
  await wb.runCommand('Notifications: Clear All Notifications');
});

test('one that takes long is cancelled', async () => {
  await clickWord(10, 'hash(range) AS h');
  await wb.page.keyboard.press('ControlOrMeta+Alt+p');
  const running = wb.notification('Peeking at');
  await running.waitFor();
  await running.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await running.waitFor({ state: 'detached' });
  assert.equal(await wb.page.locator('.peekview-widget').count(), 0);
});

test('an error is told where it is', async () => {
  await clickWord(12, 'FROM broken');
  await wb.page.keyboard.press('End');
  await wb.page.keyboard.press('ArrowLeft');
  await wb.page.keyboard.press('ArrowLeft');
  await wb.page.keyboard.press('ControlOrMeta+Alt+p');
  await untilPeeked('broken could not be shown.', 'Line 12, column 24');
  await wb.screenshot('peek-error');
  await closePeek();
});

test('in a notebook a part is run in its session', async () => {
  await wb.openFile('parts.kodiak.sql');
  await wb.runCell(0);
  assert.equal(await wb.waitCellDone(0), 'success');
  await wb.revealCell(1);
  await wb.cell(1).locator('.view-line', { hasText: 'late' }).getByText('late').click();
  await wb.page.keyboard.press('ControlOrMeta+Alt+p');
  await untilPeeked('late: 6 rows · 2 columns');
  await wb.pictures('peek-notebook');
});

test('all rows can be opened in the results panel', async () => {
  await wb.page.keyboard.press('ControlOrMeta+Alt+o');
  const panel = wb.webviewFrame(EXTENSION);
  await panel.getByText('6 rows × 2 columns', { exact: false }).waitFor();
  await wb.screenshot('peek-panel');
  await wb.cell(1).locator('.monaco-editor').first().click();
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
});
