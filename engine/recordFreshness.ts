import { Versions } from './cache/versions.ts';
import { lookAtHistory } from './databaseLife.ts';
import { compareRecord, type HistoryView, readRecord } from './readingRecord.ts';
import type { EngineOptions, Freshness } from './types.ts';

/**
 * As `Engine.freshnessOf`, while no engine has the database open: its file is not opened for it, only looked at. What was read from
 * tables in memory is gone.
 */
export function freshnessUnopened(record: unknown, options: Pick<EngineOptions, 'database' | 'historyFolder'>, nowMs: number): Freshness {
  const { database = ':memory:', historyFolder } = options;
  const looked = lookAtHistory(historyFolder, database);
  const view = looked && { id: looked.id, life: '', versions: new Versions(() => nowMs, looked.past), databaseFiles: undefined };
  return freshnessOfRecord(record, view, nowMs);
}

/** Whether what a kept record tells is still so; what is no record is `unknown`. */
export function freshnessOfRecord(value: unknown, history: HistoryView | undefined, nowMs: number): Freshness {
  const record = readRecord(value);
  return record ? compareRecord(record, history, nowMs) : { state: 'unknown', reason: 'what it read was not kept' };
}
