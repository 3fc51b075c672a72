import type { SessionSettings } from './duckdb/connection.ts';
import type { KnownCatalog } from './trace.ts';

/** Settings as they were when `Versions.settings` stood at `epoch`. */
export type KnownSettings = SessionSettings & { readonly epoch: number };

/** What the connection of a session says of names and settings, as it was looked up last. */
export interface KnownNames {
  catalog: KnownCatalog | undefined;
  settings: KnownSettings | undefined;
}

/** The session's side. */
export interface NamingScope {
  readonly id: number;
  readonly cwd: string | undefined;
  readonly names: KnownNames;
  /** True while names or settings may mean something else on its connection than on a new one: it has temporary objects, say. */
  readonly hasOwnNames: boolean;
  /** Something on its connection may belong to it alone from now on. */
  noteOwnState(): void;
}

/**
 * What sessions know that have nothing of their own: a name means the same for all of them, so one of them asks DuckDB, which takes
 * tens of milliseconds for it, and the others know. Only the settings differ, by the folder of relative paths.
 */
export class SharedNames {
  #catalog: KnownCatalog | undefined;
  readonly #settings = new Map<string | undefined, KnownSettings>();

  catalogOf(session: NamingScope): KnownCatalog | undefined {
    return session.hasOwnNames ? session.names.catalog : this.#catalog;
  }

  /** To be called in the turn in which it was read: a session that has got something of its own meanwhile keeps it to itself. */
  setCatalog(session: NamingScope, catalog: KnownCatalog): void {
    if (catalog.view.hasTemporary) session.noteOwnState();
    if (session.hasOwnNames) session.names.catalog = catalog;
    else this.#catalog = catalog;
  }

  settingsOf(session: NamingScope): KnownSettings | undefined {
    return session.hasOwnNames ? session.names.settings : this.#settings.get(session.cwd);
  }

  /** As `setCatalog`. */
  setSettings(session: NamingScope, settings: KnownSettings): void {
    if (session.hasOwnNames) session.names.settings = settings;
    else this.#settings.set(session.cwd, settings);
  }
}

/** For keys: sessions of one scope mean the same by the same names. */
export function scopeOf(session: NamingScope): number | 'all' {
  return session.hasOwnNames ? session.id : 'all';
}
