// `engine.parallel.aggregate`, as it chooses and in chunks, against the plain aggregate in a session of the same engine.
import { openEngine } from '../dist/engine/engine.js';
import { interleave, median, ms } from './measure.mjs';

const SET_UP = `create table t as select (range % 100000)::integer as i, range * 7919 as b, range * 1.1::double as d,
  (range % 100000 / 100)::decimal(9,2) as m, (range / 7)::decimal(18,3) as w from range(10000000)`;

const CASES = [
  ['count', 'i'],
  ['sum', 'i'],
  ['sum', 'b'],
  ['sum', 'd'],
  ['sum', 'w'],
  ['min', 'i'],
  ['avg', 'i'],
  ['avg', 'm'],
  ['avg', 'd'],
  ['stddev', 'i'],
  ['stddev', 'b'],
  ['stddev', 'm'],
  ['stddev', 'd'],
];

export async function aggregate() {
  const lines = [
    '| aggregate | plain SQL median (min) ms | `aggregate` median (min) ms | ratio of medians | of minima | exact | in 4 chunks, median ms |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const engine = await openEngine({ cache: { enabled: false } });
  const session = await engine.openSession();
  await session.run(SET_UP);
  for (const [op, column] of CASES) {
    let exact;
    const times = await interleave(
      {
        plain: async () => {
          const result = await session.run(`select ${op}(${column}) from t`);
          await result.page(0, 1);
          result.release();
        },
        aggregate: async () => {
          ({ exact } = await engine.parallel.aggregate({ table: 't', column, op }));
        },
        chunks: async () => {
          await engine.parallel.aggregate({ table: 't', column, op, chunks: 4 });
        },
      },
      11,
    );
    const least = (values) => Math.min(...values);
    const ratio = (of) => (of(times.aggregate) / of(times.plain)).toFixed(2);
    const figures = (values) => `${ms(median(values))} (${ms(least(values))})`;
    lines.push(
      `| \`${op}(${column})\` | ${figures(times.plain)} | ${figures(times.aggregate)} | ${ratio(median)} | ${ratio(least)} | ${exact ? 'yes' : 'no'} | ${ms(median(times.chunks))} |`,
    );
  }
  await engine.close();
  return [...lines, '', 'Columns: `i` INTEGER, `b` BIGINT, `d` DOUBLE, `m` DECIMAL(9,2), `w` DECIMAL(18,3); 10,000,000 rows.'];
}
