import type { WireColumnProfile } from '../../../server/protocol/requests.ts';
import { cellText } from '../cellText.ts';
import { formatNumber } from '../footerText.ts';
import { shareText } from '../profileFacts.ts';

/** A column's profile on one line of a table. */
export interface ProfileLine {
  readonly nulls: string;
  readonly distinct: string;
  readonly minimum: string;
  readonly maximum: string;
  /** The most frequent values, where there is no histogram and they say something. */
  readonly top: string;
}

const MAX_TEXT = 40;
const TOP_VALUES = 3;

export function profileLine({
  rowCount,
  nullCount,
  distinctCount,
  distinctIsApproximate,
  minimum,
  maximum,
  histogram,
  top,
}: WireColumnProfile): ProfileLine {
  const short = (value: Parameters<typeof cellText>[0] | undefined): string => {
    if (value === undefined) return '';
    const characters = [...cellText(value, false).text];
    return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT).join('')}…` : characters.join('');
  };
  const repeats = (top[0]?.count ?? 0) > 1 || rowCount <= top.length;
  return {
    nulls: shareText(nullCount, rowCount),
    distinct: `${distinctIsApproximate ? '≈ ' : ''}${formatNumber(distinctCount)}`,
    minimum: short(minimum),
    maximum: short(maximum),
    top:
      histogram.length > 0 || !repeats
        ? ''
        : top
            .slice(0, TOP_VALUES)
            .map(({ value, count }) => `${short(value)} ${shareText(count, rowCount)}`)
            .join(' · '),
  };
}

/** Rows of a list that can be seen, and a few around them. */
export function rowsInView(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): { readonly first: number; readonly end: number } {
  const around = 2;
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - around));
  return { first, end: Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + around) };
}
