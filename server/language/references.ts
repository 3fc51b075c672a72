import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { unquoteName } from '../../engine/sql/sqlNames.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { definitionRange, joinedKeys, occurrenceAt, occurrences, statementsAbout } from './occurrences.ts';

/** Every place of the script that names what the name at the offset stands for, in order. */
export function findReferences(document: LanguageDocument, offset: number, includeDefinition: boolean): TextRange[] {
  const { script, resolver } = document;
  const here = occurrenceAt(document, offset);
  if (!here) return sameParameters(document, offset);
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

/** The places of the parameter `$name` or `$1` at an offset, which its statement alone knows. */
function sameParameters({ script }: LanguageDocument, offset: number): TextRange[] {
  const { text, tokens } = script;
  const index = script.tokenBefore(offset + 1);
  const token = [tokens[index], tokens[index - 1]].find((one) => one?.kind === 'parameter' && one.start <= offset && offset <= one.end);
  const statement = script.statementAt(offset);
  const name = token && text.slice(token.start, token.end).toLowerCase();
  if (!statement || name === undefined || !/^\$[\p{L}\p{N}_]/u.test(name)) return [];
  return tokens
    .filter(({ kind, start, end }) => kind === 'parameter' && statement.start <= start && end <= statement.end)
    .filter(({ start, end }) => text.slice(start, end).toLowerCase() === name)
    .map(({ start, end }) => ({ start, end }));
}
