// A person works a notebook by its parameters, and reads the result of one cell in others.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
const NOTEBOOK = `-- %% params
-- label: Region, choices: north|south
SET VARIABLE region = 'north';
-- label: Since, range: 2020-01-01..2030-12-31
SET VARIABLE since = DATE '2024-01-03';
-- label: At most, range: 1..100
SET VARIABLE most = 50;
-- label: Only paid
SET VARIABLE paid = true;

-- %% Sales name=daily
SELECT day, region, day(day) * 10 AS amount, random() AS r
FROM (SELECT DATE '2024-01-01' + i::INT AS day, unnest(['north', 'south']) AS region FROM range(10) t(i))
WHERE region = $region AND day >= $since AND amount <= $most AND $paid;

-- %% Sums
SELECT count(*) AS days, sum(amount) AS total, min(region) AS region FROM daily;

-- %% Asks
SELECT $greeting || ' world' AS said, $times::INTEGER AS times;
`;
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'book.kodiak.sql'), NOTEBOOK);
  server = await startVscodeServer({ extensionLink: '.', settings: { 'files.autoSave': 'off' } });
  wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1300 } });
});

after(async () => {
  assert.deepEqual(wb?.policyOffences, []);
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function input(label) {
  return wb.outputFrame().getByLabel(label, { exact: true });
}

function outputText() {
  return wb.outputFrame().locator('body').innerText();
}

async function saved() {
  await wb.page.keyboard.press('ControlOrMeta+s');
  await wb.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  return readFileSync(join(folder, 'book.kodiak.sql'), 'utf8');
}

test('the inputs are there before anything has run, and a cell that needs them runs them first', async () => {
  await wb.openFile('book.kodiak.sql');
  await input('Region').waitFor();
  assert.equal(await input('Since').inputValue(), '2024-01-03');
  assert.equal(await input('Only paid').isChecked(), true);
  await wb.runCell(1);
  assert.equal(await wb.waitCellDone(1), 'success');
  await wb.until('the rows are those of the parameters', async () => /3 rows/.test(await outputText()));
  await wb.runCell(2);
  assert.equal(await wb.waitCellDone(2), 'success');
  await wb.until('the sum is read from the result of the other cell', async () => /120/.test(await outputText()));
  await wb.screenshot('params-ran');
});

test('an input changes the SQL of the cell, tells what is old, and runs it', async () => {
  await input('At most').fill('40');
  await input('At most').press('Enter');
  await wb.until('cells are told to be old', async () => /2 cells show the old value/.test(await outputText()));
  await wb.outputFrame().getByRole('button', { name: 'Run Dependent Cells' }).click();
  await wb.until('the sum is of the new rows', async () => /\b70\b/.test(await outputText()));
  assert.match(await saved(), /SET VARIABLE most = 40;\n/);
  await wb.outputFrame().getByLabel('Run them on change').check();
  await input('Region').selectOption('south');
  await wb.until('both cells have run by themselves', async () => (await outputText()).split('south').length > 4);
  const text = await saved();
  assert.match(text, /^-- %% params run=auto\n/);
  assert.match(text, /SET VARIABLE region = 'south';\n/);
});

test('what is wrong is said at the input, and nothing is lost', async () => {
  await input('At most').fill('abc');
  await input('At most').press('Enter');
  const problem = wb.outputFrame().getByRole('alert').filter({ hasText: '"abc" is not a whole number, such as 42.' });
  await problem.waitFor();
  assert.equal(await input('At most').inputValue(), 'abc');
  assert.equal(await input('At most').getAttribute('aria-invalid'), 'true');
  assert.match(await saved(), /SET VARIABLE most = 40;\n/);
  await wb.screenshot('params-wrong');
  await input('At most').fill('1000');
  await wb.outputFrame().getByRole('alert').filter({ hasText: 'At most must be at most 100.' }).waitFor();
  await input('At most').fill('30');
  await wb.until('the right value counts', async () => /SET VARIABLE most = 30;\n/.test(await saved()));
});

test('a name without a value asks for it and keeps it with the others', async () => {
  await wb.runCell(3);
  const box = wb.page.locator('.quick-input-widget .quick-input-box input');
  await wb.until('it asks for the first', async () =>
    (await wb.page.locator('.quick-input-widget').innerText()).includes('Value for $greeting'),
  );
  await box.fill("it's a");
  await wb.page.keyboard.press('Enter');
  await wb.until('it asks for the second', async () =>
    (await wb.page.locator('.quick-input-widget').innerText()).includes('Value for $times'),
  );
  await box.fill('many');
  await wb.until('it says what it takes', async () =>
    (await wb.page.locator('.quick-input-widget').innerText()).includes('is not a whole number'),
  );
  await wb.screenshot('params-asks');
  await box.fill('3');
  await wb.page.keyboard.press('Enter');
  assert.equal(await wb.waitCellDone(3), 'success');
  await wb.until('the answer has the value', async () => /it's a world/.test(await outputText()));
  assert.match(await saved(), /SET VARIABLE greeting = 'it''s a';\nSET VARIABLE times = 3;\n/);
  assert.equal(await input('greeting').inputValue(), "it's a");
});

test('it looks right in light, dark and high contrast', async () => {
  const themes = { light: 'Light Modern', dark: 'Dark Modern', contrast: 'Dark High Contrast', 'contrast-light': 'Light High Contrast' };
  for (const [name, theme] of Object.entries(themes)) {
    await wb.runCommand('Preferences: Color Theme');
    await wb.page.locator('.quick-input-widget .quick-input-box input').fill(theme);
    await wb.pickRow(theme);
    await wb.page.waitForTimeout(700);
    await wb.screenshot(`params-${name}`);
  }
});
