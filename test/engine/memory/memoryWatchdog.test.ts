import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryWatchdog } from '../../../engine/memory/memoryWatchdog.ts';

/** A process whose size the test sets, with a watchdog of 1,000 bytes whose timer is left out: the test calls `check`. */
function watched(freeable = 0) {
  const state = { bytes: 100, freeable, relieved: [] as number[], gaveBack: 0, machineChecks: 0 };
  const watchdog = new MemoryWatchdog(1000, {
    processBytes: () => state.bytes,
    relieve: (bytes) => {
      state.relieved.push(bytes);
      state.bytes -= state.freeable;
      state.freeable = 0;
      return Promise.resolve();
    },
    giveBack: () => {
      state.gaveBack++;
      return Promise.resolve();
    },
    checkMachine: () => {
      state.machineChecks++;
    },
  });
  onTestFinished(() => watchdog.dispose());
  return { state, watchdog };
}

function openPromise<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}

/** A statement that ends when it is aborted, as DuckDB's do, with an error of its own. */
function statement(watchdog: MemoryWatchdog, signal?: AbortSignal) {
  const end = openPromise<string>();
  const settled = watchdog.run(signal, (watching) => {
    watching.addEventListener('abort', () => end.reject(new Error('INTERRUPT Error: Interrupted!')));
    return end.promise;
  });
  settled.catch(() => undefined);
  return { settled, finish: () => end.resolve('done') };
}

describe('MemoryWatchdog', () => {
  it('leaves alone what stays below the ceiling', async () => {
    const { state, watchdog } = watched();
    const run = statement(watchdog);
    state.bytes = 849;
    await watchdog.check();
    run.finish();
    expect(await run.settled).toBe('done');
    expect(state.relieved).toEqual([]);
  });

  it('tells each statement what the process has grown by for it', async () => {
    const { state, watchdog } = watched();
    const grown: (() => number)[] = [];
    const run = () => {
      const end = openPromise<void>();
      const settled = watchdog.run(undefined, (_signal, grownBytes) => {
        grown.push(grownBytes);
        return end.promise;
      });
      return { settled, finish: () => end.resolve() };
    };
    const first = run();
    state.bytes = 200;
    await watchdog.check();
    const second = run();
    state.bytes = 300;
    await watchdog.check();
    state.bytes = 250;
    await watchdog.check();
    expect(grown.map((bytes) => bytes())).toEqual([150, 50]);
    for (const one of [first, second]) one.finish();
    await Promise.all([first.settled, second.settled]);
  });

  it('cleans up near the ceiling, and stops nothing when that is enough', async () => {
    const { state, watchdog } = watched(300);
    const run = statement(watchdog);
    state.bytes = 960;
    await watchdog.check();
    expect(state.relieved).toEqual([210]);
    run.finish();
    expect(await run.settled).toBe('done');
  });

  it('stops with a limit error that names the ceiling, after a clean-up that was not enough, and gives its memory back', async () => {
    const { state, watchdog } = watched(5);
    const run = statement(watchdog);
    state.bytes = 990;
    await watchdog.check();
    expect(state.relieved).toEqual([240]);
    await expect(run.settled).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.memory.ceilingMegabytes' });
    expect(state.gaveBack).toBe(1);
  });

  it('does not clean up again and again for nothing', async () => {
    const { state, watchdog } = watched();
    const run = statement(watchdog);
    state.bytes = 900;
    await watchdog.check();
    await watchdog.check();
    state.bytes = 910;
    await watchdog.check();
    expect(state.relieved.length).toBe(1);
    state.bytes = 920;
    await watchdog.check();
    expect(state.relieved.length).toBe(2);
    run.finish();
    await run.settled;
  });

  it('stops the statement that grew most, one at a time, the newest among equals', async () => {
    const { state, watchdog } = watched();
    const hog = statement(watchdog);
    state.bytes = 700;
    await watchdog.check();
    const small = statement(watchdog);
    const smallToo = statement(watchdog);
    state.bytes = 960;
    // One look finds the hog; a second one before it has ended finds nobody else.
    await Promise.all([watchdog.check(), watchdog.check()]);
    await expect(hog.settled).rejects.toMatchObject({ code: 'limit' });
    await watchdog.check();
    await expect(smallToo.settled).rejects.toMatchObject({ code: 'limit' });
    small.finish();
    expect(await small.settled).toBe('done');
  });

  it('leaves a cancelled statement its own error', async () => {
    const { state, watchdog } = watched();
    const controller = new AbortController();
    const run = statement(watchdog, controller.signal);
    controller.abort();
    await expect(run.settled).rejects.toThrow('INTERRUPT');
    state.bytes = 2000;
    await watchdog.check();
    expect(state.gaveBack).toBe(0);
  });

  it('looks at the machine once a second', async () => {
    const { state, watchdog } = watched();
    for (let look = 0; look < 40; look++) await watchdog.check();
    expect(state.machineChecks).toBe(2);
  });

  it('lets statements wait for what needs quiet, and does it only when none runs', async () => {
    const { watchdog } = watched();
    const gate = openPromise<void>();
    const order: string[] = [];
    const quiet = watchdog.whileQuiet(async () => {
      order.push('quiet begins');
      await gate.promise;
      order.push('quiet ends');
      return 1;
    });
    const run = watchdog.run(undefined, async () => {
      order.push('statement');
      expect(await watchdog.whileQuiet(() => Promise.resolve(2))).toBeUndefined();
    });
    gate.resolve();
    expect(await quiet).toBe(1);
    await run;
    expect(order).toEqual(['quiet begins', 'quiet ends', 'statement']);
    const failing = watchdog.whileQuiet(() => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await watchdog.run(undefined, () => Promise.resolve('runs'))).toBe('runs');
  });
});
