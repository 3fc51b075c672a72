#!/usr/bin/env node
// What a person waits for, in a real workbench: `node bench/screen.mjs` after a build. It is not part of `npm run bench`, because it needs
// what test/vscode needs. Beside it, in the same workbench, what VS Code itself takes: an extension whose cells and pages are answered at
// once (`bench/floor`). Prints tables for RESULTS.md.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVscodeServer } from '../test/vscode/vscodeServer.mjs';
import { openWorkbench } from '../test/vscode/workbench.mjs';
import { machine, median, ms, percentile } from './measure.mjs';

/** `now()` is when DuckDB began, a moment before its first rows. */
const BIG = `SELECT epoch_ms(now()) AS began, range AS id, range % 7 AS k, range / 7.0 AS d, 'note ' || range AS note, hash(range) AS h FROM range(10000000);`;
const WIDE = `SELECT ${Array.from({ length: 10_000 }, (_, index) => `range + ${index} AS c${index}`).join(', ')} FROM range(200);`;
const LONG = 'SELECT count(*) AS n FROM range(100000000000);';
/** Kodiak and the floor take turns. */
const TURNS = 2;
const ROUNDS = 7;
const JUMPS = 300;
const FRAMES = 180;

const folder = mkdtempSync(join(tmpdir(), 'kodiak-screen-'));
writeFileSync(join(folder, 'screen.kodiak.sql'), `-- %% Warm\nSELECT 42 AS answer;\n-- %% Big\n${BIG}\n`);
writeFileSync(join(folder, 'long.kodiak.sql'), `-- %% Warm\nSELECT 42 AS answer;\n-- %% Long\n${LONG}\n`);
writeFileSync(join(folder, 'wide.kodiak.sql'), `-- %% Wide\n${WIDE}\n`);
writeFileSync(join(folder, 'least.floor'), '');
const server = await startVscodeServer({ extensionLink: ['.', 'bench/floor'] });
const wb = await openWorkbench(server, { folder, viewport: { width: 1400, height: 1000 } });
wb.page.setDefaultTimeout(120_000);
try {
  await wb.openFile('screen.kodiak.sql');
  await wb.runCell(0);
  await wb.waitCellDone(0, 60_000);
  await wb.page.evaluate(() => addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), true));
  const [first, jumps, leastFirst, leastJumps] = [[], [], [], []];
  let scroll = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await wb.openFile('screen.kodiak.sql');
    first.push(...(await firstRows(1, () => firstRow(1, '10,000,000 rows'))));
    const grid = wb.outputFrame().locator('[role=grid]').last();
    await grid.hover();
    jumps.push(...(await grid.evaluate(jump, JUMPS)));
    scroll = await grid.evaluate(scrollOn, FRAMES);
    await wb.openFile('least.floor');
    // The first run fetches the renderer.
    await wb.runCell(0);
    await wb.waitCellDone(0);
    leastFirst.push(...(await firstRows(0, leastRow)));
    leastJumps.push(...(await wb.outputFrame().locator('.floor').last().evaluate(ask, JUMPS)));
  }
  const cancels = await cancelTimes();
  await wb.openFile('wide.kodiak.sql');
  const wide = await firstRow(0, '10,000 columns');
  const wideGrid = wb.outputFrame().locator('[role=grid]').last();
  const sideways = await wideGrid.evaluate(scrollAside, FRAMES);
  const frames = (name, times) =>
    `| ${name} | ${ms(median(times))} ms | ${ms(percentile(times, 0.95))} ms | ${ms(percentile(times, 0.99))} ms | ${ms(Math.max(...times))} ms |`;
  const once = (name, times) => `| ${name} | ${ms(median(times))} ms | ${ms(Math.min(...times))} ms | ${ms(Math.max(...times))} ms |`;
  const between = (name, runs, from, to) =>
    once(
      name,
      runs.map((run) => run[to] - run[from]),
    );
  console.log(
    [
      `## ${machine()}`,
      '',
      '### Grids on the screen (`node bench/screen.mjs`: headless Chromium without a GPU, code-server)',
      '',
      '| from the click on Run | |',
      '| --- | --- |',
      `| first of 200 rows × 10,000 columns drawn | ${ms(wide)} ms |`,
      '',
      `| of ${TURNS * ROUNDS} | median | least | most |`,
      '| --- | --- | --- | --- |',
      between('first of 10,000,000 rows drawn, from the press on Run', first, 'pressed', 'drawn'),
      between('… of that until DuckDB began', first, 'pressed', 'began'),
      between('… and from then on (goal ≤ 300 ms from its first rows)', first, 'began', 'drawn'),
      between('VS Code alone, one cell of text: from the press on Run', leastFirst, 'pressed', 'drawn'),
      between('… from when the extension answers', leastFirst, 'began', 'drawn'),
      once('cancelled on the screen, from the press on Stop (goal ≤ 200 ms)', cancels),
      '',
      '| | median | p95 | p99 | most |',
      '| --- | --- | --- | --- | --- |',
      frames('rows drawn after a jump among 10,000,000 (goal: p99 ≤ 100 ms)', jumps),
      frames('VS Code alone: an answer of the same size at once, drawn as text', leastJumps),
      frames('a frame while scrolling down, 3 rows a frame', scroll),
      frames('a frame while scrolling 10,000 columns, 60 pixels a frame', sideways),
      '',
      '| renderer, minified | size |',
      '| --- | --- |',
      ...sizes('dist/client/renderer'),
    ].join('\n'),
  );
} finally {
  await wb.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the click on Run until the first cell of the output is drawn. */
async function firstRow(index, text) {
  await wb.revealCell(index);
  const drawn = wb.outputFrame().getByText(text, { exact: false }).last();
  await wb.cell(index).hover();
  const began = Date.now();
  await wb.runCell(index);
  await wb.outputFrame().locator('[role=grid]').last().locator('[role=gridcell][data-row="0"]:not(.kodiak-waiting)').first().waitFor();
  const elapsed = Date.now() - began;
  await drawn.waitFor();
  await wb.waitCellDone(index, 120_000);
  return elapsed;
}

async function leastRow() {
  await wb.runCell(0);
  await wb.waitCellDone(0);
}

/** When Run was pressed, DuckDB began, and the frame came that shows so; the first run finds no grid, the others that of the run before. */
async function firstRows(index, run) {
  await wb.revealCell(index);
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) {
    const shown = wb.outputFrame().locator('body').evaluate(untilBeganIsDrawn, Date.now());
    await run();
    runs.push({ ...(await shown), pressed: await wb.page.evaluate(() => globalThis.pressedAt) });
  }
  return runs;
}

/** Runs in the page of the outputs. */
function untilBeganIsDrawn(body, before) {
  return new Promise((resolve) => {
    const look = () => {
      const began = [...body.querySelectorAll('[role=gridcell][data-row="0"]')]
        .map((cell) => Number(cell.textContent))
        .find((time) => time > 1e12 && time < 2e12 && time > before);
      if (began === undefined) requestAnimationFrame(look);
      else resolve({ began, drawn: Date.now() });
    };
    look();
  });
}

/** Milliseconds from the press on a cell's stop button to the frame that says that it was cancelled. */
async function cancelTimes() {
  await wb.openFile('long.kodiak.sql');
  await wb.runCell(0);
  await wb.waitCellDone(0, 60_000);
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await wb.runCell(1);
    await wb.page.waitForTimeout(1_500);
    times.push(await wb.stopTimeMs(1, 60_000));
  }
  return times;
}

/** Runs in the page of the grid: jumps by the scroll bar, and waits until every row in view has its values. */
async function jump(grid, count) {
  const view = grid.querySelector('.slick-viewport-right');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // Rows that were drawn before the jump are somewhere else now.
  const covered = () => {
    const { top, bottom } = view.getBoundingClientRect();
    const rows = [...grid.querySelectorAll('.slick-pane-right .slick-row')].map((row) => row.getBoundingClientRect());
    return Math.min(...rows.map((row) => row.top)) <= top && Math.max(...rows.map((row) => row.bottom)) >= bottom - 44;
  };
  const times = [];
  for (let index = 0; index < count; index++) {
    const share = ((index * 37) % count) / (count - 1);
    const began = performance.now();
    view.scrollTop = share * (view.scrollHeight - view.clientHeight);
    for (;;) {
      await frame();
      const cells = [...grid.querySelectorAll('.slick-pane-right [role=gridcell]')];
      if (covered() && cells.every((cell) => !cell.classList.contains('kodiak-waiting'))) break;
    }
    times.push(performance.now() - began);
  }
  return times;
}

/** Runs in the page of the floor: asks for a page, and waits for the frame after its values are there. */
async function ask(element, count) {
  const times = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    let here = false;
    element.ask().then(() => {
      here = true;
    });
    while (!here) await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(performance.now() - began);
  }
  return times;
}

async function scrollOn(grid, count) {
  const view = grid.querySelector('.slick-viewport-right');
  view.scrollTop = 0;
  const times = [];
  let last = await new Promise((resolve) => requestAnimationFrame(resolve));
  for (let index = 0; index < count; index++) {
    view.scrollTop += 66;
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(now - last);
    last = now;
  }
  return times;
}

async function scrollAside(grid, count) {
  const view = grid.querySelector('.slick-viewport-right');
  const times = [];
  let last = await new Promise((resolve) => requestAnimationFrame(resolve));
  for (let index = 0; index < count; index++) {
    view.scrollLeft += 60;
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(now - last);
    last = now;
  }
  return times;
}

/** As they are now: build with `--production` first. */
function sizes(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.js'));
  const bytes = files.map((file) => statSync(join(folder, file)).size);
  const all = bytes.reduce((sum, size) => sum + size, 0);
  const line = (name, size) => `| ${name} | ${(size / 1000).toFixed(0)} kB |`;
  return [...files.map((file, index) => line(file, bytes[index])), line('all (goal ≤ 1,500 kB)', all)];
}
