import { describe, expect, test } from 'vitest';
import { openedOutput, planOutputs, runSummary, unshownResults } from '../../../client/notebook/resultOutput.ts';
import { RESULT_MIME } from '../../../server/protocol/notebookOutput.ts';
import { PLAN_MIME } from '../../../server/protocol/plan.ts';
import type { ResultHandle, StatementOutcome } from '../../../server/protocol/requests.ts';

function statement(kind: string, result: Partial<ResultHandle>, more: Partial<StatementOutcome> = {}): StatementOutcome {
  const handle: ResultHandle = {
    resultId: `r-${kind}`,
    columns: [],
    rowCount: 0,
    complete: true,
    truncated: false,
    preview: [],
    provenance: { kind: 'run', reason: '' },
    ...result,
  };
  return { start: 0, end: 0, kind, elapsedMs: 2, result: handle, ...more };
}

const select = statement('SELECT', {
  columns: [
    { name: 'a', type: 'INTEGER' },
    { name: 'b', type: 'VARCHAR' },
  ],
  rowCount: 2,
  preview: [
    [1, 'x\ty'],
    [null, 'z'],
  ],
});
const insert = statement('INSERT', { columns: [{ name: 'Count', type: 'BIGINT' }], rowCount: 1, preview: [[3]] }, { rowsChanged: 3 });
const create = statement('CREATE', { columns: [{ name: 'Count', type: 'BIGINT' }] });
const set = statement('SET', { columns: [{ name: 'Success', type: 'BOOLEAN' }] });

const texts = (statements: readonly StatementOutcome[]) => planOutputs(statements).map((output) => output.items.at(-1)?.text);

describe('planOutputs', () => {
  test('rows become a handle with its preview, and text', () => {
    const [output] = planOutputs([select]);
    expect(output?.resultId).toBe('r-SELECT');
    expect(output?.items.map((item) => item.mime)).toEqual([RESULT_MIME, 'text/plain']);
    expect(JSON.parse(output?.items[0]?.text ?? '')).toEqual({ ...select.result, kind: 'SELECT', elapsedMs: 2, note: '2 ms · computed' });
    expect(output?.items[1]?.text).toBe('a\tb\n1\tx y\nNULL\tz\n2 rows × 2 columns · 2 ms · computed');
  });

  test('a statement without rows is a line', () => {
    expect(texts([insert])).toEqual(['INSERT · 3 rows changed · 2 ms']);
    expect(texts([create])).toEqual(['CREATE · 2 ms']);
    expect(texts([set])).toEqual(['SET · 2 ms']);
  });

  test('several are one line after the results', () => {
    expect(texts([create, insert, insert, select])).toEqual([
      expect.stringContaining('2 rows × 2 columns'),
      '3 statements: CREATE, INSERT ×2 (6 rows changed) · 6 ms',
    ]);
  });

  test('rows that a change returns are shown', () => {
    const returning = statement('INSERT', { columns: [{ name: 'a', type: 'INTEGER' }], rowCount: 1, preview: [[1]] }, { rowsChanged: 1 });
    expect(planOutputs([returning])[0]?.resultId).toBe('r-INSERT');
  });

  test('a query may have a column named Count', () => {
    const count = statement('SELECT', { columns: [{ name: 'Count', type: 'BIGINT' }], rowCount: 1, preview: [[7]] });
    expect(planOutputs([count])[0]?.resultId).toBe('r-SELECT');
  });

  test('a plan is a drawing', () => {
    const explain = statement('EXPLAIN', {
      columns: [
        { name: 'explain_key', type: 'VARCHAR' },
        { name: 'explain_value', type: 'VARCHAR' },
      ],
      rowCount: 1,
      preview: [['physical_plan', '┌──┐\n└──┘\n']],
    });
    expect(planOutputs([explain])).toEqual([{ items: [{ mime: 'text/plain', text: '┌──┐\n└──┘' }] }]);
    expect(unshownResults([explain])).toEqual(['r-EXPLAIN']);
    const plan = { analyzed: false, operators: [{ kind: 'RANGE', details: [] }], text: '┌──┐' };
    const [drawn] = planOutputs([{ ...explain, plan }]);
    expect(drawn?.items.map(({ mime }) => mime)).toEqual([PLAN_MIME, 'text/plain']);
    expect(drawn?.items[1]?.text).toBe('┌──┐');
    expect(JSON.parse(drawn?.items[0]?.text ?? '')).toEqual({ plan, title: 'EXPLAIN' });
  });

  test('nothing for a script of comments', () => {
    expect(planOutputs([])).toEqual([]);
  });

  test('an opened result says that it runs', () => {
    const output = openedOutput({ ...select.result, complete: false }, 150);
    expect(JSON.parse(output.items[0]?.text ?? '')).toMatchObject({ resultId: 'r-SELECT', complete: false, note: 'running…' });
  });
});

test('results that no output holds', () => {
  expect(unshownResults([select, insert, create])).toEqual(['r-INSERT', 'r-CREATE']);
});

describe('runSummary', () => {
  test('rows, time and where they are from', () => {
    expect(runSummary([insert, select], 420)).toBe('2 rows · 0.42 s');
    const provenance = { kind: 'proved', reason: 'same plan', costMs: 420 } as const;
    const dear = { ...select, elapsedMs: 3, result: { ...select.result, rowCount: 1_204_331, bytes: 12 * 1024 * 1024, provenance } };
    expect(runSummary([dear], 3)).toBe('1,204,331 rows · 0.42 s · proved 3 ms · 12 MiB');
    const proved = { ...select, result: { ...select.result, provenance: { kind: 'proved', reason: 'nothing changed' } as const } };
    expect(runSummary([proved], 1)).toBe('2 rows · 1 ms · proved');
  });

  test('changes are added up', () => {
    expect(runSummary([create, insert, insert], 12)).toBe('6 rows changed · 12 ms');
    expect(runSummary([create], 12)).toBe('12 ms');
  });
});
