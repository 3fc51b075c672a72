import type { Connection } from '../duckdb/connection.ts';
import type { PreparableFacts } from '../sql/preparable.ts';

const FUNCTIONS = 'select distinct lower(function_name), function_type from duckdb_functions()';
const REMOTE_NAMES = `
  select lower(view_name) from duckdb_views() where not internal and contains(sql, '://')
  union all select lower(database_name) from duckdb_databases() where type <> 'duckdb'`;
const REMOTE_MACROS = "select lower(function_name) from duckdb_functions() where not internal and contains(macro_definition, '://')";
const FILE_VIEWS =
  "select lower(view_name) from duckdb_views() where not internal and regexp_matches(sql, '\\.(csv|tsv|parquet|json|ndjson|jsonl|txt)|read_|glob')";
const SCHEMAS = 'select lower(schema_name) from duckdb_schemas() union select lower(database_name) from duckdb_databases()';
const SETTINGS = 'select lower(name) from duckdb_settings()';
const TYPES = 'select distinct lower(type_name) from duckdb_types()';

/** What is known of the database's names, all in lower case. */
export interface Facts extends PreparableFacts {
  readonly functions: ReadonlySet<string>;
  /** Schemas and databases. */
  readonly schemas: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
}

/** Counts of what may have changed names in a database so far. */
export interface DefinedCounts {
  readonly tables: number;
  readonly functions: number;
}

/** Reads the names of the database, again only when something may have changed them. */
export class FactsReader {
  readonly #defined: DefinedCounts;
  #last: { readonly tables: number; readonly functions: number; readonly value: Facts } | undefined;

  constructor(defined: DefinedCounts) {
    this.#defined = defined;
  }

  /** The facts as they are now: the same object as long as they hold. */
  async read(connection: Connection): Promise<Facts> {
    const { tables, functions } = this.#defined;
    if (this.#last?.tables === tables && this.#last.functions === functions) return this.#last.value;
    const sameFunctions = this.#last?.functions === functions ? this.#last.value : undefined;
    const rows = sameFunctions ? [] : await connection.rows(FUNCTIONS);
    const remote = await connection.rows(REMOTE_NAMES);
    const remoteMacros = sameFunctions ? [] : await connection.rows(REMOTE_MACROS);
    const ofKinds = (...kinds: readonly string[]) =>
      new Set(rows.filter(([, kind]) => kinds.includes(String(kind))).map(([name]) => String(name)));
    const texts = async (sql: string) => new Set((await connection.rows(sql)).map(([name]) => String(name)));
    const value: Facts = {
      functions: sameFunctions?.functions ?? ofKinds('scalar', 'aggregate', 'macro'),
      tableMacros: sameFunctions?.tableMacros ?? ofKinds('table_macro'),
      tableFunctions: sameFunctions?.tableFunctions ?? ofKinds('table'),
      remote: new Set([...remote, ...remoteMacros].map(([name]) => String(name))),
      overFiles: await texts(FILE_VIEWS),
      schemas: await texts(SCHEMAS),
      types: sameFunctions?.types ?? (await texts(TYPES)),
      settings: sameFunctions?.settings ?? (await texts(SETTINGS)),
    };
    this.#last = { tables, functions, value };
    return value;
  }
}
