import { expect, it } from 'vitest';
import { withSession } from '../../support/engines.ts';

it('gives back the rows of results that were forgotten', async () => {
  await withSession(async (session, engine) => {
    for (let run = 0; run < 120; run++) await session.run(`select range a, 'row ' || range b, range * ${run} c from range(60000)`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.stats().memory.resultBytes).toBeLessThan(140 * 1024 * 1024);
  });
});
