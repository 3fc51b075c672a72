// A person runs notebooks without an editor and looks at the page in a browser that has no network.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../chromiumPath.mjs';
import { saveScreenshot } from '../screenshots.mjs';

const HOSTILE = `<img src=x onerror=alert(1)>`;
const NOTEBOOK = `-- %% [markdown] Report
-- # Report ${HOSTILE}

-- %% params
SET VARIABLE days = 100;

-- %% Per day ${HOSTILE} chart=line x=day y=total agg=none
SELECT DATE '2024-01-01' + range::INTEGER AS day, range * range AS total, '${HOSTILE}' AS note FROM range($days);

-- %% Areas chart=bar x=region y=n agg=sum
SELECT region, n FROM (VALUES ('north', 3), ('south', 5), ('</svg><script>alert(2)</script>', 4)) t(region, n);

-- %% assert Nothing is negative
SELECT 1 AS a WHERE 1 < 0;

-- %% assert All days are there
SELECT count(*) = 7 FROM range($days);

-- %% Broken
SELECT nope FROM range(3);
`;
const program = resolve('dist/client/terminal/main.js');
const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let browser;

/** Runs the program to its end in the folder. */
function kodiak(...args) {
  const env = { ...process.env, KODIAK_RUNTIME_DIR: join(folder, 'run'), KODIAK_STATE_DIR: join(folder, 'state') };
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8' });
}

before(async () => {
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  writeFileSync(join(folder, 'report.kodiak.sql'), NOTEBOOK);
  cpSync('examples', join(folder, 'tour'), { recursive: true });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page offline; gives it with what it asked for and complained of. */
async function open(name) {
  const context = await browser.newContext({ offline: true, viewport: { width: 1100, height: 1000 } });
  const page = await context.newPage();
  const [requests, complaints] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  const address = pathToFileURL(join(folder, name)).href;
  await page.goto(address);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith('data:image/svg+xml;base64,')),
    [address],
  );
  assert.deepEqual(complaints, []);
  return page;
}

test('a notebook with charts, tests and errors becomes a page that loads nothing and runs nothing', async () => {
  const { status, stdout, stderr } = kodiak('run', 'report.kodiak.sql', '--param', 'days=300', '--output', 'html', '--out', 'report.html');
  assert.equal(status, 2, stderr);
  assert.equal(stdout, '');
  const page = await open('report.html');
  assert.equal(await page.locator('h1').textContent(), `Report ${HOSTILE}`);
  assert.equal(await page.locator('td', { hasText: HOSTILE }).first().textContent(), HOSTILE);
  assert.match(await page.locator('caption').first().textContent(), /^first 200 of 300 rows/);
  const widths = await page.locator('img.chart').evaluateAll((pictures) => pictures.map((picture) => picture.naturalWidth));
  assert.equal(widths.length, 2);
  assert.ok(
    widths.every((width) => width > 100),
    String(widths),
  );
  const text = await page.locator('main').textContent();
  assert.match(text, /✓ passed/);
  assert.match(text, /Assertion failed\. All days are there: Expected true, got false\./);
  assert.match(text, /Referenced column "nope" not found/);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await saveScreenshot(page, `headless-html-${scheme}`);
  }
  await page.context().close();
});

test('the tour becomes one, too', async () => {
  const { status, stderr } = kodiak('run', 'tour/tour.kodiak.sql', '-o', 'html', '--out', 'tour.html');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^14 cells: 14 ok · /);
  const page = await open('tour.html');
  assert.equal(await page.locator('h1').first().textContent(), 'A tour of Kodiak');
  const chart = page.locator('img.chart');
  assert.ok(await chart.evaluate((picture) => picture.naturalWidth > 100));
  assert.match(await chart.getAttribute('alt'), /orders/);
  await chart.scrollIntoViewIfNeeded();
  await saveScreenshot(page, 'headless-tour');
  await page.context().close();
});
