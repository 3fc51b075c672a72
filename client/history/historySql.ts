import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { classifyStatement } from '../../engine/sql/statementClass.ts';
import type { HistoryEntry } from '../../server/protocol/history.ts';
import { notRunnable, whenText, whoText } from '../monitor/historyText.ts';
import { visible } from '../text/displayText.ts';

/** Statements in the order in which they ran, as one text. `entries` are in any order. */
export function historyScript(entries: readonly HistoryEntry[]): string {
  return inOrder(entries)
    .map((entry) => `${entryText(entry)};\n`)
    .join('\n');
}

/** A code cell for each statement, in the order in which they ran, below a heading that says where they are from. */
export function historyCells(
  entries: readonly HistoryEntry[],
  now: Date,
): readonly { readonly kind: 'markup' | 'code'; readonly text: string }[] {
  const ordered = inOrder(entries);
  const [first] = ordered;
  if (first === undefined) return [];
  const who = [...new Set(ordered.map((entry) => visible(whoText(entry.who))))].join(', ');
  const heading = `# From the query history\n\n${whenText(first.at, now)}, ${who}`.replaceAll(/[\\`*_{}[\]<>|~$]/g, '\\$&');
  return [{ kind: 'markup', text: heading }, ...ordered.map((entry) => ({ kind: 'code' as const, text: `${entryText(entry)};` }))];
}

/** Whether running the statement again may change something; doubts count. */
export function mayChange({ sql }: HistoryEntry): boolean {
  const harmless = ['query', 'inert', 'setting'];
  return splitStatements(sql).some((statement) => !harmless.includes(classifyStatement(statement, sql)));
}

/** With a comment above what cannot be run as it stands. */
function entryText(entry: HistoryEntry): string {
  const obstacle = notRunnable(entry);
  return obstacle === undefined ? entry.sql : `-- ${obstacle}\n${entry.sql}`;
}

function inOrder(entries: readonly HistoryEntry[]): HistoryEntry[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
}
