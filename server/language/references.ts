import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { unquoteName } from '../../engine/sql/sqlNames.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { definitionRange, joinedKeys, occurrenceAt, occurrences, statementsAbout } from './occurrences.ts';

/** Every place of the script that names what the name at the offset stands for, in order. */
export function findReferences(document: LanguageDocument, offset: number, includeDefinition: boolean): TextRange[] {
  const { script, resolver } = document;
  const here = occurrenceAt(document, offset);
  if (!here) return [];
  const { key } = here;
  const statements = statementsAbout(script, here, [unquoteName(script.text.slice(here.start, here.end))], here.start);
  const all = statements.flatMap((statement) => occurrences(resolver, statement));
  const keys = joinedKeys(key, all);
  const found = all.filter((other) => keys.has(other.key));
  const ranges: TextRange[] = found.filter(({ definition }) => includeDefinition || !definition);
  for (const joined of includeDefinition ? keys : []) {
    const defined = definitionRange(joined);
    if (defined && !ranges.some(({ start }) => start === defined.start)) ranges.push(defined);
  }
  const starts = new Set<number>();
  return ranges
    .filter(({ start }) => !starts.has(start) && starts.add(start))
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ start, end }));
}
