import { describe, expect, it } from 'vitest';
import { reopenedOutputs } from '../../../client/notebook/reopenedOutput.ts';
import type { ArchivedCell } from '../../../server/protocol/archive.ts';
import { AS_OF_MIME, RESULT_MIME, type ResultOutput } from '../../../server/protocol/notebookOutput.ts';
import type { StatementOutcome } from '../../../server/protocol/requests.ts';

const RAN_AT = new Date(2026, 10, 27, 14, 2).getTime();

function statement(resultId: string, rowCount: number, preview: readonly (readonly number[])[]): StatementOutcome {
  return {
    start: 0,
    end: 1,
    kind: 'SELECT',
    elapsedMs: 420,
    result: {
      resultId,
      columns: [{ name: 'n', type: 'BIGINT' }],
      rowCount,
      complete: true,
      truncated: false,
      preview,
      provenance: { kind: 'proved', reason: 'nothing changed' },
    },
  };
}

function cell(statements: readonly StatementOutcome[], stored: ArchivedCell['stored'] = {}): ArchivedCell {
  return { ranAt: RAN_AT, outcome: { statements, elapsedMs: 420 }, stored, readings: [] };
}

function resultIn(items: readonly { readonly mime: string; readonly text: string }[] = []): ResultOutput {
  return JSON.parse(items.find(({ mime }) => mime === RESULT_MIME)?.text ?? '{}');
}

describe('reopenedOutputs', () => {
  it('puts a line above the results that says when they were made', () => {
    const [line, result] = reopenedOutputs('key', cell([statement('a', 1, [[7]])]), RAN_AT + 60_000);
    expect(line?.resultId).toBeUndefined();
    expect(JSON.parse(line?.items[0]?.text ?? '')).toEqual({ key: 'key', ranAt: RAN_AT });
    expect(line?.items[0]?.mime).toBe(AS_OF_MIME);
    expect(line?.items[1]?.text).toBe('As of 14:02, from an earlier run.');
    expect(result?.resultId).toBe('a');
    expect(resultIn(result?.items)).toMatchObject({ resultId: 'a', rowCount: 1, preview: [[7]], truncated: false });
  });

  it('says of no result that it is a computed or proved', () => {
    const texts = reopenedOutputs('key', cell([statement('a', 1, [[7]])]), RAN_AT).flatMap(({ items }) => items.map(({ text }) => text));
    expect(texts.join()).not.toMatch(/computed|proved/);
    expect(texts.join()).toContain('0.42 s · earlier run');
  });

  it('says how many rows are kept where that is not all, and has no more', () => {
    const partial = cell([statement('a-first', 10_000_000, [[1], [2], [3]])], { 'a-first': { rows: 100_000, bytes: 1 } });
    const output = resultIn(reopenedOutputs('key', partial, RAN_AT)[1]?.items);
    expect(output).toMatchObject({ rowCount: 100_000, truncated: true });
    expect(output.note).toContain('first 100,000 of 10,000,000 rows kept');
    const tiny = cell([statement('a-first', 10_000_000, [[1], [2], [3]])], { 'a-first': { rows: 2, bytes: 1 } });
    expect(resultIn(reopenedOutputs('key', tiny, RAN_AT)[1]?.items)).toMatchObject({ rowCount: 2, preview: [[1], [2]] });
  });
});
