import { expect, it } from 'vitest';
import { failureInDocument } from '../../../client/peek/peekPlaces.ts';
import type { WireFailure } from '../../../server/protocol/values.ts';

const TEXT = 'with a as (\n  select nope\n), b as (from a)\nselect * from b';
const CTE = 'a as (\n  select nope\n)';
const SQL = `WITH ${CTE}\nSELECT * FROM b`;
const found = {
  sql: SQL,
  title: 'b',
  start: TEXT.lastIndexOf('b'),
  end: TEXT.length,
  pieces: [
    { at: 5, start: 5, length: CTE.length },
    { at: SQL.length - 1, start: TEXT.lastIndexOf('b'), length: 1 },
  ],
};

function failed(offset: number, length: number): WireFailure {
  return { code: 'sql', message: 'Wrong.', position: { offset, line: 9, column: 9, length } };
}

it('leads to the words in the document', () => {
  const { position } = failureInDocument(failed(SQL.indexOf('nope'), 4), found, TEXT);
  expect(position).toEqual({ offset: TEXT.indexOf('nope'), line: 1, column: 9, length: 4 });
  expect(failureInDocument(failed(SQL.length - 1, 1), found, TEXT).position).toMatchObject({ line: 3, column: 14 });
});

it('leads to the part itself where the words are none of the document’s, and never beyond a piece', () => {
  expect(failureInDocument(failed(0, 4), found, TEXT).position).toEqual({ offset: found.start, line: 3, column: 14, length: 1 });
  expect(failureInDocument(failed(SQL.length - 1, 50), found, TEXT).position?.length).toBe(1);
  const placeless: WireFailure = { code: 'cancelled', message: 'Cancelled.' };
  expect(failureInDocument(placeless, found, TEXT)).toBe(placeless);
});
