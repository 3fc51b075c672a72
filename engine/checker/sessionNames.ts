import { EngineSession } from '../session.ts';
import type { Column, Session } from '../types.ts';

/** Names as one session sees them beside the database's own. */
export interface SessionNames {
  readonly searchPath: string;
  /** Temporary tables and views, with their columns. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly { readonly name: string; readonly type: string }[] }[];
  /** Temporary objects of which nothing but the name can be mirrored, in lower case. */
  readonly others: readonly string[];
  /** Prepared statements, in lower case. */
  readonly prepared: readonly string[];
}

const PREPARED = 'select lower(name) from duckdb_prepared_statements()';
const TEMPORARY_COLUMNS =
  "select table_name, column_name, data_type from duckdb_columns() where database_name = 'temp' and not internal order by table_oid, column_index";
const TEMPORARY_OTHERS =
  "select lower(type_name) from duckdb_types() where database_name = 'temp' and not internal union all select lower(sequence_name) from duckdb_sequences() where database_name = 'temp'";
const TEMPORARY_MACROS = "select distinct lower(function_name) from duckdb_functions() where database_name = 'temp'";

/** Reads what sessions see for themselves, once for each state of a session's definitions. */
export class SessionNamesReader {
  readonly #names = new WeakMap<EngineSession, { readonly definitions: number; readonly names: SessionNames }>();

  /** What a session sees for itself; `undefined` while that cannot be told: in a transaction, or as long as its first statements run. */
  async read(session: Session | undefined): Promise<SessionNames | undefined> {
    if (!(session instanceof EngineSession) || session.isBare) return { searchPath: '', tables: [], others: [], prepared: [] };
    if (session.inTransaction) return undefined;
    const known = this.#names.get(session);
    const { definitions } = session;
    if (known?.definitions === definitions) return known.names;
    return await session.whileIdle(async (connection) => {
      const read = (sql: string) => connection.rows(sql);
      try {
        const [path] = await read("select current_setting('search_path')");
        const tables = new Map<string, Column[]>();
        for (const [table, name, type] of await read(TEMPORARY_COLUMNS)) {
          const columns = tables.get(String(table)) ?? [];
          columns.push({ name: String(name), type: String(type) });
          tables.set(String(table), columns);
        }
        const others = await read(TEMPORARY_OTHERS);
        if (session.hasMacros) others.push(...(await read(TEMPORARY_MACROS)));
        const names: SessionNames = {
          searchPath: String(path?.[0] ?? ''),
          tables: [...tables].map(([name, columns]) => ({ name, columns })),
          others: others.map(([name]) => String(name)).sort(),
          prepared: (await read(PREPARED)).map(([name]) => String(name)).sort(),
        };
        this.#names.set(session, { definitions, names });
        return names;
      } catch {
        return undefined;
      }
    });
  }
}
