import { describe, expect, it } from 'vitest';
import type { Result } from '../../engine/types.ts';
import { ResultRegistry } from '../../server/resultRegistry.ts';

class FakeResult {
  released = 0;
  release(): void {
    this.released++;
  }
}

function add(registry: ResultRegistry, owner = 'notebook') {
  const fake = new FakeResult();
  return { fake, resultId: registry.add(fake as unknown as Result, owner) };
}

describe('ResultRegistry', () => {
  it('finds a result by its handle until it is released', () => {
    const registry = new ResultRegistry(10);
    const { fake, resultId } = add(registry);
    expect(registry.get(resultId)).toBe(fake);
    registry.release(resultId);
    registry.release(resultId);
    expect(fake.released).toBe(1);
    expect(() => registry.get(resultId)).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringMatching(/run the cell again/i) }),
    );
  });

  it('releases the one used least recently above its limit', () => {
    const registry = new ResultRegistry(2);
    const [first, second] = [add(registry), add(registry)];
    registry.get(first.resultId);
    add(registry);
    expect([first.fake.released, second.fake.released, registry.size]).toEqual([0, 1, 2]);
  });

  it('releases all of an owner, and only those', () => {
    const registry = new ResultRegistry(10);
    const [mine, other] = [add(registry, 'mine'), add(registry, 'other')];
    registry.releaseOwner('mine');
    expect([mine.fake.released, other.fake.released]).toEqual([1, 0]);
    registry.releaseAll();
    expect([other.fake.released, registry.size]).toEqual([1, 0]);
  });
});
