import { expect, it } from 'vitest';
import { type ItemPlace, toCompletionItem } from '../../../server/language/completion/toCompletionItem.ts';

const range = (start: number, end: number) => ({ start: { line: 0, character: start }, end: { line: 0, character: end } });
const PLACE: ItemPlace = {
  insert: range(7, 11),
  replace: range(7, 17),
  quoted: false,
  snippets: true,
  chooses: false,
  at: (offset) => range(offset, offset),
};

it('writes in place of what is typed, or of the whole word where the editor lets people choose', () => {
  const item = { label: 'first_name', kind: 'column' as const, insert: 'first_name', rank: 1 };
  expect(toCompletionItem(item, 3, PLACE)).toMatchObject({ sortText: '0003', textEdit: { range: range(7, 11), newText: 'first_name' } });
  expect(toCompletionItem(item, 3, { ...PLACE, chooses: true }).textEdit).toEqual({
    insert: range(7, 11),
    replace: range(7, 17),
    newText: 'first_name',
  });
});

it('closes the quotes of a name, and takes no snippet inside of them', () => {
  const item = { label: 'Mixed Case', kind: 'column' as const, insert: 'Mixed Case', snippet: '$0', rank: 1 };
  const given = toCompletionItem(item, 0, { ...PLACE, quoted: true });
  expect(given).toMatchObject({ filterText: '"Mixed Case"', textEdit: { newText: '"Mixed Case"' } });
  expect(given.insertTextFormat).toBeUndefined();
});
