import { expect, it } from 'vitest';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { EMPTY_CATALOG } from '../../../server/language/catalog.ts';
import { type QuickFix, withEdits } from '../../../server/language/quickFix.ts';
import { provenFixes, syntaxProposals } from '../../../server/language/syntaxFixes.ts';

/** Checks that a text is among those that the proposals for a syntax error at the mark leave. */
function checkProposal(marked: string, expected: string) {
  const atEnd = !marked.includes('«');
  const text = marked.replace('«', '');
  const [statement] = splitStatements(text);
  if (!statement) throw new Error(marked);
  const start = atEnd ? (statement.tokens.at(-1)?.start ?? 0) : marked.indexOf('«');
  const token = statement.tokens.find((one) => one.start === start);
  const end = token?.end ?? start;
  const message = `Parser Error: syntax error at ${atEnd ? 'end of input' : 'or near'}`;
  const proposals = syntaxProposals(message, { text, statement, start, end, written: text.slice(start, end) }, EMPTY_CATALOG);
  expect(proposals.map(({ edits }) => withEdits(text, statement, edits))).toContain(expected);
}

it.each([
  ['«selec 1', 'select 1'],
  ['SELECT a FRM «t', 'SELECT a FROM t'],
  ['select a from t ordr «by a', 'select a from t order by a'],
  ['select (1 + 2', 'select (1 + 2)'],
  ['select f([1 «from t', 'select f([1]) from t'],
  ['select 1\n«select 2', 'select 1;\nselect 2'],
  ['select a b «c from t', 'select a b, c from t'],
  ['select group «from t', 'select "group" from t'],
  ['select a from t group «a', 'select a from t group by a'],
  ['delete «t', 'delete from t'],
  ['select a from t where a and «order by a', 'select a from t where a order by a'],
  ['select 1«)', 'select 1'],
])('%s', checkProposal);

it('offers only what is not refused, the first of the sure ones preferred', () => {
  const fix = (title: string, preferred: boolean): QuickFix => ({ title, edits: [], preferred });
  const given = (fixes: readonly QuickFix[], refused: string) =>
    provenFixes(fixes, ({ title }) => title === refused).map(({ title, preferred }) => `${title}${preferred ? '!' : ''}`);
  expect(given([fix('a', true), fix('b', true), fix('c', false)], 'a')).toEqual(['b!', 'c']);
  expect(given([fix('a', true), fix('b', false), fix('c', false)], 'a')).toEqual(['b', 'c']);
  expect(given([fix('a', true), fix('b', false)], 'a')).toEqual(['b!']);
  expect(given([], 'a')).toEqual([]);
});
