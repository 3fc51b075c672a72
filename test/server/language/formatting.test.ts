import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSql } from '../../../server/language/formatting.ts';
import { expectSafe, FORMAT_OPTIONS, formatted } from '../../support/formatted.ts';

describe('formatSql', () => {
  it('keeps the markers of cells', () => {
    expect(formatted('-- %% First\nselect 1\n-- %% [markdown]\n-- # Title\n-- %%\nselect 2')).toBe(
      '-- %% First\nselect\n  1\n-- %% [markdown]\n-- # Title\n-- %%\nselect\n  2',
    );
  });

  it('leaves a number that ends like an exponent with its word', () => {
    for (const text of ['select   1e', 'select   1e/* a */']) expect(formatted(text)).toBe(text);
    expect(formatted('select   1e5')).toBe('select\n  1e5');
  });

  it('changes no token of whatever is typed', { tags: ['slow'], timeout: 120_000 }, () => {
    const piece = fc.constantFrom(
      ..."select from where a b1 \"c d\" 'x y' $$z$$ 1 .5 , ( ) [ ] { } : :: := => -> ->> && - + * / % || ; . -- c\n /* d\n */ \n \r\n .mode -- %% \n case when then end with as order by group values insert into ? $1 e'\\'' 😀 é"
        .split(' ')
        .map((word) => word.replaceAll('_', ' ')),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.constantFrom('', ' ', ' ', '  ', '\n')), { maxLength: 40 }), (pieces) => {
        expectSafe(pieces.map(([word, gap]) => word + gap).join(''));
      }),
      { numRuns: 1_500 },
    );
  });

  it('is bounded', () => {
    expect(formatSql(`select ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, FORMAT_OPTIONS).edits).toEqual([]);
    expect(formatSql(`select ${'a,'.repeat(40_000)}a`, FORMAT_OPTIONS)).toEqual({
      edits: [],
      refusal: expect.stringMatching(/statement is too long/),
    });
    expect(formatSql(' '.repeat(600_000), FORMAT_OPTIONS)).toEqual({ edits: [], refusal: expect.stringMatching(/text is too long/) });
  });

  it('touches only what has to change', () => {
    const { edits } = formatSql('select\n  a,\n  b\nfrom  t;\nselect\n  1;', FORMAT_OPTIONS);
    expect(edits).toEqual([{ start: 20, end: 22, text: '\n  ' }]);
  });
});
