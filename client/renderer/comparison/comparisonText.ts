import type { WireComparison } from '../../../server/protocol/requests.ts';
import { formatCount, formatRows } from '../../monitor/statsText.ts';

/** How rows were paired, as a sentence. */
export function keySentence({ key, keyIsGuessed }: WireComparison): string {
  if (key.length === 0) {
    const why = keyIsGuessed ? 'No column, or pair of columns, tells all rows apart: whole' : 'Whole';
    return `${why} rows are compared, each as often as it is there.`;
  }
  return `Rows are paired by ${listed(key)}${keyIsGuessed ? ', which tells all rows apart' : ''}.`;
}

/** What a reader must know of the comparison besides its rows. */
export function comparisonNotes({
  key,
  changedColumns,
  duplicateKeys: { left, right },
  onlyLeft,
  onlyRight,
  otherTypes,
}: WireComparison): string[] {
  const changed = changedColumns.filter((column) => column.changed > 0).sort((a, b) => b.changed - a.changed);
  const notes: string[] = [];
  if (changed.length > 0) notes.push(`Changed: ${changed.map((column) => `${column.name} in ${formatRows(column.changed)}`).join(', ')}.`);
  if (left + right > 0) {
    notes.push(
      `The key ${listed(key)} repeats: ${formatRows(left)} before and ${formatRows(right)} now have one that another row has too. Those were paired in their order, which may pair the wrong ones: choose a key that does not repeat.`,
    );
  }
  if (onlyLeft.length > 0) notes.push(`Only before: ${listed(onlyLeft)}.`);
  if (onlyRight.length > 0) notes.push(`Only now: ${listed(onlyRight)}.`);
  for (const { name, left: before, right: now } of otherTypes) notes.push(`Not compared: ${name} was ${before} and is ${now}.`);
  return notes;
}

/** `3 added, 1 removed, 2 changed, 298 unchanged`, for a screen reader and for the tab. */
export function countsText({ added, removed, changed, unchanged }: WireComparison): string {
  if (added + removed + changed === 0) return `No differences: ${formatCount(unchanged)} unchanged`;
  return `${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(changed)} changed, ${formatCount(unchanged)} unchanged`;
}

const MAX_LISTED = 12;

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  return names.slice(0, MAX_LISTED).join(', ') + more;
}
