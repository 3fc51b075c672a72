import type { Effect, TableName } from './effect.ts';

/** What a result was computed from, as far as DuckDB's tables go. */
export interface Dependencies {
  readonly tables: readonly TableName[];
  /** Databases of which any write counts. */
  readonly catalogs: readonly string[];
  /** Names were looked up without DuckDB's plan: any new, changed or dropped definition counts. */
  readonly definitions: boolean;
}

/** Who changed something: a statement, and what its caller called that run. */
export interface Author {
  readonly session: string;
  readonly origin: string | undefined;
  readonly sql: string;
}

/** A change that has happened, as the `sequence`th of all. */
export interface Change {
  readonly sequence: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** Absent when no statement of this process did it. */
  readonly by: Author | undefined;
}

/** A change of something that was read. */
export interface DependencyChange extends Change {
  readonly kind: 'table' | 'database' | 'anything';
  /** Of the table or database. */
  readonly name: string | undefined;
}

interface Counter {
  version: number;
  /** Writes that run now. */
  pending: number;
  /** Unix milliseconds of the last change. */
  changedAt: number;
  /** The last write that ended, unless it certainly left everything as it was. */
  change: Change | undefined;
}

/** When something changed last, as it outlives the process. */
export interface PastChange {
  readonly sequence: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** All that is to be known of changes in earlier lives of a database: the last of each kind and name. */
export interface Past {
  readonly sequence: number;
  readonly all?: PastChange;
  readonly names?: PastChange;
  readonly tables: Readonly<Record<string, PastChange>>;
  readonly catalogs: Readonly<Record<string, PastChange>>;
  readonly writes: Readonly<Record<string, PastChange>>;
}

/** More names than this are not worth a line each: they count as one change of everything. */
const MAX_PAST_NAMES = 10_000;

/** A run that may change something. */
export interface Write {
  readonly effect: Effect;
  readonly author?: Author;
  /** True for failures after which everything is certainly as it was. */
  readonly leftNothing?: (thrown: unknown) => boolean;
}

/**
 * Versions of everything that statements of this process can change: DuckDB itself has none for tables. A counter moves before
 * a write starts and again when it ended, so that a result which overlaps a write can be told from one that does not.
 *
 * The version of a table is the sum of its own counter and of those above it: as all of them only grow, equal sums mean that none
 * of them moved. Names are looked up, never enumerated, so a look-up costs one map access per table.
 */
export class Versions {
  readonly #now: () => number;
  readonly #all: Counter;
  readonly #tables = new Map<string, Counter>();
  /** Moved when any table of the database may have changed. */
  readonly #catalogs = new Map<string, Counter>();
  /** Moved by every write in a database, for those who read row numbers. */
  readonly #writes = new Map<string, Counter>();
  #definitions = 0;
  #macros = 0;
  #pendingDefinitions = 0;
  #settings = 0;
  #sequence = 0;
  #namesChange: Change | undefined;
  readonly #listeners = new Set<() => void>();

  /** With the past of a database, sequences go on from there. */
  constructor(now: () => number, past?: Past) {
    this.#now = now;
    this.#all = { version: 0, pending: 0, changedAt: now(), change: changeOfPast(past?.all) };
    if (past === undefined) return;
    this.#sequence = past.sequence;
    this.#namesChange = changeOfPast(past.names);
    for (const [counters, changes] of [
      [this.#tables, past.tables],
      [this.#catalogs, past.catalogs],
      [this.#writes, past.writes],
    ] as const) {
      for (const [key, change] of Object.entries(changes)) this.#counter(counters, key).change = changeOfPast(change);
    }
  }

  /** What the next life of the database has to know; undefined while something is being changed. */
  past(): Past | undefined {
    const isPending = [this.#tables, this.#catalogs, this.#writes].some((counters) =>
      [...counters.values()].some(({ pending }) => pending > 0),
    );
    if (isPending || this.#all.pending > 0 || this.#pendingDefinitions > 0) return undefined;
    const all = pastOf(this.#all.change);
    const names = pastOf(this.#namesChange);
    const head = { sequence: this.#sequence, ...(all && { all }), ...(names && { names }) };
    if (this.#tables.size > MAX_PAST_NAMES) {
      const everything = { sequence: this.#sequence, at: this.#now() };
      return { ...head, all: everything, tables: {}, catalogs: {}, writes: {} };
    }
    return { ...head, tables: pastChanges(this.#tables), catalogs: pastChanges(this.#catalogs), writes: pastChanges(this.#writes) };
  }

  /** Number of changes so far: what was read now is older than every change with a higher number. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The last change after which names or settings may mean something else. */
  get namesChange(): Change | undefined {
    return this.#namesChange;
  }

  /** Called after each change, in the turn in which it ended. Gives a function that takes the request back. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Moves when views, macros, types or tables may have come, gone or changed. */
  get definitions(): number {
    return this.#definitions;
  }

  /** Moves when macros may have come, gone or changed. */
  get macros(): number {
    return this.#macros;
  }

  /** True while a statement runs that may change definitions. */
  get definitionsBusy(): boolean {
    return this.#pendingDefinitions > 0;
  }

  /** Moves when any session's settings may have changed. */
  get settings(): number {
    return this.#settings;
  }

  /** The versions that a result of these dependencies is valid for, as text; two are equal only if nothing was written between. */
  of(dependencies: Dependencies): string {
    const versions = [this.#all.version];
    if (dependencies.definitions) versions.push(this.#definitions);
    for (const table of dependencies.tables) versions.push(this.#versionOf(table));
    for (const catalog of dependencies.catalogs) versions.push(this.#writes.get(catalog)?.version ?? 0);
    return versions.join(' ');
  }

  /** True while something runs that may change what a result of these dependencies is. */
  busy(dependencies: Dependencies): boolean {
    if (this.#all.pending > 0 || (dependencies.definitions && this.#pendingDefinitions > 0)) return true;
    for (const table of dependencies.tables) {
      if (pendingOf(this.#tables, tableKey(table)) || pendingOf(this.#catalogs, table.catalog)) return true;
    }
    return dependencies.catalogs.some((catalog) => pendingOf(this.#writes, catalog) || pendingOf(this.#catalogs, catalog));
  }

  /** Unix milliseconds of the last change of any dependency. */
  changedAt(dependencies: Dependencies): number {
    const times = [this.#all.changedAt];
    for (const table of dependencies.tables) {
      times.push(this.#tables.get(tableKey(table))?.changedAt ?? 0, this.#catalogs.get(table.catalog)?.changedAt ?? 0);
    }
    for (const catalog of dependencies.catalogs) times.push(this.#writes.get(catalog)?.changedAt ?? 0);
    return Math.max(...times);
  }

  /** The last change after `since` of what a result depends on, the most particular one that is known. */
  changeOf(dependencies: Dependencies, since: number): DependencyChange | undefined {
    for (const table of dependencies.tables) {
      const change = changeAfter(this.#tables.get(tableKey(table)), since);
      if (change) return { ...change, kind: 'table', name: `${table.catalog}.${table.schema}.${table.table}` };
    }
    const catalogs = new Set([...dependencies.tables.map(({ catalog }) => catalog), ...dependencies.catalogs]);
    for (const catalog of catalogs) {
      const writes = dependencies.catalogs.includes(catalog) ? changeAfter(this.#writes.get(catalog), since) : undefined;
      const change = changeAfter(this.#catalogs.get(catalog), since) ?? writes;
      if (change) return { ...change, kind: 'database', name: catalog };
    }
    // What reads no table cannot be another one for what was written: names and files are compared apart.
    const change = catalogs.size > 0 ? changeAfter(this.#all, since) : undefined;
    return change && { ...change, kind: 'anything', name: undefined };
  }

  /** Runs what has an effect. Versions move on failure as on success: a script can write before it fails. */
  async around<T>({ effect, author, leftNothing }: Write, run: () => Promise<T>): Promise<T> {
    const counters = this.#countersOf(effect);
    for (const counter of counters) counter.pending++;
    if (effect.definitions) this.#pendingDefinitions++;
    this.#move(effect, counters);
    let changed = true;
    try {
      return await run();
    } catch (thrown) {
      changed = leftNothing?.(thrown) !== true;
      throw thrown;
    } finally {
      this.#move(effect, counters);
      for (const counter of counters) counter.pending--;
      if (effect.definitions) this.#pendingDefinitions--;
      if (changed) this.#note(counters, effect.definitions || effect.settings, author);
      for (const listener of this.#listeners) listener();
    }
  }

  /** Something changed that no statement of this process did. */
  moveAll(): void {
    move(this.#all, this.#now());
    this.#definitions++;
    this.#macros++;
    this.#settings++;
    this.#note([this.#all], true, undefined);
    for (const listener of this.#listeners) listener();
  }

  #note(counters: readonly Counter[], names: boolean, by: Author | undefined): void {
    const change: Change = { sequence: ++this.#sequence, at: this.#now(), by };
    for (const counter of counters) counter.change = change;
    if (names) this.#namesChange = change;
  }

  #versionOf(table: TableName): number {
    return (this.#tables.get(tableKey(table))?.version ?? 0) + (this.#catalogs.get(table.catalog)?.version ?? 0);
  }

  #countersOf(effect: Effect): Counter[] {
    const counters = effect.all ? [this.#all] : [];
    for (const table of effect.tables)
      counters.push(this.#counter(this.#tables, tableKey(table)), this.#counter(this.#writes, table.catalog));
    for (const catalog of effect.catalogs) counters.push(this.#counter(this.#catalogs, catalog), this.#counter(this.#writes, catalog));
    return counters;
  }

  #counter(counters: Map<string, Counter>, key: string): Counter {
    const known = counters.get(key);
    if (known) return known;
    const counter = { version: 0, pending: 0, changedAt: this.#all.changedAt, change: undefined };
    counters.set(key, counter);
    return counter;
  }

  #move(effect: Effect, counters: readonly Counter[]): void {
    const now = this.#now();
    for (const counter of counters) move(counter, now);
    if (effect.definitions) this.#definitions++;
    if (effect.macros) this.#macros++;
    if (effect.settings) this.#settings++;
  }
}

function move(counter: Counter, now: number): void {
  counter.version++;
  counter.changedAt = now;
}

function changeAfter(counter: Counter | undefined, since: number): Change | undefined {
  const change = counter?.change;
  return change !== undefined && change.sequence > since ? change : undefined;
}

function changeOfPast(change: PastChange | undefined): Change | undefined {
  return change && { sequence: change.sequence, at: change.at, by: undefined };
}

function pastOf(change: Change | undefined): PastChange | undefined {
  return change && { sequence: change.sequence, at: change.at };
}

function pastChanges(counters: ReadonlyMap<string, Counter>): Record<string, PastChange> {
  const changes = [...counters].flatMap(([key, { change }]) => {
    const past = pastOf(change);
    return past ? [[key, past] as const] : [];
  });
  return Object.fromEntries(changes);
}

function pendingOf(counters: ReadonlyMap<string, Counter>, key: string): boolean {
  return (counters.get(key)?.pending ?? 0) > 0;
}

function tableKey(table: TableName): string {
  return `${table.catalog}\u0000${table.schema}\u0000${table.table}`;
}
