import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { after } from '../../engine/base/timers.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { TypedName } from '../../engine/sql/sqlTypes.ts';
import type { CatalogEntry, Engine, Row } from '../../engine/types.ts';
import type { ServerSession } from '../session.ts';
import {
  byLowerName,
  type Catalog,
  type CatalogFunction,
  type CatalogSetting,
  type CatalogTable,
  EMPTY_CATALOG,
  type ForeignKey,
} from './catalog.ts';

/** What does not change while an engine is open. */
interface BuiltIn {
  readonly functions: ReadonlyMap<string, readonly CatalogFunction[]>;
  readonly settings: readonly CatalogSetting[];
  readonly types: readonly string[];
}

const FUNCTIONS = `
  select distinct function_name, function_type, parameters, parameter_types, varargs, return_type, description, examples[1]
  from duckdb_functions() where function_name not like '\\_\\_%' escape '\\' order by all`;
const SETTINGS = 'select name, description, input_type from duckdb_settings() order by all';
const TYPES = "select distinct upper(type_name) from duckdb_types() where database_name = 'system' order by all";

/** How long a keystroke waits for a connection, or for a file to be looked into. */
const PATIENCE_MS = 1_500;
const MAX_FILES = 300;
const DATA_FILE = /\.(?:csv|tsv|parquet|json|jsonl|ndjson)(?:\.gz|\.zst)?$/i;
/** Statements that leave tables, views and schemas as they are. */
const HARMLESS = /^(?:select|from|with|values|table|insert|update|delete|merge|explain|describe|summarize|show|pivot|unpivot)$/i;

/** Keeps what the language help knows of the database. Read at first need and after statements that may have changed it. */
export class DatabaseSnapshot {
  readonly #server: ServerSession;
  readonly #catalogs = new Map<string, Promise<Catalog>>();
  readonly #builtIn = new WeakMap<Engine, Promise<BuiltIn>>();
  readonly #uses = new Map<string, readonly string[]>();
  readonly #files = new Map<string, Promise<readonly TypedName[] | undefined>>();

  constructor(server: ServerSession) {
    this.#server = server;
  }

  /** The database as the session sees it, temporary tables included; empty while the database cannot be opened. Never rejects. */
  read(sessionId: string): Promise<Catalog> {
    const key = this.#server.hasSession(sessionId) ? sessionId : '';
    const known = this.#catalogs.get(key);
    if (known !== undefined) return known;
    const reading = this.#read(sessionId).catch((thrown: unknown) => {
      this.#server.log(`The language help does not know the database: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return EMPTY_CATALOG;
    });
    this.#catalogs.set(key, reading);
    return reading;
  }

  /** A session ran a script: what it may have changed is read again, now where it was read before. */
  ran(sessionId: string, sql: string): void {
    const statements = splitStatements(sql);
    if (statements.every(({ text }) => HARMLESS.test(/^\w+/.exec(text)?.[0] ?? '')) && this.#catalogs.has(sessionId)) return;
    for (const { use } of new SqlScript([sql]).defining()) if (use) this.#uses.set(sessionId, use);
    const wasRead = this.#catalogs.size > 0;
    this.#catalogs.clear();
    this.#files.clear();
    if (wasRead) void this.read(sessionId);
  }

  forget(sessionId: string): void {
    this.#catalogs.delete(sessionId);
    this.#uses.delete(sessionId);
  }

  /** Columns of a data file on this computer; undefined for all else. Asked of DuckDB once per state of the file. */
  async describeFile(path: string, folder: string): Promise<readonly TypedName[] | undefined> {
    const absolute = isAbsolute(path) ? path : resolve(folder, path);
    if (!DATA_FILE.test(path) || path.includes('://')) return undefined;
    const pattern = /[*?[]/.test(path);
    const state = pattern ? undefined : await stat(absolute).catch(() => undefined);
    if (!pattern && !state?.isFile()) return undefined;
    const key = `${absolute} ${state?.mtimeMs} ${state?.size}`;
    if (this.#files.size > MAX_FILES) this.#files.clear();
    const known = this.#files.get(key);
    if (known !== undefined) return await known;
    const asking = this.#query(await this.#server.open(), `describe from '${absolute.replaceAll("'", "''")}'`).then(
      (rows) => rows.map(([name, type]) => ({ name: String(name), type: String(type) })),
      () => undefined,
    );
    this.#files.set(key, asking);
    return await asking;
  }

  async #read(sessionId: string): Promise<Catalog> {
    const engine = await this.#server.open();
    const session = await this.#server.findSession(sessionId);
    const [entries, builtIn] = await Promise.all([engine.catalog(session), this.#readBuiltIn(engine)]);
    const tables = entries.map(toTable);
    return {
      ...builtIn,
      defaultDatabase: engine.database === ':memory:' ? 'memory' : engine.database.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, ''),
      tables,
      tablesByName: byLowerName(tables),
      use: this.#uses.get(sessionId),
    };
  }

  async #readBuiltIn(engine: Engine): Promise<BuiltIn> {
    const reading = this.#builtIn.get(engine) ?? this.#askBuiltIn(engine);
    this.#builtIn.set(engine, reading);
    try {
      return await reading;
    } catch {
      // No connection was free: asked again at the next reading.
      this.#builtIn.delete(engine);
      return EMPTY_CATALOG;
    }
  }

  async #askBuiltIn(engine: Engine): Promise<BuiltIn> {
    const functions = (await this.#query(engine, FUNCTIONS)).map(toFunction);
    const settings = (await this.#query(engine, SETTINGS)).map(([name, description, type]) => ({
      name: String(name),
      description: String(description ?? ''),
      type: String(type ?? ''),
    }));
    const types = (await this.#query(engine, TYPES)).map(([name]) => String(name));
    return { functions: byLowerName(functions), settings, types };
  }

  /** On a connection of its own that is given back at once. */
  async #query(engine: Engine, sql: string): Promise<Row[]> {
    const controller = new AbortController();
    const timer = after(PATIENCE_MS, () => controller.abort());
    try {
      const session = await engine.openSession({ name: 'language help', signal: controller.signal });
      try {
        const result = await session.run(sql, undefined, { signal: controller.signal, useCache: false });
        const rows = await result.page(0, result.rowCount);
        result.release();
        return rows;
      } finally {
        await session.close();
      }
    } finally {
      timer.dispose();
    }
  }
}

function toFunction([name, kind, parameters, types, varargs, returnType, description, example]: Row): CatalogFunction {
  const texts = (value: unknown) => (Array.isArray(value) ? value.map((text) => String(text ?? '')) : []);
  const text = (value: unknown) => (value === null || value === undefined ? undefined : String(value));
  return {
    name: String(name),
    kind: String(kind),
    parameters: texts(parameters),
    parameterTypes: texts(types),
    varargs: text(varargs),
    returnType: text(returnType),
    description: text(description),
    example: text(example),
  };
}

interface Keys {
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

function toTable({ database, schema, name, kind, estimatedRows, columns, sql }: CatalogEntry): CatalogTable {
  let keys: Keys | undefined;
  // Read from the CREATE statement when a join asks for them.
  const read = () => {
    keys ??= readKeys(sql);
    return keys;
  };
  return {
    database,
    schema,
    name,
    kind,
    estimatedRows,
    columns,
    get primaryKey() {
      return read().primaryKey;
    },
    get foreignKeys() {
      return read().foreignKeys;
    },
  };
}

function readKeys(sql: string | undefined): Keys {
  const created = sql !== undefined && /primary|references/i.test(sql) ? new SqlScript([sql]).statements()[0]?.created : undefined;
  if (!created) return { primaryKey: [], foreignKeys: [] };
  return {
    primaryKey: created.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name.text),
    foreignKeys: created.foreignKeys.map(({ columns, table, referenced }) => ({ columns, table: table.at(-1) ?? '', referenced })),
  };
}
