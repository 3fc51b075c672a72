import type { FilterValue, WireColumnProfile, WireFilter } from '../../server/protocol/requests.ts';
import type { WireValue } from '../../server/protocol/values.ts';
import { cellText } from './cellText.ts';
import { formatNumber } from './footerText.ts';

export interface Fact {
  readonly name: string;
  readonly text: string;
}

const MAX_TEXT = 60;
/** The server cuts texts that are longer, so that they no longer compare. */
const MAX_COMPARED = 1000;

/** What a profile says, beside its pictures: `distinct`, `≈ 1,204`. */
export function profileFacts(profile: WireColumnProfile): readonly Fact[] {
  const { type, rowCount, nullCount, distinctCount, distinctIsApproximate, minimum, maximum, quantiles } = profile;
  const about = profile.quantilesAreApproximate ? '≈ ' : '';
  const facts: Fact[] = [
    { name: 'type', text: shortText(type) },
    { name: 'rows', text: formatNumber(rowCount) },
    { name: 'NULL', text: nullCount === 0 ? 'none' : `${formatNumber(nullCount)} (${shareText(nullCount, rowCount)})` },
    { name: 'distinct', text: `${distinctIsApproximate ? '≈ ' : ''}${formatNumber(distinctCount)}` },
  ];
  if (minimum !== undefined) facts.push({ name: 'min', text: shortText(minimum) });
  if (quantiles !== undefined) {
    const { p05, p25, p50, p75, p95 } = quantiles;
    facts.push(
      { name: '5 %', text: about + shortText(p05) },
      { name: '25 %', text: about + shortText(p25) },
      { name: 'median', text: about + shortText(p50) },
      { name: '75 %', text: about + shortText(p75) },
      { name: '95 %', text: about + shortText(p95) },
    );
  }
  if (maximum !== undefined) facts.push({ name: 'max', text: shortText(maximum) });
  return facts;
}

/** A frequent value: as text, how often, and its share of the most frequent one, from 0 to 1. */
export interface TopValue {
  readonly text: string;
  readonly count: string;
  readonly share: number;
  /** Shows only rows with it; undefined where it cannot be compared with. */
  readonly filter: WireFilter | undefined;
}

/** The most frequent values; none where every value is there once, which says nothing. */
export function topValues({ top, rowCount }: WireColumnProfile, column: number): readonly TopValue[] {
  const most = top[0]?.count ?? 0;
  if (most <= 1 && rowCount > top.length) return [];
  return top.map(({ value, count }) => ({
    text: shortText(value),
    count: `${formatNumber(count)} (${shareText(count, rowCount)})`,
    share: count / most,
    filter: isComparable(value) ? { column, op: 'equals', values: [value] } : undefined,
  }));
}

/** A share as percent: `12.3 %`, never 0 or 100 unless it is. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}

function shortText(value: WireValue): string {
  const { text } = cellText(value, false);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function isComparable(value: WireValue): value is Exclude<FilterValue, null> {
  if (typeof value === 'string') return value.length <= MAX_COMPARED;
  return typeof value === 'number' || typeof value === 'boolean';
}
