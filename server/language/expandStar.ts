import { sourceName } from '../../engine/sql/resolveNames.ts';
import type { Block, SelectItem, Star } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../engine/sql/sqlNames.ts';
import { overlaps, type Refactoring, type RefactoringPlace, standaloneQuery, type TextChange } from './refactoring.ts';
import { keywordLike, wordsIn } from './sqlWords.ts';

/** A list that is longer than this is written with one column per line. */
const MAX_LINE = 100;

type StarItem = SelectItem & { readonly star: Star };

/** Writes the columns that `*` or `t.*` stands for, with what EXCLUDE, REPLACE and RENAME make of them. */
export function expandStar(place: RefactoringPlace): Refactoring | undefined {
  for (const block of place.statement.blocks) {
    const item = block.items.find((candidate): candidate is StarItem => !!candidate.star && overlaps(candidate, place.selection));
    if (!item) continue;
    return {
      id: 'expandStar',
      title: 'Expand * to its columns',
      kind: 'refactor.rewrite',
      ways: async () => {
        const asked = (await askedColumns(place, block, item)) ?? [];
        const lists = [knownColumns(place, block, item), asked].filter((list) => list !== undefined && list.length > 0);
        return lists.map((list) => [written(place, item, list as string[])]);
      },
    };
  }
  return undefined;
}

/** By the names that the scopes know, with the expressions of REPLACE. */
function knownColumns({ document }: RefactoringPlace, block: Block, { star, ...item }: StarItem): string[] | undefined {
  const { script, resolver } = document;
  const asked = star.qualifier.at(-1)?.text;
  const as = keywordLike(script.text.slice(block.start, block.end), 'as');
  const replaced = replacements(document.script, { ...item, star });
  const found: { readonly name: string; readonly source: string | undefined }[] = [];
  for (const source of block.sources) {
    const own = sourceName(source);
    if (source.kind === 'excluded' || (asked !== undefined && !sameName(own ?? '', asked))) continue;
    if (source.join && /\b(?:semi|anti)\b/i.test(script.text.slice(source.join.start, source.start))) continue;
    const columns = resolver.sourceColumns(source, block);
    if (!columns) return undefined;
    for (const { name } of columns) {
      const shared = source.join?.using.some(({ text }) => sameName(text, name)) || source.join?.natural;
      if (asked === undefined && shared && found.some((other) => sameName(other.name, name))) continue;
      found.push({ name, source: own });
    }
  }
  const used = new Set(block.sources.flatMap(({ join }) => join?.using.map(({ text }) => text.toLowerCase()) ?? []));
  return found
    .filter(({ name }) => !star.exclude.some(({ text }) => sameName(text, name)))
    .map(({ name, source }) => {
      const expression = replaced.get(name.toLowerCase());
      if (expression !== undefined) return `${expression} ${as} ${quoteName(name)}`;
      const isAmbiguous = found.filter((other) => sameName(other.name, name)).length > 1 && !used.has(name.toLowerCase());
      const column = (asked !== undefined || isAmbiguous) && source ? `${quoteName(source)}.${quoteName(name)}` : quoteName(name);
      const to = star.rename.find(({ from }) => sameName(from.text, name))?.to;
      return to ? `${column} ${as} ${quoteName(to.text)}` : column;
    });
}

/** The expressions of REPLACE by the lower case of their columns. */
function replacements(script: RefactoringPlace['document']['script'], { star, start, end }: StarItem): Map<string, string> {
  const words = wordsIn(script, { start, end });
  const found = new Map<string, string>();
  for (const name of star.replace) {
    const at = words.findIndex((word) => word.start === name.start);
    let first = at - 1;
    const inList = words[at]?.depth ?? 0;
    while (first > 0) {
      const before = words[first - 1];
      if (!before || (before.depth === inList && before.word === ',') || before.depth < inList || before.word === 'replace') break;
      first--;
    }
    const last = words[at - 1]?.word === 'as' ? at - 2 : at - 1;
    found.set(name.text.toLowerCase(), script.text.slice(words[first]?.start, words[last]?.end));
  }
  return found;
}

/** By asking DuckDB: for sources that the scopes do not know, structs, and patterns. Not where a name alone would not do. */
async function askedColumns(place: RefactoringPlace, block: Block, item: StarItem): Promise<string[] | undefined> {
  const { star } = item;
  if (star.replace.length > 0 || star.rename.length > 0) return undefined;
  const text = place.document.script.text.slice(item.start, item.end);
  const [columns] = await place.describe([standaloneQuery(place, block, text)]);
  if (!columns) return undefined;
  const names = columns.map(({ name }) => name);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return undefined;
  const qualifier = star.qualifier.map(({ text: part }) => `${quoteName(part)}.`).join('');
  return names.map((name) => qualifier + quoteName(name));
}

function written({ document }: RefactoringPlace, { start, end }: StarItem, columns: readonly string[]): TextChange {
  const { text } = document.script;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const list = columns.join(', ');
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? '';
  const isAlone = line.trim() === '';
  if (!isAlone && line.length + list.length <= MAX_LINE) return { start, end, text: list };
  if (isAlone && list.length <= MAX_LINE && columns.length < 2) return { start, end, text: list };
  return { start, end, text: columns.join(`,\n${isAlone ? indentation : `${indentation}  `}`) };
}
