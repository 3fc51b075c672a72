/** What running a statement may change, as far as it is known before the run. */
export interface Effect {
  /** Everything may change: an unknown statement, ATTACH, a commit. */
  readonly all: boolean;
  /** Tables written, see `tableKey`. */
  readonly tables: readonly TableName[];
  /** Databases of which any table may change. */
  readonly catalogs: readonly string[];
  /** Views, macros, types or tables may appear, change or go. */
  readonly definitions: boolean;
  /** Macros may appear, change or go. */
  readonly macros: boolean;
  /** Settings, variables or the search path may change. */
  readonly settings: boolean;
}

/** A table as DuckDB resolved it. Tables of the database `temp` are those of one session. */
export interface TableName {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

export const NO_EFFECT: Effect = Object.freeze({
  all: false,
  tables: [],
  catalogs: [],
  definitions: false,
  macros: false,
  settings: false,
});
export const UNKNOWN_EFFECT: Effect = Object.freeze({
  all: true,
  tables: [],
  catalogs: [],
  definitions: true,
  macros: true,
  settings: true,
});
export const SETTINGS_EFFECT: Effect = Object.freeze({ ...NO_EFFECT, settings: true });
export const DEFINITIONS_EFFECT: Effect = Object.freeze({ ...NO_EFFECT, definitions: true });

/** True when nothing at all may change. */
export function isNothing(effect: Effect): boolean {
  return !effect.all && !effect.definitions && !effect.settings && effect.tables.length === 0 && effect.catalogs.length === 0;
}

/** The effect of running both. */
export function bothEffects(a: Effect, b: Effect): Effect {
  return {
    all: a.all || b.all,
    tables: [...a.tables, ...b.tables],
    catalogs: [...a.catalogs, ...b.catalogs],
    definitions: a.definitions || b.definitions,
    macros: a.macros || b.macros,
    settings: a.settings || b.settings,
  };
}

/** The same effect with temporary tables named by their session: those of two sessions have nothing in common. */
export function ofSession(effect: Effect, sessionId: number): Effect {
  return { ...effect, tables: effect.tables.map((table) => tableOfSession(table, sessionId)) };
}

export function tableOfSession(table: TableName, sessionId: number): TableName {
  return table.catalog === TEMPORARY ? { ...table, catalog: `${TEMPORARY} of session ${sessionId}` } : table;
}

/** Whether a database is that of a session's temporary objects, by DuckDB's name or by that of `tableOfSession`. */
export function isTemporary(catalog: string): boolean {
  return catalog === TEMPORARY || catalog.startsWith(`${TEMPORARY} of session `);
}

/** Name of the database in which DuckDB keeps a connection's temporary objects. */
export const TEMPORARY = 'temp';
