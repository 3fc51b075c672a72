import { describe, expect, it } from 'vitest';
import { type Passenger, SingleFlight } from '../../../engine/base/singleFlight.ts';

/** Work that ends when the test says so. */
function createWork() {
  const work = { starts: 0, disposed: 0, aborted: false, finish: (_: string) => {}, fail: (_: Error) => {}, emit: (_: number) => {} };
  const start = (signal: AbortSignal, emit: (event: number) => void) => {
    work.starts++;
    work.emit = emit;
    signal.addEventListener('abort', () => {
      work.aborted = true;
    });
    return new Promise<string>((resolve, reject) => {
      work.finish = resolve;
      work.fail = reject;
    });
  };
  return { work, start, dispose: () => work.disposed++ };
}

function passenger(signal?: AbortSignal, events: number[] = []): Passenger<string, number> {
  return { signal, onEvent: (event) => events.push(event), take: (value) => `${value} taken`, onAbort: () => new Error('aborted') };
}

describe('single flight', () => {
  it('runs once for all who ask meanwhile, and gives each a share of its own', async () => {
    const flights = new SingleFlight<string, number>();
    const { work, start, dispose } = createWork();
    const events: number[] = [];
    const all = Array.from({ length: 10_000 }, () => flights.join('k', passenger(undefined, events), start, dispose).value);
    work.emit(7);
    const late = flights.join('k', passenger(undefined, events), start, dispose);
    work.finish('v');
    expect(new Set([...(await Promise.all(all)), await late.value])).toEqual(new Set(['v taken']));
    expect(work).toMatchObject({ starts: 1, disposed: 1, aborted: false });
    expect(events).toHaveLength(10_001);
    expect(late.led).toBe(false);
    expect(flights.shared).toBe(10_000);
  });

  it('starts anew when the work has ended, and for another key', async () => {
    const flights = new SingleFlight<string, number>();
    const { work, start, dispose } = createWork();
    const first = flights.join('k', passenger(), start, dispose);
    work.finish('v');
    await first.ended;
    flights.join('k', passenger(), start, dispose);
    flights.join('l', passenger(), start, dispose);
    expect(work.starts).toBe(3);
  });

  it('lets one caller go without harm to the others', async () => {
    const flights = new SingleFlight<string, number>();
    const { work, start, dispose } = createWork();
    const leader = new AbortController();
    const led = flights.join('k', passenger(leader.signal), start, dispose);
    const other = flights.join('k', passenger(), start, dispose);
    leader.abort();
    await expect(led.value).rejects.toThrow('aborted');
    expect(work.aborted).toBe(false);
    work.finish('v');
    expect(await other.value).toBe('v taken');
  });

  it('aborts the work with its last caller, and nobody joins it then', async () => {
    const flights = new SingleFlight<string, number>();
    const { work, start, dispose } = createWork();
    const callers = [new AbortController(), new AbortController()];
    const values = callers.map(({ signal }) => flights.join('k', passenger(signal), start, dispose).value);
    for (const caller of callers) caller.abort();
    for (const value of values) await expect(value).rejects.toThrow('aborted');
    expect(work.aborted).toBe(true);
    flights.join('k', passenger(), start, dispose);
    expect(work.starts).toBe(2);
  });

  it('gives its failure to all', async () => {
    const flights = new SingleFlight<string, number>();
    const { work, start, dispose } = createWork();
    const values = [0, 1].map(() => flights.join('k', passenger(), start, dispose).value);
    work.fail(new Error('broken'));
    for (const value of values) await expect(value).rejects.toThrow('broken');
    expect(work.disposed).toBe(0);
  });
});
