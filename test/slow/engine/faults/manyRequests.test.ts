import { expect, it } from 'vitest';
import { withEngine, withSession } from '../../../support/engines.ts';

const REQUESTS = 10_000;

it('answers 10,000 requests at once through one session, each with its own rows', async () => {
  await withSession(async (session) => {
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, index) => {
        const result = await session
          .run(`select ${index % 500}, ${index % 3 === 0 ? 'x' : '1'}`)
          .catch((thrown: { code: string }) => thrown.code);
        if (typeof result === 'string') return result;
        const [row] = await result.page(0, 1);
        result.release();
        return row?.[0];
      }),
    );
    expect(answers.filter((answer, index) => answer !== (index % 3 === 0 ? 'sql' : index % 500))).toEqual([]);
  });
});

it('answers 10,000 requests at once through fifty sessions', async () => {
  await withEngine({ pool: { maxConnections: 50 } }, async (engine) => {
    const sessions = await Promise.all(Array.from({ length: 50 }, () => engine.openSession()));
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, index) => {
        const result = await sessions[index % 50]?.run(`select range + ${index} from range(3)`);
        const rows = await result?.page(2, 1);
        result?.release();
        return rows?.[0]?.[0];
      }),
    );
    expect(answers.filter((answer, index) => answer !== BigInt(index + 2))).toEqual([]);
    const { parallel } = engine.stats();
    expect(parallel.peakRunning).toBeLessThanOrEqual(parallel.maxRunning);
    await Promise.all(sessions.map((session) => session.close()));
  });
});

it('answers 10,000 pages at once of one large result and its view', async () => {
  await withSession(async (session) => {
    const result = await session.run('select range, -range from range(1500000)');
    const view = await result.view({ sort: [{ column: 1 }] });
    const pages = await Promise.all(
      Array.from({ length: REQUESTS }, (_, index) =>
        index % 2 === 0 ? result.page(index * 100, 1) : view.page(1_499_999 - (index % 1000), 1),
      ),
    );
    expect(pages.filter(([row], index) => row?.[0] !== BigInt(index % 2 === 0 ? index * 100 : index % 1000))).toEqual([]);
    view.release();
    result.release();
  });
});
