import { expect, it } from 'vitest';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { conditionFixes } from '../../../server/language/conditionFixes.ts';
import { withEdits } from '../../../server/language/quickFix.ts';

function checkMove(marked: string, kind: 'aggregates' | 'window functions', expected: string | undefined) {
  const start = marked.indexOf('«');
  const text = marked.replace('«', '');
  const [statement] = splitStatements(text);
  if (!statement) throw new Error(marked);
  const place = { text, statement, start, end: start + 1, written: text.charAt(start) };
  const [fix] = conditionFixes(`Binder Error: WHERE clause cannot contain ${kind}!`, place);
  expect(fix && withEdits(text, statement, fix.edits)).toBe(expected);
}

it.each([
  ['select a from t where «sum(b) > 1', 'aggregates', 'select a from t having sum(b) > 1'],
  ['select a from t where «sum(b) > 1 group by a', 'aggregates', 'select a from t group by a having sum(b) > 1'],
  ['select a from t where c and «sum(b) > 1 group by a', 'aggregates', 'select a from t where c group by a having sum(b) > 1'],
  ['select a from t where «sum(b) > 1 and c group by a', 'aggregates', 'select a from t where c group by a having sum(b) > 1'],
  [
    'select a from t where c between 1 and 2 and «sum(b) > 1 group by a having d order by a',
    'aggregates',
    'select a from t where c between 1 and 2 group by a having d and sum(b) > 1 order by a',
  ],
  ['SELECT a FROM t WHERE c OR «sum(b) > 1 GROUP BY a', 'aggregates', 'SELECT a FROM t GROUP BY a HAVING c OR sum(b) > 1'],
  [
    'from (select a from t where «rank() over () = 1) limit 2',
    'window functions',
    'from (select a from t qualify rank() over () = 1) limit 2',
  ],
  [
    'select a from t where «rank() over w = 1 window w as (order by a) limit 2',
    'window functions',
    'select a from t window w as (order by a) qualify rank() over w = 1 limit 2',
  ],
  ['select «sum(a) from t', 'aggregates', undefined],
] as const)('%s', checkMove);
