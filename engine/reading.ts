import type { Clock } from './base/clock.ts';
import type { DatabaseFiles } from './cache/databaseFiles.ts';
import { type Effect, isNothing, type TableName } from './cache/effect.ts';
import type { FileState } from './cache/filePatterns.ts';
import { type FileSources, readSources } from './cache/fileSources.ts';
import type { Author, Change, Versions } from './cache/versions.ts';
import { effectsIn } from './cellEffects.ts';
import { type Examination, type ExaminedStatement, type Reads, readsOf } from './examine.ts';
import { type FileRecord, type ReadingRecord, recordFiles } from './readingRecord.ts';
import { definedName } from './sql/definedName.ts';
import { isRepeatable } from './sql/repeatable.ts';
import type { Freshness, Reading, SourceChange, StatementEffects } from './types.ts';

/** The state of what a statement reads, just before it ran. */
export interface Snapshot {
  /** `Versions.sequence` when it began. */
  readonly sequence: number;
  /** `Versions.sequence` before its names were looked up. */
  readonly named: number;
  readonly files: Extract<FileState, { readonly kind: 'known' }> | undefined;
  /** Why nothing can be said of it later. */
  readonly flaw: string | undefined;
  /**
   * `Versions.definitions` at its end, when one statement has defined something while it ran. If its names mean then what they meant
   * before, that was something else; after one more definition, which could take the first one back, nobody knows.
   */
  readonly overtakenAt?: number;
}

export const DEFINED_MEANWHILE = 'something was defined anew while it ran';

/** The session on which a statement can be looked at once more. */
export interface Home {
  /** Statements so far after which names, settings or variables of the connection may mean something else. */
  readonly definitions: number;
  /** The last of them. */
  readonly lastDefinition: (Author & { readonly at: number }) | undefined;
  /** True while something runs or waits there. */
  readonly busy: boolean;
  readonly isClosed: boolean;
  /** Whether a query goes through views or macros; true where that is not known. */
  goesThroughNames(sql: string): Promise<boolean>;
  /** Examines a statement when nothing else runs there; undefined when it cannot be asked now, in a transaction for one. */
  reexamine(examined: ExaminedStatement): Promise<Reexamination | undefined>;
}

export interface Reexamination {
  readonly examination: Examination;
  /** The patterns behind its files, and true when they still mean the files of this examination. */
  readonly patterns: FileSources | undefined;
}

export interface ReadingContext {
  readonly clock: Clock;
  readonly versions: Versions;
  readonly databaseFiles: DatabaseFiles;
  /** The database's history, and its name. */
  readonly history: { readonly id: string; readonly life: string; readonly catalog: string; readonly inMemory: boolean };
}

export interface ReadingParts {
  readonly context: ReadingContext;
  /** Weak, so that what was read does not keep a session that everybody forgot. */
  readonly home: WeakRef<Home> | undefined;
  /** `Home.definitions` before the statement was examined. */
  readonly homeDefinitions: number;
  readonly examined: ExaminedStatement;
  readonly examination: Examination;
  readonly snapshot: Snapshot;
}

/** A source's change as the parts of the cache tell it. */
interface KnownChange {
  readonly kind: SourceChange['kind'];
  readonly name?: string | undefined;
  readonly at: number;
  readonly by?: Author | undefined;
}

const FRESH: Freshness = Object.freeze({ state: 'fresh' });
const BEING_CHANGED: Freshness = Object.freeze({ state: 'unknown', reason: 'something that it reads is being changed now', passing: true });
const DONE: Freshness = Object.freeze({ state: 'done' });

/**
 * What one statement read, and whether that is still so. It claims nothing that the cache could not prove: what it cannot know is
 * `unknown`. Holds no rows. Comparing costs nothing but a look at each counter and file; only when names or settings may mean
 * something else is the statement planned again, on its session.
 */
export class StatementReading implements Reading {
  readonly #parts: ReadingParts;
  readonly #reads: Reads | undefined;
  /** A result that is stale stays so. */
  #stale: Freshness | undefined;
  #named: number;
  #homeDefinitions: number;
  /** Patterns behind the files of a plan, as they were when they meant those files. */
  #patterns: { readonly sources: FileSources; readonly files: Snapshot['files'] } | 'none' | undefined;
  #asking: Promise<Freshness> | undefined;
  /** See `Snapshot`. */
  #overtakenAt: number | undefined;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    const { examination } = parts;
    const isWrite = examination.standing.kind === 'write';
    const reads = readsOf(examination);
    this.#reads = reads && isWrite ? withoutOwn(reads, examination.effect.tables) : reads;
    this.#named = parts.snapshot.named;
    this.#overtakenAt = parts.snapshot.overtakenAt;
    // A statement that makes something is itself one after which names may mean something else.
    this.#homeDefinitions = parts.homeDefinitions + (isWrite ? 1 : 0);
  }

  get effects(): StatementEffects {
    const { examination, examined } = this.#parts;
    const { effect, standing, mistake } = examination;
    const defined = definedName(examined.statement, examined.script);
    return {
      ...effectsIn(surveyOf(effect, this.#reads, standing.kind === 'write', mistake === true)),
      defines: defined === undefined ? [] : [defined],
      settings: effect.settings,
    };
  }

  get readsFiles(): boolean {
    return this.#stale === undefined && hasFiles(this.#reads);
  }

  freshness(): Promise<Freshness> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async record(): Promise<ReadingRecord> {
    const { context, examined, home } = this.#parts;
    const now = await this.freshness();
    if (now.state === 'done') return { kind: 'done' };
    const named = (await home?.deref()?.goesThroughNames(examined.statement.text)) ?? true;
    // What is fresh now, in this turn, is of this moment.
    const known = this.#compare();
    const reads = this.#reads;
    if (now.state === 'stale' || known?.state === 'stale')
      return { kind: 'unknown', reason: 'what it read had changed already when it was kept' };
    if (now.state === 'unknown' || known?.state === 'unknown' || !reads) {
      const unknown = [now, known].find((state) => state?.state === 'unknown');
      const { reason = 'what it reads is not known', passing = false } = unknown?.state === 'unknown' ? unknown : {};
      return { kind: 'unknown', reason: passing ? 'something else ran while it was kept' : reason };
    }
    if (examined.params !== undefined) return { kind: 'unknown', reason: 'it depends on parameters, whose values may be others now' };
    const files = this.#recordedFiles(reads);
    if (files === undefined || this.#mustBeNamedAgain()) return { kind: 'unknown', reason: 'other files may belong to it now' };
    const { dependencies } = reads;
    const { id, life, catalog, inMemory } = context.history;
    return { kind: 'read', history: id, life, catalog, inMemory, sequence: context.versions.sequence, dependencies, named, files };
  }

  /** A plan names files and not the patterns that they were found by: without these it is not known which files belong to it later. */
  #recordedFiles({ sources }: Reads): FileRecord[] | undefined {
    const all: FileSources[] = hasFiles(this.#reads) ? [sources] : [];
    if (sources.files.length > 0) {
      if (typeof this.#patterns !== 'object') return undefined;
      all.push(this.#patterns.sources);
    }
    const records = all.map(recordFiles);
    return records.every((record) => record !== undefined) ? records : undefined;
  }

  async #ask(): Promise<Freshness> {
    if (this.#stale) return this.#stale;
    if (this.#isDone()) return DONE;
    const { context } = this.#parts;
    if (context.databaseFiles.changedByOthers()) context.versions.moveAll();
    const known = this.#compare();
    if (known) return known;
    if (this.#isOvertaken()) return { state: 'unknown', reason: DEFINED_MEANWHILE };
    if (!this.#mustBeNamedAgain()) return FRESH;
    const renamed = await this.#nameAgain();
    if (renamed) return renamed;
    if (this.#isOvertaken()) return { state: 'unknown', reason: DEFINED_MEANWHILE };
    this.#overtakenAt = undefined;
    return this.#compare() ?? FRESH;
  }

  /** What is there to change something has no answer that could be out of date. */
  #isDone(): boolean {
    const { examination, examined } = this.#parts;
    return examination.standing.kind === 'write' && !isRepeatable(examined.statement, examined.script);
  }

  /** In one turn. `undefined`: nothing that it read has changed. */
  #compare(): Freshness | undefined {
    const { context, examination, snapshot } = this.#parts;
    const reads = this.#reads;
    if (!reads) return { state: 'unknown', reason: whyUnknown(examination) };
    const { versions } = context;
    const change = versions.changeOf(reads.dependencies, snapshot.sequence);
    if (change) return this.#becomeStale(change);
    const file = this.#changedFile(reads.sources, snapshot.files) ?? this.#changedPattern();
    if (file) return this.#becomeStale(file);
    if (snapshot.flaw !== undefined) return { state: 'unknown', reason: snapshot.flaw };
    // What belonged to it, temporary tables for one, has gone with it.
    if (this.#parts.home?.deref()?.isClosed === true) return { state: 'unknown', reason: 'its session is closed' };
    if (versions.busy(reads.dependencies)) return BEING_CHANGED;
    return reads.unsteady === undefined ? undefined : { state: 'unknown', reason: reads.unsteady };
  }

  #becomeStale({ kind, name, at, by }: KnownChange): Freshness {
    const change = Object.freeze({ kind, at, ...(name !== undefined && { name }), ...(by && { by: authorOf(by) }) });
    this.#stale = Object.freeze({ state: 'stale', change });
    return this.#stale;
  }

  #changedFile(sources: FileSources, before: Snapshot['files']): KnownChange | undefined {
    if (before === undefined) return undefined;
    const now = readSources(sources);
    if (now.kind === 'uncheckable') return { kind: 'file', name: now.path ?? 'a file', at: this.#parts.context.clock.now() };
    if (now.stamp === before.stamp) return undefined;
    const name = [...before.stamps.keys(), ...now.stamps.keys()].find((key) => before.stamps.get(key) !== now.stamps.get(key));
    return { kind: 'file', name: name ?? 'a file', at: Math.min(now.changedAtMs, this.#parts.context.clock.now()) };
  }

  #changedPattern(): KnownChange | undefined {
    return typeof this.#patterns === 'object' ? this.#changedFile(this.#patterns.sources, this.#patterns.files) : undefined;
  }

  #isOvertaken(): boolean {
    return this.#overtakenAt !== undefined && this.#overtakenAt !== this.#parts.context.versions.definitions;
  }

  #mustBeNamedAgain(): boolean {
    const { context, home } = this.#parts;
    const namesAt = context.versions.namesChange?.sequence ?? 0;
    if (this.#overtakenAt !== undefined || namesAt > this.#named || (home?.deref()?.definitions ?? 0) !== this.#homeDefinitions)
      return true;
    // A plan names files and not the patterns that they were found by.
    return (this.#reads?.sources.files.length ?? 0) > 0 && typeof this.#patterns !== 'object';
  }

  /** Looks the statement's names up once more, on its session. `undefined`: they mean the same. */
  async #nameAgain(): Promise<Freshness | undefined> {
    const { context, home, examined, examination } = this.#parts;
    const { versions } = context;
    const session = home?.deref();
    if (!session) return { state: 'unknown', reason: 'its session is closed' };
    if (session.busy) return { state: 'unknown', reason: 'its session is busy', passing: true };
    const named = versions.sequence;
    const { definitions } = session;
    const again = await session.reexamine(examined).catch(() => undefined);
    if (!again) return { state: 'unknown', reason: 'its session is in a transaction or closed' };
    const reads = readsOf(again.examination);
    if (reads?.meaning !== this.#reads?.meaning) {
      // A CREATE TABLE that has run cannot be planned a second time: that says nothing of what it reads.
      if (examination.standing.kind === 'write') return { state: 'unknown', reason: 'its names may mean something else by now' };
      return this.#becomeStale({ kind: 'names', ...lastOf(versions.namesChange, session.lastDefinition, context.clock.now()) });
    }
    this.#named = named;
    this.#homeDefinitions = definitions;
    if (this.#patterns === undefined) this.#learnPatterns(again.patterns);
    return undefined;
  }

  #learnPatterns(sources: FileSources | undefined): void {
    const files = sources && readSources(sources);
    this.#patterns = files?.kind === 'known' && sources ? { sources, files } : 'none';
  }
}

export function hasFiles(reads: Reads | undefined): boolean {
  return reads !== undefined && reads.sources.files.length + reads.sources.patterns.length > 0;
}

/** What a statement reads beside that which it makes itself. */
function withoutOwn(reads: Reads, own: readonly TableName[]): Reads {
  const isOwn = (table: TableName) => own.some((other) => JSON.stringify(other) === JSON.stringify(table));
  return { ...reads, dependencies: { ...reads.dependencies, tables: reads.dependencies.tables.filter((table) => !isOwn(table)) } };
}

function surveyOf(effect: Effect, reads: Reads | undefined, isWrite: boolean, mistake: boolean) {
  // It will fail or has failed, and did nothing.
  if (mistake) return { effect: { ...effect, all: false, tables: [] }, tables: [], files: [], steady: false };
  const steady = reads !== undefined ? reads.unsteady === undefined : isWrite && isNothing(effect);
  const { tables = [] } = reads?.dependencies ?? {};
  const { files = [], patterns = [] } = reads?.sources ?? {};
  return { effect, tables, files: [...files, ...patterns], steady };
}

function whyUnknown({ standing }: Examination): string {
  return standing.kind === 'bypass' ? standing.reason : 'what it reads is not known';
}

function authorOf({ session, origin, sql }: Author): NonNullable<SourceChange['by']> {
  return { session, sql, ...(origin !== undefined && { origin }) };
}

/** What happened last, in the session itself or anywhere. */
function lastOf(change: Change | undefined, own: Home['lastDefinition'], now: number): Pick<KnownChange, 'at' | 'by'> {
  const ownIsLast = own !== undefined && own.at >= (change?.at ?? 0);
  return { at: (ownIsLast ? own.at : change?.at) ?? now, by: ownIsLast ? own : change?.by };
}
