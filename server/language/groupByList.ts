import { type Block, innermostBlock, type SelectItem } from '../../engine/sql/scopeTree.ts';
import type { Catalog } from './catalog.ts';
import type { Refactoring, RefactoringPlace } from './refactoring.ts';
import { keywordLike, type Word, wordsIn } from './sqlWords.ts';

const AFTER_GROUP_BY = new Set('having window qualify order limit offset fetch union intersect except select from where using'.split(' '));

/** Writes the columns that GROUP BY ALL stands for, or ALL where exactly those are listed. */
export function groupByList({ document, statement, selection }: RefactoringPlace): Refactoring | undefined {
  const { script, catalog } = document;
  const block = innermostBlock(statement, selection.start);
  if (block?.kind !== 'select' || block.items.length === 0 || block.items.some(({ star }) => star)) return undefined;
  const words = wordsIn(script, block);
  const by = words.findIndex(({ word, depth }, index) => word === 'by' && depth === 0 && words[index - 1]?.word === 'group');
  const first = words[by + 1];
  if (by < 0 || !first) return undefined;
  const next = words.findIndex(({ word, depth }, index) => index > by && (depth < 0 || (depth === 0 && AFTER_GROUP_BY.has(word))));
  const list = words.slice(by + 1, next < 0 ? undefined : next);
  const end = list.at(-1)?.end ?? first.end;
  const text = (from: number, to: number) => script.text.slice(from, to);
  const plain = block.items
    .map((item, index) => ({ item, ordinal: String(index + 1), expression: expressionOf(item, words, text) }))
    .filter(({ item }) => !hasAggregate(item, words, catalog));
  if (plain.length === 0) return undefined;
  const rewrite = (id: string, title: string, own: string): Refactoring => ({
    id,
    title,
    kind: 'refactor.rewrite',
    ways: () => [[{ start: first.start, end, text: own }]],
  });
  if (list.length === 1 && first.word === 'all') {
    // A constant in GROUP BY would mean a position in the list.
    const expressions = plain.filter(({ item }) => item.literal === undefined).map(({ expression }) => expression);
    if (expressions.length === 0) return undefined;
    return rewrite('listGroupBy', 'List the columns of GROUP BY', [...new Set(expressions)].join(', '));
  }
  const pieces = piecesOf(list, text);
  const means = (piece: string, { item, ordinal, expression }: (typeof plain)[number]) =>
    [expression, ordinal, item.alias?.text, nameOf(item)].some((own) => own !== undefined && normal(own) === normal(piece));
  const isSame =
    pieces.every((piece) => plain.some((own) => means(piece, own))) && plain.every((own) => pieces.some((piece) => means(piece, own)));
  return isSame ? rewrite('groupByAll', 'Group by ALL', keywordLike(text(block.start, block.end), 'all')) : undefined;
}

/** A select item without its alias. */
function expressionOf(item: SelectItem, words: readonly Word[], text: (from: number, to: number) => string): string {
  const own = words.filter(({ start, end }) => item.start <= start && end <= item.end);
  const at = own.findIndex(({ start }) => start === item.alias?.start);
  if (at === 0) return text(own[2]?.start ?? item.start, item.end);
  if (at < 0) return text(item.start, item.end);
  return text(item.start, own[own[at - 1]?.word === 'as' ? at - 2 : at - 1]?.end ?? item.end);
}

function nameOf({ alias, reference }: SelectItem): string | undefined {
  return alias ? undefined : reference?.parts.at(-1)?.text;
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase();
}

function piecesOf(list: readonly Word[], text: (from: number, to: number) => string): string[] {
  const pieces: string[] = [];
  let start = list[0]?.start ?? 0;
  for (const [index, { word, depth, end }] of list.entries()) {
    const isLast = index === list.length - 1;
    if (!isLast && !(word === ',' && depth === 0)) continue;
    pieces.push(text(start, isLast ? end : (list[index - 1]?.end ?? end)));
    start = list[index + 1]?.start ?? end;
  }
  return pieces;
}

/** A call of an aggregate that is no window function's. */
function hasAggregate(item: Pick<Block, 'start' | 'end'>, words: readonly Word[], catalog: Catalog): boolean {
  const own = words.filter(({ start, end }) => item.start <= start && end <= item.end);
  return own.some(({ word }, index) => {
    if (own[index + 1]?.word !== '(' || !catalog.functions.get(word)?.some(({ kind }) => kind === 'aggregate')) return false;
    let after = closing(own, index + 1) + 1;
    if (own[after]?.word === 'filter') after = closing(own, after + 1) + 1;
    return own[after]?.word !== 'over';
  });
}

function closing(words: readonly Word[], open: number): number {
  const depth = words[open]?.depth;
  const at = words.findIndex((word, index) => index > open && word.depth === depth && word.word === ')');
  return at < 0 ? words.length : at;
}
