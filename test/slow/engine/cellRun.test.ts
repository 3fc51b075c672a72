import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellOutcome } from '../../../engine/types.ts';
import { describeOutcome, runCells } from '../../support/cellOutcomes.ts';
import { withEngine, withSession } from '../../support/engines.ts';

describe('session.runCells', () => {
  it('answers as one cell after the other does', async () => {
    const statement = fc.constantFrom(
      'select count(*), sum(i) from a',
      'select count(*), sum(i) from b',
      'select a.i, b.i from a join b using (i) order by all',
      'select 1 / 2',
      'select 1 / 2; select count(*) from a',
      'from seen order by all',
      'select count(*) from mine',
      "select nextval('s')",
      "select current_setting('integer_division')",
      'insert into a select max(i) + 1 from a',
      'insert into b select count(*) from a',
      'delete from a where i % 2 = 0',
      'create or replace view seen as select i from a',
      'create or replace view seen as select i + 1 from b',
      'create or replace temp view seen as select 42',
      'create or replace temp table mine as from a',
      'drop view if exists seen',
      'set integer_division = true',
      'reset integer_division',
      'begin',
      'rollback',
      'commit',
      'select missing from a',
      "select 'x'::integer from a",
      'selec 1',
      '-- nothing',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 12 }), fc.boolean(), async (scripts, enabled) => {
        const setUp = `create table a as select range::integer as i from range(5); create table b as select range::integer as i from range(3, 9);
          create sequence s; create view seen as select i from b`;
        await withEngine({ parallel: { enabled, threads: 2 } }, async (engine) => {
          const session = await engine.openSession();
          await session.runAll(setUp);
          const outcomes = await runCells(session, ...scripts);
          await session.close();
          await withSession(async (twin) => {
            await twin.runAll(setUp);
            for (const [index, sql] of scripts.entries()) {
              if (/^Cell \d+ (failed|was skipped)/.test(String(outcomes[index]))) continue;
              const single = await twin.runAll(sql).then(
                (results): CellOutcome => ({ id: '', kind: 'done', results, elapsedMs: 0 }),
                (error): CellOutcome => ({ id: '', kind: 'failed', results: error.results ?? [], error, elapsedMs: 0 }),
              );
              expect([sql, outcomes[index]]).toEqual([sql, await describeOutcome(single)]);
            }
          });
        });
      }),
      { numRuns: 40 },
    );
  });
});
