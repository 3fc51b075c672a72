import { innermostBlock } from '../../engine/sql/scopeTree.ts';
import { fromSpan, type Refactoring, type RefactoringPlace } from './refactoring.ts';
import { keywordLike, wordsIn } from './sqlWords.ts';

/** Puts FROM before SELECT, or SELECT before FROM, in the query at the selection. */
export function swapClauses(place: RefactoringPlace): Refactoring | undefined {
  const { document, statement, selection } = place;
  const { script } = document;
  const block = innermostBlock(statement, selection.start);
  if (block?.kind !== 'select' || block.pivot) return undefined;
  const from = fromSpan(script, block);
  if (!from) return undefined;
  const words = wordsIn(script, block);
  const select = words.find(({ word, depth }) => word === 'select' && depth === 0);
  const text = (start: number, end: number) => script.text.slice(start, end);
  const fromText = text(from.start, from.end);
  const rewrite = (id: string, title: string, start: number, end: number, own: string): Refactoring => ({
    id,
    title,
    kind: 'refactor.rewrite',
    ways: () => [[{ start, end, text: own }]],
  });
  if (!select) {
    const keyword = keywordLike(fromText, 'select');
    return rewrite('selectFirst', 'Start with SELECT', from.start, from.start, `${keyword} * `);
  }
  const listEnd = block.listEnd;
  if (listEnd === undefined || listEnd <= select.end) return undefined;
  const list = text(select.start, listEnd);
  if (select.start > from.start) {
    return rewrite('selectFirst', 'Start with SELECT', from.start, listEnd, `${list}${text(from.end, select.start)}${fromText}`);
  }
  const own = /^select\s+\*$/i.test(list) ? fromText : `${fromText}${text(listEnd, from.start)}${list}`;
  return rewrite('fromFirst', 'Start with FROM', select.start, from.end, own);
}
