import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundRatio, roundRootOfRatio } from '../../../engine/parallel/roundRatio.ts';

/** A double as a fraction of whole numbers, exactly. */
function fractionOf(value: number): { above: bigint; below: bigint } {
  let scaled = value;
  let below = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    below *= 2n;
  }
  return { above: BigInt(scaled), below };
}

const neighbours = (value: number): number[] => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return [-1n, 1n].map((step) => {
    view.setBigInt64(0, bits + step);
    return view.getFloat64(0);
  });
};

const whole = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 40n });

it('gives the double nearest to a ratio', () => {
  fc.assert(
    fc.property(whole, positive, (numerator, denominator) => {
      const rounded = roundRatio(numerator, denominator);
      if (numerator === 0n) {
        expect(rounded).toBe(0);
        return;
      }
      // |a/b - n/d| compared as |a·d - n·b| · (the other's b)
      const distance = (value: number) => {
        const { above, below } = fractionOf(value);
        const difference = above * denominator - numerator * below;
        return { difference: difference < 0n ? -difference : difference, below };
      };
      const own = distance(rounded);
      for (const neighbour of neighbours(rounded)) {
        const other = distance(neighbour);
        expect(own.difference * other.below <= other.difference * own.below).toBe(true);
      }
    }),
  );
  expect(roundRatio(1n, 3n)).toBe(1 / 3);
  expect(roundRatio(-(2n ** 53n) - 1n, 1n)).toBe(-(2 ** 53));
  expect(roundRatio(2n ** 53n + 3n, 1n)).toBe(2 ** 53 + 4);
});

it('gives the double nearest to a square root', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 60n }), positive, (numerator, denominator) => {
      const rounded = roundRootOfRatio(numerator, denominator);
      for (const neighbour of neighbours(rounded)) {
        const a = fractionOf(rounded);
        const b = fractionOf(neighbour);
        // The true root lies on this double's side of the middle between both: compared as squares.
        const above = a.above * b.below + b.above * a.below;
        const below = 2n * a.below * b.below;
        const side = numerator * below * below - above * above * denominator;
        expect(neighbour > rounded ? side <= 0n : side >= 0n).toBe(true);
      }
    }),
  );
  expect(roundRootOfRatio(2n, 1n)).toBe(Math.SQRT2);
  expect(roundRootOfRatio(9n, 4n)).toBe(1.5);
  expect(roundRootOfRatio(0n, 5n)).toBe(0);
});
