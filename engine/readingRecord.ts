import type { DatabaseFiles } from './cache/databaseFiles.ts';
import { isTemporary } from './cache/effect.ts';
import { type FileSources, readSources } from './cache/fileSources.ts';
import type { Dependencies, Versions } from './cache/versions.ts';
import type { Freshness, SourceChange } from './types.ts';

/** What a statement read, as data: it can be compared later, in another process too. */
export type ReadingRecord =
  | { readonly kind: 'done' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | {
      readonly kind: 'read';
      /** See `History`. */
      readonly history: string;
      readonly life: string;
      /** Name of the database to which the history belongs. */
      readonly catalog: string;
      readonly inMemory: boolean;
      /** `Versions.sequence` at a moment at which all of it was as the statement read it. */
      readonly sequence: number;
      readonly dependencies: Dependencies;
      /** It goes through views or macros, or it is not known that it does not. */
      readonly named: boolean;
      readonly files: readonly FileRecord[];
    };

/** Files at one moment: each path, or the names that a pattern looks for, with what it was. */
export interface FileRecord {
  readonly sources: FileSources;
  readonly stamp: string;
  readonly stamps: readonly (readonly [string, string])[];
}

/** The database's history as it stands now. */
export interface HistoryView {
  readonly id: string;
  readonly life: string;
  readonly versions: Versions;
  readonly databaseFiles: DatabaseFiles | undefined;
}

const FRESH: Freshness = Object.freeze({ state: 'fresh' });

/** Files as they are now; undefined when that cannot be told. */
export function recordFiles(sources: FileSources): FileRecord | undefined {
  const state = readSources(sources);
  return state.kind === 'known' ? { sources, stamp: state.stamp, stamps: [...state.stamps] } : undefined;
}

/**
 * Whether what was read is still so, as far as that can be proved without asking the database anything. `history` is undefined where
 * the database's past is not known: nothing is known of its tables then, and what reads files only is compared all the same.
 */
export function compareRecord(record: ReadingRecord, history: HistoryView | undefined, now: number): Freshness {
  if (record.kind === 'done') return { state: 'done' };
  if (record.kind === 'unknown') return { state: 'unknown', reason: record.reason };
  const change = changedFile(record.files, now);
  if (change) return { state: 'stale', change };
  return needsHistory(record) ? compareTables(record, history) : FRESH;
}

type ReadRecord = Extract<ReadingRecord, { readonly kind: 'read' }>;

function needsHistory({ dependencies, named }: ReadRecord): boolean {
  return named || dependencies.tables.length > 0 || dependencies.catalogs.length > 0;
}

function compareTables(record: ReadRecord, history: HistoryView | undefined): Freshness {
  const { dependencies, sequence, catalog, named } = record;
  const catalogs = new Set([...dependencies.tables.map((table) => table.catalog), ...dependencies.catalogs]);
  if ([...catalogs].some(isTemporary)) return { state: 'unknown', reason: 'its temporary tables are gone with the last session' };
  if (history === undefined || history.id !== record.history) {
    const reason = record.inMemory
      ? 'its tables were in memory and are gone with the last session'
      : 'the database was written meanwhile, or was not closed in order';
    return { state: 'unknown', reason };
  }
  const { versions } = history;
  if (history.databaseFiles?.changedByOthers()) versions.moveAll();
  const isForeign = [...catalogs].some((name) => name.toLowerCase() !== catalog);
  if (isForeign && history.life !== record.life) return { state: 'unknown', reason: 'it reads another database that was attached' };
  const change = versions.changeOf(dependencies, sequence);
  if (change) {
    const { kind, name, at, by } = change;
    const author = by && { session: by.session, sql: by.sql, ...(by.origin !== undefined && { origin: by.origin }) };
    return { state: 'stale', change: { kind, at, ...(name !== undefined && { name }), ...(author && { by: author }) } };
  }
  if (versions.busy(dependencies)) return { state: 'unknown', reason: 'something that it reads is being changed now', passing: true };
  const isRenamed = named && (versions.namesChange?.sequence ?? 0) > sequence;
  return isRenamed ? { state: 'unknown', reason: 'views, macros or settings have changed since' } : FRESH;
}

function changedFile(files: readonly FileRecord[], now: number): SourceChange | undefined {
  for (const { sources, stamp, stamps } of files) {
    const state = readSources(sources);
    if (state.kind === 'uncheckable') return { kind: 'file', name: state.path ?? 'a file', at: now };
    if (state.stamp === stamp) continue;
    const before = new Map(stamps);
    const name = [...before.keys(), ...state.stamps.keys()].find((key) => before.get(key) !== state.stamps.get(key));
    return { kind: 'file', name: name ?? 'a file', at: Math.min(state.changedAtMs, now) };
  }
  return undefined;
}

/** A record that was read from a file; undefined when it is none. */
export function readRecord(value: unknown): ReadingRecord | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const record = value as ReadingRecord;
  switch (record.kind) {
    case 'done':
      return record;
    case 'unknown':
      return typeof record.reason === 'string' ? record : undefined;
    case 'read':
      return isRead(record) ? record : undefined;
    default:
      return undefined;
  }
}

function isRead({ history, life, catalog, sequence, dependencies, files }: ReadRecord): boolean {
  const isNamed = [history, life, catalog].every((text) => typeof text === 'string') && typeof sequence === 'number';
  const hasLists = Array.isArray(dependencies?.tables) && Array.isArray(dependencies.catalogs) && Array.isArray(files);
  return isNamed && hasLists && files.every(({ sources, stamps }) => typeof sources === 'object' && Array.isArray(stamps));
}
