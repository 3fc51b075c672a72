import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result, ResultView } from '../../engine/types.ts';
import { ResultRegistry } from '../../server/resultRegistry.ts';

const ROOMY = { maxHandles: 10, maxBytes: 1000 };

class FakeResult {
  readonly bytes: number;
  readonly rowCount: number;
  released = 0;
  constructor(bytes: number, rowCount = 0) {
    this.bytes = bytes;
    this.rowCount = rowCount;
  }
  release(): void {
    this.released++;
  }
}

function add(registry: ResultRegistry, { owner = 'notebook', bytes = 1, pin }: { owner?: string; bytes?: number; pin?: object } = {}) {
  const fake = new FakeResult(bytes);
  return { fake, resultId: registry.add(fake as unknown as Result, owner, pin) };
}

function addView(registry: ResultRegistry, parent: string, rowCount = 1) {
  const fake = new FakeResult(0, rowCount);
  return { fake, resultId: registry.addView(fake as unknown as ResultView, parent) };
}

function lossOf(registry: ResultRegistry, resultId: string): unknown {
  try {
    registry.get(resultId);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('ResultRegistry', () => {
  it('finds a result by its handle until it is released', () => {
    const registry = new ResultRegistry(ROOMY);
    const { fake, resultId } = add(registry);
    expect(registry.get(resultId).result).toBe(fake);
    registry.release(resultId);
    registry.release(resultId);
    expect(fake.released).toBe(1);
    const loss = { code: 'unavailable', remedy: 'runAgain', message: expect.stringMatching(/no longer kept: run it again/) };
    expect(lossOf(registry, resultId)).toMatchObject(loss);
    expect(lossOf(registry, 'from an earlier server')).toMatchObject(loss);
  });

  it('drops the one used least recently above its number', () => {
    const registry = new ResultRegistry({ ...ROOMY, maxHandles: 2 });
    const [first, second] = [add(registry), add(registry)];
    registry.get(first.resultId);
    add(registry);
    expect([first.fake.released, second.fake.released, registry.size]).toEqual([0, 1, 2]);
    expect(lossOf(registry, second.resultId)).toMatchObject({ message: expect.stringContaining('more than 2 results') });
  });

  it('drops the oldest above its bytes, says why, and names the setting', () => {
    const registry = new ResultRegistry(ROOMY);
    const [first, second] = [add(registry, { bytes: 600 }), add(registry, { bytes: 600 })];
    expect([first.fake.released, registry.bytes]).toEqual([0, 1200]);
    const huge = add(registry, { bytes: 9000 });
    expect([first.fake.released, second.fake.released, huge.fake.released]).toEqual([1, 0, 0]);
    const loss = { code: 'unavailable', remedy: 'runAgain', setting: 'kodiak.results.memoryMegabytes' };
    expect(lossOf(registry, first.resultId)).toMatchObject(loss);
    expect(lossOf(registry, second.resultId)).toBeUndefined();
  });

  it('keeps what somebody shows, until the last one ceases to', () => {
    const registry = new ResultRegistry({ maxHandles: 1, maxBytes: 100 });
    const [editor, terminal] = [{}, {}];
    const shown = add(registry, { bytes: 5000, pin: editor });
    registry.pin(shown.resultId, terminal);
    registry.unpin(shown.resultId, editor);
    add(registry, { bytes: 50 });
    expect(registry.dropOldest(1)).toBe(50);
    expect(shown.fake.released).toBe(0);
    registry.unpinAll(terminal);
    expect(registry.dropOldest(1)).toBe(5000);
    expect(lossOf(registry, shown.resultId)).toMatchObject({ remedy: 'runAgain', setting: 'kodiak.memory.thresholdMegabytes' });
    expect(registry.dropOldest(1)).toBe(0);
    expect(() => registry.pin(shown.resultId, editor)).toThrow(/to free memory/);
  });

  it('lets a view keep its result, and go with it', () => {
    const registry = new ResultRegistry({ maxHandles: 2, maxBytes: 1000 });
    const result = add(registry, { bytes: 500 });
    const view = addView(registry, result.resultId, 10);
    expect(registry.get(view.resultId)).toMatchObject({ result: result.fake, view: view.fake });
    expect(registry.bytes).toBe(580);
    registry.pin(view.resultId, view);
    add(registry);
    add(registry);
    add(registry);
    expect(result.fake.released).toBe(0);
    registry.release(result.resultId);
    expect([result.fake.released, view.fake.released]).toEqual([1, 1]);
    const late = new FakeResult(0);
    expect(() => registry.addView(late as unknown as ResultView, result.resultId)).toThrow(/no longer kept/);
    expect(late.released).toBe(1);
  });

  it('releases all of an owner, and only those, and says that the session ended', () => {
    const registry = new ResultRegistry(ROOMY);
    const [mine, other] = [add(registry, { owner: 'mine', pin: {} }), add(registry, { owner: 'other' })];
    const view = addView(registry, mine.resultId);
    registry.releaseOwner('mine');
    expect([mine.fake.released, view.fake.released, other.fake.released]).toEqual([1, 1, 0]);
    expect(lossOf(registry, mine.resultId)).toMatchObject({ remedy: 'runAgain', message: expect.stringContaining('session') });
    registry.releaseAll();
    expect([other.fake.released, registry.size]).toEqual([1, 0]);
  });

  it('never drops what is shown, and never keeps more of the rest than the budget and the newest', () => {
    const step = fc.record({ bytes: fc.nat(400), pinned: fc.boolean(), touch: fc.nat(30), unpin: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const registry = new ResultRegistry({ maxHandles: 5, maxBytes: 1000 });
        const all: ReturnType<typeof add>[] = [];
        const pinned = new Set<string>();
        for (const { bytes, pinned: pin, touch, unpin } of steps) {
          const added = add(registry, { bytes, ...(pin && { pin: registry }) });
          all.push(added);
          if (pin) pinned.add(added.resultId);
          const alive = all.filter(({ fake }) => fake.released === 0);
          for (const { resultId, fake } of all) if (pinned.has(resultId)) expect(fake.released).toBe(0);
          const loose = alive.filter(({ resultId }) => !pinned.has(resultId) && resultId !== added.resultId);
          expect(loose.reduce((sum, { fake }) => sum + fake.bytes, 0)).toBeLessThanOrEqual(1000);
          expect(loose.length).toBeLessThan(5);
          const touched = all[touch];
          if (touched && touched.fake.released === 0) registry.get(touched.resultId);
          const loosened = all[unpin];
          if (loosened && pinned.delete(loosened.resultId)) registry.unpin(loosened.resultId, registry);
        }
        expect(registry.size).toBe(all.filter(({ fake }) => fake.released === 0).length);
      }),
    );
  });
});
