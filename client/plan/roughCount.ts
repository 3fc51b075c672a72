import { formatCount } from '../monitor/statsText.ts';

const SCALES: readonly (readonly [number, string])[] = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
];

/** A number as people say it: `99,994`, `1.2 million`, `12 billion`; from a thousand trillions on as a power of ten. */
export function roughCount(count: number): string {
  if (count >= 1e15) return `10^${Math.round(Math.log10(count))}`;
  for (const [size, word] of SCALES) {
    // What would be written as 1,000 of the smaller scale is 1 of this one.
    if (count >= size * 0.9995) return `${Number((count / size).toPrecision(3))} ${word}`;
  }
  return formatCount(count);
}

/** `1 row`, `about` is the caller's. */
export function roughRows(count: number): string {
  return `${roughCount(count)} ${count === 1 ? 'row' : 'rows'}`;
}
