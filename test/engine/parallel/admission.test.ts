import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../../engine/base/clock.ts';
import { Admission, LONG_AFTER_MS } from '../../../engine/parallel/admission.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Submits tasks that end when told to, and notes the order in which they begin. */
class Runner {
  readonly admission: Admission;
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  constructor(maxRunning: number, shortSlots: number) {
    this.admission = new Admission({ maxRunning, shortSlots }, clock);
  }

  submit(name: string, request: Parameters<Admission['submit']>[1] = {}): Promise<string> {
    return this.admission.submit(async () => {
      this.started.push(name);
      await new Promise<void>((resolve) => this.#ends.set(name, resolve));
      return name;
    }, request);
  }

  async end(...names: string[]): Promise<void> {
    await settle();
    for (const name of names) this.#ends.get(name)?.();
    await settle();
  }

  async endAll(): Promise<void> {
    while (this.admission.stats().running > 0) await this.end(...this.started);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const task = fc.record({
  abort: fc.boolean(),
  fail: fc.boolean(),
  trivial: fc.boolean(),
  key: fc.constantFrom(undefined, 'a', 'b'),
  waitMs: fc.constantFrom(0, 10, 600),
});

it('never runs more than its limits, keeps the order of each kind, and settles every waiter', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(task, { maxLength: 25 }),
      async (maxRunning, shortSlots, plans) => {
        const admission = new Admission({ maxRunning, shortSlots }, clock);
        const started: number[] = [];
        let running = 0;
        const finish: (() => void)[] = [];
        const runs = plans.map((plan, index) => {
          const abort = new AbortController();
          const run = admission.submit(
            async () => {
              started.push(index);
              expect(++running).toBeLessThanOrEqual(maxRunning + shortSlots);
              await new Promise<void>((resolve) => finish.push(resolve));
              running--;
              if (plan.fail) throw new Error('failed');
              return index;
            },
            { trivial: plan.trivial, key: plan.key, signal: abort.signal },
          );
          const settled = run.catch((error: Error) => error.message);
          if (plan.abort) abort.abort();
          return settled;
        });
        for (let step = 0; admission.stats().running > 0; step++) {
          await vi.advanceTimersByTimeAsync(plans[step % plans.length]?.waitMs ?? 0);
          // Some slot is never left free while somebody waits who may use it.
          if (admission.stats().queued > 0) expect(running).toBeGreaterThanOrEqual(maxRunning);
          finish.shift()?.();
          await settle();
        }
        const outcomes = await Promise.all(runs);
        for (const [index, plan] of plans.entries()) {
          if (plan.abort && !started.includes(index)) expect(outcomes[index]).toContain('cancelled');
          else expect(outcomes[index]).toBe(plan.fail ? 'failed' : index);
        }
        for (const trivial of [true, false]) {
          const ofKind = started.filter((index) => plans[index]?.trivial === trivial && plans[index]?.key === undefined);
          expect(ofKind).toEqual([...ofKind].sort((a, b) => a - b));
        }
        expect(admission.stats()).toMatchObject({ running: 0, queued: 0, completed: started.length });
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});

describe('statements behind long ones', () => {
  it('begin at once if they are trivial, in the slots kept for that', async () => {
    const runner = new Runner(2, 2);
    for (const name of ['long 1', 'long 2', 'long 3', 'long 4', 'long 5']) void runner.submit(name);
    void runner.submit('select 1', { trivial: true });
    await settle();
    expect(runner.started).toEqual(['long 1', 'long 2', 'select 1']);
    expect(runner.admission.stats()).toMatchObject({ running: 3, queued: 3, longestShortWaitMs: 0 });
    await runner.endAll();
    expect(runner.admission.stats()).toMatchObject({ running: 0, peakRunning: 3, completed: 6, shortCompleted: 1 });
  });

  it('begin at once if they were short the last time, and not if they were long', async () => {
    const runner = new Runner(1, 1);
    void runner.submit('quick', { key: 'q' });
    await runner.end('quick');
    void runner.submit('slow', { key: 's' });
    await vi.advanceTimersByTimeAsync(51);
    await runner.end('slow');
    void runner.submit('long');
    void runner.submit('slow again', { key: 's' });
    void runner.submit('quick again', { key: 'q' });
    await settle();
    expect(runner.started.slice(2)).toEqual(['long', 'quick again']);
    await runner.endAll();
  });

  it('begin once all that run are long ones, of which one slot is always spared', async () => {
    const runner = new Runner(2, 2);
    void runner.submit('long 1');
    await vi.advanceTimersByTimeAsync(300);
    for (const name of ['long 2', 'new 1', 'new 2']) void runner.submit(name);
    await vi.advanceTimersByTimeAsync(LONG_AFTER_MS - 1);
    expect(runner.started).toEqual(['long 1', 'long 2']);
    await vi.advanceTimersByTimeAsync(1);
    expect(runner.started).toEqual(['long 1', 'long 2', 'new 1']);
    await vi.advanceTimersByTimeAsync(10 * LONG_AFTER_MS);
    expect(runner.started).toEqual(['long 1', 'long 2', 'new 1']);
    void runner.submit('select 1', { trivial: true });
    await settle();
    expect(runner.started.at(-1)).toBe('select 1');
    await runner.endAll();
  });

  it('do not starve the others: those that find no short slot wait in their turn', async () => {
    const runner = new Runner(1, 1);
    void runner.submit('first');
    void runner.submit('short 1', { trivial: true });
    await vi.advanceTimersByTimeAsync(1);
    void runner.submit('second');
    await vi.advanceTimersByTimeAsync(1);
    void runner.submit('short 2', { trivial: true });
    await settle();
    await runner.end('first');
    expect(runner.started).toEqual(['first', 'short 1', 'second']);
    await runner.end('short 1');
    expect(runner.started).toEqual(['first', 'short 1', 'second', 'short 2']);
    expect(runner.admission.stats().longestShortWaitMs).toBe(0);
    await runner.endAll();
  });
});

it('runs one at a time, in order, without short slots', async () => {
  const runner = new Runner(1, 0);
  for (const name of ['a', 'b']) void runner.submit(name);
  void runner.submit('select 1', { trivial: true });
  await vi.advanceTimersByTimeAsync(10 * LONG_AFTER_MS);
  expect(runner.started).toEqual(['a']);
  await runner.end('a');
  await runner.end('b');
  expect(runner.started).toEqual(['a', 'b', 'select 1']);
  await runner.endAll();
});

it('lets go of ten thousand waiters', { tags: ['slow'] }, async () => {
  const runner = new Runner(2, 2);
  void runner.submit('a');
  void runner.submit('b');
  const aborts = Array.from({ length: 10_000 }, () => new AbortController());
  const waiting = aborts.map(({ signal }, index) => runner.submit(`${index}`, { signal }).catch((error) => error.code));
  expect(runner.admission.stats().queued).toBe(10_000);
  for (const abort of aborts) abort.abort();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['cancelled']));
  expect(runner.admission.stats().queued).toBe(0);
  expect(runner.started).toEqual(['a', 'b']);
  await runner.endAll();
  expect(vi.getTimerCount()).toBe(0);
});
