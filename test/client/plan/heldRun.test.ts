import { expect, it } from 'vitest';
import { heldQuestion } from '../../../client/plan/heldRun.ts';

it('asks with the number of rows, the step and the statement', () => {
  const sql = 'select 1; select * from a, b';
  const { message, detail } = heldQuestion({ runId: 'x', rows: 12e9, operator: 'CROSS_PRODUCT', start: 10, end: sql.length }, sql);
  expect(message).toBe('This statement may produce about 12 billion rows (CROSS_PRODUCT). Run anyway?');
  expect(detail).toMatch(/^select \* from a, b\n\n.*kodiak\.run\.warnAboveRows/);
  expect(heldQuestion({ runId: 'x', rows: 1e15, operator: 'RANGE', start: 0, end: 900 }, 'x'.repeat(900))).toEqual({
    message: 'This statement may produce about 10^15 rows (range). Run anyway?',
    detail: expect.stringMatching(/^x{300}…\n/),
  });
});
