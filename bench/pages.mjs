// How rows get to a grid: column frames against JSON rows, and a page after a jump against a temporary table with LIMIT and OFFSET.
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { bundled } from './bundled.mjs';
import { interleave, median, ms, percentile } from './measure.mjs';

const ROWS = 10_000_000;
const SQL = `select range a, range % 7 k, range / 7.0 d, 'row ' || range s, case when range % 3 = 0 then null else range end n from range(${ROWS})`;
const JUMPS = 300;

const value = {
  whole: (row) => row * 37,
  decimal: (row) => row / 7,
  text: (row) => `note ${row} of many`,
  sometimes: (row) => (row % 5 === 0 ? null : row),
  label: (row) => ['open', 'paid', 'sent'][row % 3],
};
const kinds = Object.values(value);

/** Rows by columns as the server has them. */
const SHAPES = { '200 × 10, a page': [200, 10], '200 × 4': [200, 4], '200,000 × 4': [200_000, 4], '200 × 10,000': [200, 10_000] };

export async function pages() {
  const { encodeFrame, ColumnFrame } = await bundled('server/protocol/columnFrame.ts');
  const lines = [
    '| rows × columns | JSON rows | column frame | JSON: write / read | frame: write / read all / open only |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const [name, [rowCount, columnCount]] of Object.entries(SHAPES)) {
    const rows = Array.from({ length: rowCount }, (_, row) =>
      Array.from({ length: columnCount }, (_, column) => kinds[column % kinds.length](row)),
    );
    const json = () => JSON.stringify(rows);
    const frame = () => {
      const { bytes, text } = encodeFrame(rows, columnCount);
      return JSON.stringify({ data: Buffer.from(bytes.buffer).toString('base64'), text });
    };
    const [asJson, asFrame] = [json(), frame()];
    // As the page of a grid does it.
    const open = () => {
      const { data, text } = JSON.parse(asFrame);
      const characters = atob(data);
      const bytes = new Uint8Array(characters.length);
      for (let index = 0; index < characters.length; index++) bytes[index] = characters.charCodeAt(index);
      return new ColumnFrame({ bytes, text });
    };
    const readAll = () => {
      const read = open();
      let last;
      for (let row = 0; row < read.length; row++) last = read.row(row);
      return last;
    };
    if (JSON.stringify(readAll()) !== JSON.stringify(rows.at(-1))) throw new Error('the frame has other rows');
    const times = await interleave(
      { writeJson: json, writeFrame: frame, readJson: () => JSON.parse(asJson), readFrame: readAll, openFrame: open },
      rowCount * columnCount > 100_000 ? 9 : 101,
    );
    const figure = (key) => ms(median(times[key]));
    lines.push(
      `| ${name} | ${kilobytes(asJson)} | ${kilobytes(asFrame)} | ${figure('writeJson')} / ${figure('readJson')} ms | ${figure('writeFrame')} / ${figure('readFrame')} / ${figure('openFrame')} ms |`,
    );
  }
  return [...lines, '', ...(await jumps(encodeFrame))];
}

async function jumps(encodeFrame) {
  const engine = await openEngine();
  const session = await engine.openSession();
  const result = await session.run(SQL);
  const bare = await (await DuckDBInstance.create(':memory:')).connect();
  await bare.run(`create temp table kept as ${SQL}`);
  const times = { ours: [], theirs: [] };
  for (let jump = 0; jump < JUMPS; jump++) {
    const offset = Math.floor(((jump * 7919) % JUMPS) * ((ROWS - 200) / (JUMPS - 1)));
    const asked = performance.now();
    const page = await result.page(offset, 200, { maxLength: 10_000 });
    encodeFrame(
      page.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell))),
      5,
    );
    times.ours.push(performance.now() - asked);
    if (Number(page[0][0]) !== offset) throw new Error(`wrong page at ${offset}`);
    const began = performance.now();
    const read = await bare.runAndReadAll(`select * from kept limit 200 offset ${offset}`);
    JSON.stringify(read.getRowsJson());
    times.theirs.push(performance.now() - began);
  }
  result.release();
  await engine.close();
  const line = (name, values) => `| ${name} | ${ms(median(values))} ms | ${ms(percentile(values, 0.99))} ms |`;
  return [
    `| 200 of ${ROWS.toLocaleString('en-US')} rows after a jump, as bytes to send | median | p99 |`,
    '| --- | --- | --- |',
    line('Kodiak: by row number, column frame (goal ≤ 20 ms)', times.ours),
    line('a temporary table with LIMIT and OFFSET, JSON rows', times.theirs),
  ];
}

function kilobytes(text) {
  return `${(text.length / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })} kB`;
}
