const MANTISSA_BITS = 53n;

/** The double nearest to `numerator / denominator` (a tie goes to the even one). The denominator is positive. */
export function roundRatio(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -roundRatio(-numerator, denominator);
  if (numerator === 0n) return 0;
  const shift = MANTISSA_BITS + 2n - (bitLength(numerator) - bitLength(denominator));
  const [above, below] = shift >= 0n ? [numerator << shift, denominator] : [numerator, denominator << -shift];
  return roundScaled(above / below, above % below !== 0n, shift);
}

/** The double nearest to the square root of `numerator / denominator`. Neither is negative, and the denominator is not zero. */
export function roundRootOfRatio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  let shift = 2n * (MANTISSA_BITS + 2n) - (bitLength(numerator) - bitLength(denominator));
  if (shift % 2n !== 0n) shift++;
  const [above, below] = shift >= 0n ? [numerator << shift, denominator] : [numerator, denominator << -shift];
  const scaled = above / below;
  const root = floorRoot(scaled);
  return roundScaled(root, root * root !== scaled || above % below !== 0n, shift / 2n);
}

/**
 * Rounds `(value + something) / 2^shift`, where `inexact` says that the something, below 1, is not zero. `value` has more than 53
 * bits, so the lowest ones decide as guard and sticky bit; results are far from the ends of the range of doubles.
 */
function roundScaled(value: bigint, inexact: boolean, shift: bigint): number {
  const dropped = bitLength(value) - MANTISSA_BITS;
  const half = 1n << (dropped - 1n);
  const rest = value & ((1n << dropped) - 1n);
  let mantissa = value >> dropped;
  if (rest > half || (rest === half && (inexact || (mantissa & 1n) === 1n))) mantissa++;
  return Number(mantissa) * 2 ** Number(dropped - shift);
}

function bitLength(value: bigint): bigint {
  return BigInt(value.toString(2).length);
}

/** Newton's method from above: the largest integer whose square is not above `value`. */
function floorRoot(value: bigint): bigint {
  let root = 1n << ((bitLength(value) + 1n) / 2n);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
