import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Admission } from '../../../engine/parallel/admission.ts';

it('never runs more than its limit, keeps the order, and settles every waiter', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ abort: fc.boolean(), fail: fc.boolean() }), { maxLength: 25 }),
      async (maxRunning, plans) => {
        const admission = new Admission({ enabled: true, threads: 2, maxRunning });
        const started: number[] = [];
        let running = 0;
        const finish: (() => void)[] = [];
        const runs = plans.map((plan, index) => {
          const abort = new AbortController();
          const run = admission.submit(async () => {
            started.push(index);
            expect(++running).toBeLessThanOrEqual(maxRunning);
            await new Promise<void>((resolve) => finish.push(resolve));
            running--;
            if (plan.fail) throw new Error('failed');
            return index;
          }, abort.signal);
          const settled = run.catch((error: Error) => error.message);
          if (plan.abort) abort.abort();
          return settled;
        });
        while (admission.stats().running > 0) {
          finish.shift()?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        const outcomes = await Promise.all(runs);
        for (const [index, plan] of plans.entries()) {
          if (plan.abort && !started.includes(index)) expect(outcomes[index]).toContain('cancelled');
          else expect(outcomes[index]).toBe(plan.fail ? 'failed' : index);
        }
        expect(started).toEqual([...started].sort((a, b) => a - b));
        expect(admission.stats()).toMatchObject({ running: 0, queued: 0, completed: started.length });
      },
    ),
    { numRuns: 50 },
  );
});
