import { expect, it } from 'vitest';
import { StatementTotals } from '../../../server/activity/statementTotals.ts';
import type { StatementOutcome } from '../../../server/protocol/requests.ts';
import type { WireProvenance } from '../../../server/protocol/values.ts';

function ended(sql: string, elapsedMs: number, provenance: WireProvenance = { kind: 'run', reason: '' }, sessionId = 'a') {
  const result = { provenance } as StatementOutcome['result'];
  const statement = { start: 0, end: sql.length, kind: 'SELECT', elapsedMs, result };
  return { sessionId, sql, result: { statements: [statement], elapsedMs } };
}

it('adds up what each text took and saved', () => {
  const totals = new StatementTotals(() => 5);
  totals.add(ended('from orders', 400));
  totals.add(ended('from orders', 300));
  totals.add(ended('from orders', 1, { kind: 'proved', reason: 'same plan', costMs: 350 }, 'b'));
  totals.add(ended('from orders', 1, { kind: 'proved', reason: 'same plan', costMs: 350 }, 'b'));
  totals.add(ended('select random()', 500, { kind: 'bypass', reason: 'random() …' }));
  const orders = { sql: 'from orders', sessionId: 'b', runs: 2, longestMs: 400, hits: 2, savedMs: 700, lastAt: 5 };
  expect(totals.slowest()).toMatchObject([{ sql: 'select random()', longestMs: 500, hits: 0 }, orders]);
  expect(totals.mostSaved()).toEqual([orders]);
});

it('takes the statements of a script one by one', () => {
  const totals = new StatementTotals(() => 0);
  const sql = 'select 1; select 2';
  const [statement] = ended(sql, 10).result.statements;
  if (!statement) throw new Error('There is none.');
  const statements = [
    { ...statement, end: 8 },
    { ...statement, start: 10, elapsedMs: 20 },
  ];
  totals.add({ sessionId: 'a', sql, result: { statements, elapsedMs: 30 } });
  expect(totals.slowest().map((total) => total.sql)).toEqual(['select 2', 'select 1']);
});

it('stays bounded, and keeps the slowest', () => {
  const totals = new StatementTotals(() => 0);
  for (let n = 1; n <= 5_000; n++) totals.add(ended(`select ${n}`, n));
  for (let n = 0; n < 1_000; n++) totals.add(ended(`select 'short ${n}'`, 0.1));
  const slowest = totals.slowest();
  expect(slowest.length).toBe(20);
  expect(slowest[0]?.sql).toBe('select 5000');
});

it('keeps the beginning of a long text', () => {
  const totals = new StatementTotals(() => 0);
  totals.add(ended(`select '${'x'.repeat(1_000_000)}'`, 9));
  expect(totals.slowest()[0]?.sql).toHaveLength(1_000);
});
