import { expect, it } from 'vitest';
import type { CellMarker } from '../../../client/notebook/cellMarker.ts';
import { judgedRun } from '../../../client/notebook/judgedRun.ts';
import type { RunQueryResult, StatementOutcome } from '../../../server/protocol/requests.ts';

const marker: CellMarker = { role: 'assert', title: 'No orphans', attributes: new Map() };
const SQL = "SET VARIABLE day = '2024-01-01';\n\nSELECT *\nFROM orders;";

function ran(preview: readonly (readonly [number])[]): RunQueryResult {
  const columns = [{ name: 'order_id', type: 'BIGINT' }];
  const provenance = { kind: 'run', reason: '' } as const;
  const result = { resultId: 'r', columns, rowCount: preview.length, complete: true, truncated: false, preview, provenance };
  const statement: StatementOutcome = { start: 34, end: SQL.length - 1, kind: 'SELECT', elapsedMs: 1, result };
  return { statements: [statement], elapsedMs: 2 };
}

it('leaves a cell that is no assertion as it is, and one whose SQL failed', () => {
  const result = ran([[1]]);
  expect(judgedRun({ title: 'No orphans', attributes: new Map() }, SQL, result)).toBe(result);
  const failed: RunQueryResult = { statements: [], failure: { code: 'cancelled', message: 'Cancelled.' }, elapsedMs: 1 };
  expect(judgedRun(marker, SQL, failed)).toBe(failed);
});

it('keeps the rows of an assertion that failed, which is a failure at its last statement', () => {
  const { statements, failure, verdict } = judgedRun(marker, SQL, ran([[1], [2]]));
  expect(statements).toHaveLength(1);
  expect(verdict).toMatchObject({ state: 'failed', text: 'failed: 2 rows' });
  expect(failure).toEqual({
    code: 'sql',
    message: 'Assertion failed. No orphans: Expected no rows, got 2 rows.',
    position: { offset: 34, line: 2, column: 0, length: 8 },
  });
});

it('is no failure when it passed, and one without a place when there is no statement', () => {
  expect(judgedRun(marker, SQL, ran([]))).toMatchObject({ verdict: { state: 'passed' } });
  expect(judgedRun(marker, SQL, ran([])).failure).toBeUndefined();
  expect(judgedRun(marker, '', { statements: [], elapsedMs: 0 }).failure).toEqual({
    code: 'sql',
    message: 'Assertion failed. No orphans: An assertion needs a SELECT: this cell has no statement.',
  });
});
