import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CleanUpStep, cleanUp } from '../../../engine/memory/cleanUp.ts';

const ALL = Number.MAX_SAFE_INTEGER;

/** Steps that hold so many bytes each, and a record of what they were asked for. */
function stepsOf(...held: readonly number[]) {
  const asked: [string, number][] = [];
  const steps = held.map((bytes, index): CleanUpStep => {
    const name = `step ${index}`;
    return {
      name,
      free: (wanted) => {
        asked.push([name, wanted]);
        return Math.min(bytes, wanted);
      },
    };
  });
  return { steps, asked };
}

describe('cleanUp', () => {
  it('goes in order, each step as far as those before left a need, and no further', async () => {
    const { steps, asked } = stepsOf(10, 50, 100, 100);
    expect(await cleanUp(steps, 100, () => {})).toEqual([
      { name: 'step 0', freedBytes: 10 },
      { name: 'step 1', freedBytes: 50 },
      { name: 'step 2', freedBytes: 40 },
    ]);
    expect(asked).toEqual([
      ['step 0', 100],
      ['step 1', 90],
      ['step 2', 40],
    ]);
  });

  it('returns memory to the system whenever something was freed, and counts only what comes on top', async () => {
    const back = (given: number): CleanUpStep => ({ name: 'back', free: () => given, returns: true });
    const { steps } = stepsOf(30);
    expect((await cleanUp([...steps, back(50)], 10, () => {})).map((step) => step.freedBytes)).toEqual([10, 40]);
    expect((await cleanUp([...steps, back(5)], 10, () => {})).map((step) => step.freedBytes)).toEqual([10, 0]);
    expect(await cleanUp([back(50)], 0, () => {})).toEqual([]);
  });

  it('goes on after a step that fails, and says which', async () => {
    const lines: string[] = [];
    const { steps } = stepsOf(7);
    const failing: CleanUpStep = { name: 'stored results', free: () => Promise.reject(new Error('disk full')) };
    const results = await cleanUp([failing, ...steps], ALL, (line) => lines.push(line));
    expect(results.map((step) => step.freedBytes)).toEqual([0, 7]);
    expect(lines).toEqual(['Memory could not be freed (stored results): disk full']);
  });

  it('frees what is needed or all there is, and never uses a later step while an earlier one has enough', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: 8 }), fc.nat(4000), async (held, needed) => {
        const { steps } = stepsOf(...held);
        const results = await cleanUp(steps, needed, () => {});
        const freed = results.reduce((sum, step) => sum + step.freedBytes, 0);
        expect(freed).toBe(
          Math.min(
            needed,
            held.reduce((sum, bytes) => sum + bytes, 0),
          ),
        );
        for (const [index, step] of results.slice(0, -1).entries()) expect(step.freedBytes).toBe(held[index]);
      }),
    );
  });
});
