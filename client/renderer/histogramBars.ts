import type { WireColumnProfile } from '../../server/protocol/requests.ts';
import type { WireValue } from '../../server/protocol/values.ts';
import { cellText } from './cellText.ts';
import { formatNumber } from './footerText.ts';

/** One bar of a histogram, in the units of its drawing. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `0 to 99: 1,204 rows`. */
  readonly label: string;
}

const GAP = 1;
/** Bars with anything in them can be seen. */
const MIN_HEIGHT = 1.5;

/** The bars of a histogram on an area of this size, in their order from the left. */
export function histogramBars(bins: WireColumnProfile['histogram'], width: number, height: number): readonly Bar[] {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const step = bins.length === 0 ? 0 : width / bins.length;
  return bins.map(({ from, to, count }, index) => {
    const barHeight = count === 0 ? 0 : Math.max(MIN_HEIGHT, (count / most) * height);
    return {
      x: round(index * step),
      y: round(height - barHeight),
      width: round(Math.max(0.5, step - GAP)),
      height: round(barHeight),
      label: `${edgeText(from)} to ${edgeText(to)}: ${formatNumber(count)} ${count === 1 ? 'row' : 'rows'}`,
    };
  });
}

/** What the histogram shows, in a sentence for those who do not see it. */
export function histogramLabel(bins: WireColumnProfile['histogram']): string {
  const [first] = bins;
  const highest = bins.reduce((most, bin) => (bin.count > (most?.count ?? -1) ? bin : most), first);
  if (first === undefined || highest === undefined) return '';
  const { from, to, count } = highest;
  return `Histogram of ${bins.length} ${bins.length === 1 ? 'bar' : 'bars'}; the highest is ${edgeText(from)} to ${edgeText(to)} with ${formatNumber(count)} rows`;
}

/** An edge as short as can be read: numbers to four digits behind the point that matter. */
export function edgeText(value: WireValue): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(5)));
  return cellText(value, false).text;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
