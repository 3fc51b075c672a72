import { expect, it } from 'vitest';
import { changesSession } from '../../../../engine/sql/changesSession.ts';
import { splitStatements } from '../../../../engine/sql/splitStatements.ts';
import { type History, makeHistory } from '../../../support/cacheHistory.ts';
import { playHistory } from '../../../support/playHistory.ts';

const SEEDS = 8;
const STEPS = 480;
/** As many as there are sessions in a history. */
const CONNECTIONS = 2;

it('answers as without a cache when sessions hand their connections on between their scripts', async () => {
  const total = { comparisons: 0, hits: 0, loans: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { mismatch, comparisons, hits, loans } = await playHistory(withoutOwn(makeHistory(seed, STEPS)), CONNECTIONS);
    expect(mismatch, `seed ${seed}`).toBeUndefined();
    total.comparisons += comparisons;
    total.hits += hits;
    total.loans += loans;
  }
  console.log(JSON.stringify(total));
  expect(total.comparisons).toBeGreaterThan((SEEDS * STEPS) / 2);
  expect(total.hits).toBeGreaterThan(SEEDS * 20);
  expect(total.loans, 'the connections went from hand to hand').toBeGreaterThan(SEEDS * 100);
}, 900_000);

/** Without what would give a session something of its own, and with it its connection for good; such steps come at the end. */
function withoutOwn({ setUp, steps, ...more }: History): History {
  const isOwn = ({ sql }: { readonly sql: string }) =>
    /\bexplain analyze\b/i.test(sql) || splitStatements(sql).some((statement) => changesSession(statement, sql));
  const last = Math.floor(steps.length * 0.8);
  // Whoever has attached a database keeps the connection: a session that then closes.
  const shared = setUp.filter((step) => !isOwn(step) || step.sql.startsWith('attach')).map((step) => ({ ...step, session: 'first' }));
  return {
    ...more,
    setUp: [...shared, { session: 'first', sql: '', op: 'close' }],
    steps: steps.filter((step, index) => index > last || !isOwn(step)).filter(({ sql }) => !/\bexplain analyze\b/i.test(sql)),
  };
}
