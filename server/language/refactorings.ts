import type { Column } from '../../engine/types.ts';
import { swapClauses } from './clauseOrder.ts';
import { expandStar } from './expandStar.ts';
import { extractCte, inlineCte } from './extractCte.ts';
import { groupByList } from './groupByList.ts';
import { addAlias, qualifyColumns } from './qualifyColumns.ts';
import { type Refactoring, type RefactoringPlace, rootQuery, type TextChange, trimmed } from './refactoring.ts';

/** A longer statement is data, and is not rewritten. */
const MAX_STATEMENT_CHARACTERS = 64 * 1024;

const FEATURES: readonly ((place: RefactoringPlace) => Refactoring | undefined)[] = [
  expandStar,
  extractCte,
  inlineCte,
  qualifyColumns,
  swapClauses,
  groupByList,
  addAlias,
];

/** What can be done with the statement at a selection, as far as its text tells. */
export function refactoringsAt(place: RefactoringPlace): Refactoring[] {
  if (place.statement.end - place.statement.start > MAX_STATEMENT_CHARACTERS) return [];
  return FEATURES.flatMap((feature) => feature(place) ?? []);
}

/**
 * The changes of each refactoring for which DuckDB finds that the statement gives columns of the same names and types after them as
 * before; undefined for the others. It is asked about all of them at once.
 */
export async function provedChanges(
  place: RefactoringPlace,
  refactorings: readonly Refactoring[],
): Promise<readonly (readonly TextChange[] | undefined)[]> {
  const { document, statement } = place;
  const written = await Promise.all(refactorings.map(({ ways }) => ways()));
  const texts = new Set(
    written.flatMap((ways) => ways.flatMap((changes) => [provedText(place, changes, []), provedText(place, changes, changes)])),
  );
  const columns = await place.describe([...texts]);
  const known = new Map([...texts].map((text, index) => [text, columns[index]]));
  return refactorings.map(({ qualifies }, index) => {
    const isLoose = qualifies === true && !statement.created;
    return written[index]?.find((changes) => {
      const before = known.get(provedText(place, changes, []));
      const after = known.get(provedText(place, changes, changes));
      const isChange = changes.some(({ start, end, text }) => document.script.text.slice(start, end) !== text);
      return isChange && before && after && isSame(before, after, isLoose);
    });
  });
}

/** The query around the changes (all of it, or the whole statement) with some changes made. */
function provedText(
  { document: { script }, statement }: RefactoringPlace,
  around: readonly TextChange[],
  made: readonly TextChange[],
): string {
  const reach = { start: Math.min(...around.map(({ start }) => start)), end: Math.max(...around.map(({ end }) => end)) };
  const range = trimmed(script, rootQuery(statement, reach) ?? statement);
  let text = script.text.slice(range.start, range.end);
  for (const change of inOrder(made).reverse())
    text = text.slice(0, change.start - range.start) + change.text + text.slice(change.end - range.start);
  return text;
}

/** In the order of the text; what is put in at one place comes in the given order. */
function inOrder(changes: readonly TextChange[]): TextChange[] {
  return [...changes].sort((a, b) => a.start - b.start || a.end - b.end);
}

function isSame(before: readonly Column[], after: readonly Column[], isLoose: boolean): boolean {
  const nameOf = ({ name }: Column) =>
    isLoose && /\W/.test(name) ? name.replace(/(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*")\./gu, '') : name;
  return (
    before.length === after.length &&
    before.every((column, index) => {
      const other = after[index];
      return other !== undefined && nameOf(column) === nameOf(other) && column.type === other.type;
    })
  );
}
