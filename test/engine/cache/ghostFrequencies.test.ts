import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GhostFrequencies } from '../../../engine/cache/ghostFrequencies.ts';

it('remembers 4,096 keys and forgets the one touched longest ago', () => {
  const ghosts = new GhostFrequencies();
  for (let index = 0; index < 4096; index++) ghosts.add(`key ${index}`, 1);
  ghosts.add('key 0', 2);
  ghosts.add('one more', 1);
  expect([ghosts.size, ghosts.frequency('key 0'), ghosts.frequency('key 1'), ghosts.frequency('key 2')]).toEqual([4096, 3, 0, 1]);
});

it('never grows beyond its bound', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(10_000), fc.boolean()), { minLength: 6000, maxLength: 9000 }), (steps) => {
      const ghosts = new GhostFrequencies();
      let most = 0;
      for (const [key, forget] of steps) {
        if (forget) ghosts.forget(`${key % 50}`);
        else ghosts.add(`${key}`, 1);
        most = Math.max(most, ghosts.size);
      }
      expect(most).toBeLessThanOrEqual(4096);
    }),
    { numRuns: 20 },
  );
});
