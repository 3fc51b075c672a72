/** Something that a statement read and that is not any more what it was. */
export interface WireSourceChange {
  /** `names`: a view, macro, type, setting or variable means something else. `anything`: what changed is not known exactly. */
  readonly kind: 'table' | 'database' | 'file' | 'names' | 'anything';
  /** `database.schema.table`, a database, a path, or `names like *.csv in /folder`. */
  readonly name?: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** The statement that did it; `session` is its `sessionId` and `origin` its `runId`. Absent for files and when nobody knows. */
  readonly by?: { readonly session: string; readonly origin?: string; readonly sql: string };
}

/**
 * Whether what a statement read is still what it was. Only `fresh` is a claim, with the proof of the cache. `unknown` says why
 * nothing can be said, and `passing` that this ends with what runs now; `done` is a statement that was there to change something.
 */
export type WireFreshness =
  | { readonly state: 'fresh' }
  | { readonly state: 'stale'; readonly change: WireSourceChange }
  | { readonly state: 'unknown'; readonly reason: string; readonly passing?: true }
  | { readonly state: 'done' };

export interface ResultFreshness {
  readonly resultId: string;
  readonly freshness: WireFreshness;
}

/** What a statement read and wrote: tables as `database.schema.table`, files as `file:<path>`. */
export interface WireEffects {
  readonly reads: readonly string[] | 'unknown';
  readonly writes: readonly string[] | 'unknown';
  /** It read or changed what belongs to the session alone: temporary tables, variables, settings, the open transaction. */
  readonly session: boolean;
  /** It changed the catalog. */
  readonly ddl: boolean;
  /** Views, macros, types, schemas and sequences that it defined, changed or dropped: names in lower case, without their schema. */
  readonly defines: readonly string[];
  /** It may have changed settings or the search path. */
  readonly settings: boolean;
}
