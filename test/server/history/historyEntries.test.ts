import { describe, expect, it } from 'vitest';
import { type EndedScript, historyEntries, MAX_HISTORY_SQL } from '../../../server/history/historyEntries.ts';
import type { RunQueryResult, StatementOutcome } from '../../../server/protocol/requests.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

function done(start: number, end: number, more: Partial<StatementOutcome> = {}): StatementOutcome {
  const provenance = { kind: 'run', reason: 'the first run' } as const;
  const result = {
    resultId: '1',
    columns: [{ name: 'a', type: 'INTEGER' }],
    rowCount: 3,
    complete: true,
    truncated: false,
    preview: [],
    provenance,
  };
  return { start, end, kind: 'SELECT', elapsedMs: 1000, result, ...more };
}

function entries(
  sql: string,
  result: Partial<RunQueryResult>,
  more: { values?: EndedScript['params']['values']; storesValues?: boolean } = {},
) {
  const script: EndedScript = {
    who: { kind: 'notebook', name: 'a.sql' },
    database: ':memory:',
    beganAt: AT,
    params: { sessionId: 's', sql, ...(more.values && { values: more.values }) },
    result: { statements: [], elapsedMs: 1500, ...result },
  };
  return historyEntries(script, more.storesValues ?? false, (endedAt) => String(endedAt - AT));
}

describe('what the history keeps of a script', () => {
  it('is an entry for each statement that ended, and one for that at which it stopped', () => {
    const sql = 'select 1; insert into t select 2; selec 3; select 4';
    const statements = [done(0, 8), done(10, 32, { kind: 'INSERT', rowsChanged: 7, elapsedMs: 250 })];
    const [first, second, third, ...more] = entries(sql, { statements, failure: { code: 'sql', message: 'Parser Error' } });
    expect(first).toEqual({
      id: '1000',
      at: '2026-01-02T03:04:05.000Z',
      who: { kind: 'notebook', name: 'a.sql' },
      session: 's',
      database: ':memory:',
      sql: 'select 1',
      kind: 'SELECT',
      ms: 1000,
      rows: 3,
      outcome: 'done',
      how: { kind: 'run', reason: 'the first run' },
    });
    expect(second).toMatchObject({ id: '1250', at: '2026-01-02T03:04:06.000Z', changed: 7, sql: 'insert into t select 2' });
    expect(second).not.toHaveProperty('rows');
    expect(third).toMatchObject({
      id: '1500',
      sql: 'selec 3',
      ms: 250,
      outcome: 'failed',
      error: { code: 'sql', message: 'Parser Error' },
    });
    expect(more).toEqual([]);
  });

  it('says of a cancelled one that it was, and keeps what could not be cut into statements', () => {
    const failure = { code: 'cancelled', message: 'The query was cancelled.' } as const;
    expect(entries('select 1', { failure })).toMatchObject([{ sql: 'select 1', outcome: 'cancelled', error: { code: 'cancelled' } }]);
    expect(entries(' -- nothing', { failure: { code: 'sql', message: 'x' } })).toMatchObject([{ sql: '-- nothing' }]);
    expect(entries('', {})).toEqual([]);
  });

  it('cuts very long texts with a mark, also within a secret', () => {
    const [cut] = entries(`create secret (secret '${'x'.repeat(MAX_HISTORY_SQL)}')`, { failure: { code: 'sql', message: 'no' } });
    expect(cut).toMatchObject({ sql: "create secret (secret '***'…", redacted: true, length: MAX_HISTORY_SQL + 25 });
  });

  it('hides secrets in statements and their messages', () => {
    const failure = { code: 'sql', message: "Binder Error: secret 'hunter2' is wrong" } as const;
    expect(JSON.stringify(entries("create secret (type s3, secret 'hunter2')", { failure }))).not.toContain('hunter2');
  });

  it('keeps values of parameters only when it is asked to, and secret ones never', () => {
    const values = {
      region: { type: 'VARCHAR', text: 'north' },
      none: { type: 'DATE', text: null },
      api_token: { type: 'VARCHAR', text: 'hunter2' },
    };
    const failure = { code: 'sql', message: "Could not convert string 'north' to INT32" } as const;
    const [hidden] = entries('select $region', { failure }, { values });
    expect(hidden?.parameters).toEqual({ region: null, none: null, api_token: null });
    expect(hidden?.error?.message).toBe("Could not convert string '***' to INT32");
    const [shown] = entries('select $region', { failure }, { values, storesValues: true });
    expect(shown?.parameters).toEqual({ region: 'north', none: null, api_token: null });
    expect(shown?.error?.message).toContain("'north'");
  });
});
