import type { HistoryEntry } from '../../server/protocol/history.ts';
import { entryDetails, outcomeText, statementLine, whenText, whoText } from '../monitor/historyText.ts';
import { formatDuration } from '../monitor/statsText.ts';
import { visible } from '../text/displayText.ts';

/** How an entry looks in the tree. */
export interface HistoryLook {
  readonly label: string;
  readonly description: string;
  /** Name of a codicon, with the colour of the theme that it has. */
  readonly icon: string;
  readonly color: string | undefined;
  /** What a screen reader says. */
  readonly spoken: string;
}

const MAX_LABEL = 300;

export function historyLook(entry: HistoryEntry, now: Date): HistoryLook {
  const label = visible(statementLine({ ...entry, sql: entry.sql.slice(0, 4 * MAX_LABEL) })).slice(0, MAX_LABEL);
  const facts = [whenText(entry.at, now), formatDuration(entry.ms), outcomeText(entry), visible(whoText(entry.who))];
  const proved = entry.how?.kind === 'proved' ? ['proved'] : [];
  return {
    label,
    description: [...facts, ...proved].join(' · '),
    ...sign(entry),
    spoken: [
      entry.outcome === 'done' ? outcomeText(entry) : entry.outcome,
      label,
      ...facts.filter((_, index) => index !== 2),
      ...proved,
    ].join(', '),
  };
}

/** Labels and values for the tooltip, hostile characters made visible. */
export function historyTooltip(entry: HistoryEntry, now: Date): readonly (readonly [label: string, value: string])[] {
  return entryDetails(entry, now).map(([label, value]) => [label, visible(value)] as const);
}

function sign({ outcome, how }: HistoryEntry): Pick<HistoryLook, 'icon' | 'color'> {
  switch (outcome) {
    case 'failed':
      return { icon: 'error', color: 'testing.iconFailed' };
    case 'cancelled':
      return { icon: 'circle-slash', color: 'testing.iconSkipped' };
    case 'done':
      return how?.kind === 'proved' ? { icon: 'zap', color: undefined } : { icon: 'pass', color: 'testing.iconPassed' };
  }
}
