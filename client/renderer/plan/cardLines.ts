import { formatBytes, formatCount } from '../../monitor/statsText.ts';
import { operatorName, operatorSubject, rowsText, scanFilters, shortMisestimate, timeText } from '../../plan/operatorText.ts';
import type { PlanNode } from '../../plan/planFacts.ts';

/** One line of a card. */
export interface CardLine {
  readonly text: string;
  /** At the end of the line. */
  readonly end?: string;
  readonly look: 'name' | 'subject' | 'filter' | 'rows' | 'warning' | 'tags';
}

/** A projection that takes less than this part of the time is drawn small. */
const SMALL_SHARE = 0.02;

export interface CardPlace {
  readonly isSlowest: boolean;
  /** Operators that feed this one and are hidden. */
  readonly hidden: number;
}

/** What a card says, line by line. */
export function cardLines(node: PlanNode, { isSlowest, hidden }: CardPlace): CardLine[] {
  const { operator, misestimate } = node;
  const time = timeText(node);
  const name: CardLine = { look: 'name', text: operatorName(operator), ...(time !== '' && { end: time }) };
  const subject = operatorSubject(operator);
  const tags = [
    node.hot && 'hot path',
    isSlowest && 'most time',
    (operator.spillBytes ?? 0) > 0 && `spilled ${formatBytes(operator.spillBytes ?? 0)}`,
    hidden > 0 && `${formatCount(hidden)} more below (→ opens)`,
  ].filter((tag) => tag !== false);
  const small = isSmall(node) && !isSlowest;
  const filters = small ? '' : scanFilters(operator);
  const rows = small ? '' : rowsText(operator);
  const lines: CardLine[] = [name];
  if (subject !== '') lines.push({ look: 'subject', text: subject });
  if (filters !== '') lines.push({ look: 'filter', text: `where ${filters}` });
  if (rows !== '') lines.push({ look: 'rows', text: rows });
  if (misestimate !== undefined) lines.push({ look: 'warning', text: `⚠ ${shortMisestimate(misestimate)}` });
  if (tags.length > 0 && !(small && tags.every((tag) => tag === 'hot path'))) lines.push({ look: 'tags', text: tags.join(' · ') });
  return lines;
}

/** Projections that only hand rows on are many, and seldom what somebody looks for. */
function isSmall({ operator, share, misestimate }: PlanNode): boolean {
  return operator.kind === 'PROJECTION' && (share ?? 0) < SMALL_SHARE && misestimate === undefined;
}

/** The longest beginning of a text that fits, with `…` where something is left out. */
export function fitText(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  let [fits, tooLong] = [0, Math.min(text.length, 400)];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(`${text.slice(0, middle)}…`) <= width) fits = middle;
    else tooLong = middle;
  }
  // Half of a character that takes two code units is none.
  return `${text
    .slice(0, fits)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}
