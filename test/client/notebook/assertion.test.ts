import { describe, expect, it } from 'vitest';
import { assertionMessage, judgeAssertion } from '../../../client/notebook/assertion.ts';
import type { StatementOutcome } from '../../../server/protocol/requests.ts';
import type { WireColumn, WireRow } from '../../../server/protocol/values.ts';

function statement(
  columns: readonly WireColumn[],
  preview: readonly WireRow[],
  kind = 'SELECT',
  rowCount = preview.length,
): StatementOutcome {
  const provenance = { kind: 'run', reason: '' } as const;
  return {
    start: 0,
    end: 1,
    kind,
    elapsedMs: 1,
    result: { resultId: 'r', columns, rowCount, complete: true, truncated: false, preview, provenance },
  };
}

const ok = { name: 'ok', type: 'BOOLEAN' };
const id = { name: 'order_id', type: 'BIGINT' };
const name = { name: 'customer', type: 'VARCHAR' };

describe('judgeAssertion', () => {
  it('passes without rows, whatever the columns are', () => {
    expect(judgeAssertion([statement([id, name], [])])).toEqual({ state: 'passed', text: 'passed', message: '' });
    expect(judgeAssertion([statement([ok], [])]).state).toBe('passed');
  });

  it('takes one row with one BOOLEAN as the condition itself', () => {
    expect(judgeAssertion([statement([ok], [[true]])]).state).toBe('passed');
    expect(judgeAssertion([statement([ok], [[false]])])).toEqual({
      state: 'failed',
      text: 'failed: false',
      message: 'Expected true, got false.',
      expected: 'true',
      actual: 'false',
    });
    expect(judgeAssertion([statement([ok], [[null]])])).toMatchObject({ state: 'failed', text: 'failed: NULL', actual: 'NULL' });
  });

  it('fails with rows, and counts all of them', () => {
    const many = judgeAssertion([statement([id, name], [[1, 'a']], 'SELECT', 1204)]);
    expect(many).toMatchObject({ state: 'failed', text: 'failed: 1,204 rows', message: 'Expected no rows, got 1,204 rows.' });
    expect(judgeAssertion([statement([name], [['a']])])).toMatchObject({ text: 'failed: 1 row', expected: 'no rows', actual: '1 row' });
  });

  it('does not take a row that only looks like a condition', () => {
    expect(judgeAssertion([statement([ok, ok], [[true, true]])]).text).toBe('failed: 1 row');
    expect(judgeAssertion([statement([name], [['true']])]).text).toBe('failed: 1 row');
    expect(judgeAssertion([statement([ok], [[true], [true]])]).message).toBe(
      'Expected no rows, got 2 rows. Several conditions become one with bool_and(…).',
    );
    expect(judgeAssertion([statement([id], [[0]])]).message).toMatch(
      / A number is compared to be a condition, as in SELECT count\(\*\) = 0\.$/,
    );
  });

  it('judges the last statement only', () => {
    const made = statement([{ name: 'Count', type: 'BIGINT' }], [[3]], 'CREATE');
    expect(judgeAssertion([made, statement([id], [])]).state).toBe('passed');
    expect(judgeAssertion([statement([id], [[1]]), statement([ok], [[true]])]).state).toBe('passed');
  });

  it('is no assertion where nothing is selected', () => {
    expect(judgeAssertion([])).toEqual({
      state: 'unfit',
      text: 'no assertion',
      message: 'An assertion needs a SELECT: this cell has no statement.',
    });
    const made = judgeAssertion([statement([id], []), statement([{ name: 'Count', type: 'BIGINT' }], [], 'CREATE')]);
    expect(made).toMatchObject({ state: 'unfit', message: 'An assertion needs a SELECT as its last statement, and CREATE gives no rows.' });
    expect(judgeAssertion([statement([], [], 'SET')]).state).toBe('unfit');
    expect(judgeAssertion([statement([{ name: 'explain_value', type: 'VARCHAR' }], [['x']], 'EXPLAIN')]).state).toBe('unfit');
  });

  it('takes the rows of RETURNING as rows', () => {
    expect(judgeAssertion([statement([id], [[7]], 'DELETE')]).text).toBe('failed: 1 row');
  });
});

describe('assertionMessage', () => {
  it('begins with the title of the cell, if it has one', () => {
    const verdict = judgeAssertion([statement([name], [['a']])]);
    expect(assertionMessage(verdict, 'No orphans')).toBe('No orphans: Expected no rows, got 1 row.');
    expect(assertionMessage(verdict, '')).toBe('Expected no rows, got 1 row.');
  });
});
