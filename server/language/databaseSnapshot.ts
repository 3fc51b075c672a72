import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { KodiakError } from '../../engine/base/errors.ts';
import { literal, quoted } from '../../engine/base/sqlText.ts';
import { after } from '../../engine/base/timers.ts';
import { compileGrammar, type Grammar } from '../../engine/sql/grammar/grammar.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { TypedName } from '../../engine/sql/sqlTypes.ts';
import type { CatalogEntry, Engine, Row } from '../../engine/types.ts';
import { databaseName, type ServerSession } from '../session.ts';
import {
  byLowerName,
  type Catalog,
  type CatalogFunction,
  type CatalogSetting,
  type CatalogTable,
  EMPTY_CATALOG,
  type ForeignKey,
  type NamedObject,
} from './catalog.ts';

/** What does not change while an engine is open. */
interface BuiltIn {
  readonly functions: ReadonlyMap<string, readonly CatalogFunction[]>;
  readonly settings: readonly CatalogSetting[];
  readonly types: readonly string[];
  readonly systemViews: readonly CatalogTable[];
  readonly grammar: Grammar | undefined;
}

const FUNCTIONS = `
  select distinct function_name, function_type, parameters, parameter_types, varargs, return_type, description, examples[1]
  from duckdb_functions() where function_name not like '\\_\\_%' escape '\\' and internal order by all`;
const SETTINGS = 'select name, description, input_type from duckdb_settings() order by all';
/** What people make beside tables and views, and what can be loaded. */
const NAMED = `
  select 'schema', database_name, schema_name, schema_name, null from duckdb_schemas() where not internal
  union all select 'schema', database_name, schema_name, schema_name, null from duckdb_schemas() where schema_name = 'main' and database_name not in ('system', 'temp')
  union all select 'type', database_name, schema_name, type_name, logical_type || coalesce('(' || array_to_string([format('''{}''', label) for label in labels[:20]], ', ') || if(len(labels) > 20, ', …', '') || ')', '') from duckdb_types() where not internal
  union all select 'sequence', database_name, schema_name, sequence_name, null from duckdb_sequences()
  union all select 'index', database_name, schema_name, index_name, table_name from duckdb_indexes()
  union all select 'database', database_name, '', database_name, path from duckdb_databases() where not internal
  union all select 'macro', database_name, schema_name, function_name, macro_definition from duckdb_functions() where not internal and function_type in ('macro', 'table_macro')
  union all select 'extension', '', '', extension_name, description from duckdb_extensions()`;
const OWN_FUNCTIONS = `
  select distinct function_name, function_type, parameters, parameter_types, varargs, return_type, description, examples[1]
  from duckdb_functions() where not internal order by all`;
const TYPES = "select distinct upper(type_name) from duckdb_types() where database_name = 'system' order by all";

const SYSTEM_VIEWS = `
  select schema_name, table_name, list(column_name order by column_index), list(data_type order by column_index)
  from duckdb_columns() where internal and database_name = 'system' group by all order by all`;

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

  /** Columns of table functions by the text of their call. */
  readonly #calls = new Map<string, Promise<readonly TypedName[] | undefined>>();
  #readFrom: Engine | undefined;

  constructor(server: ServerSession) {
    this.#server = server;
  }

  /** The database as the session sees it, temporary tables included; empty while the database cannot be opened. Never rejects. */
  read(sessionId: string): Promise<Catalog> {
    // What stood in for the database is not asked any more.
    if (this.#server.engine && this.#readFrom && this.#readFrom !== this.#server.engine) this.#catalogs.clear();
    const key = this.#server.hasSession(sessionId) ? sessionId : '';
    const known = this.#catalogs.get(key);
    if (known !== undefined) return known;
    const reading = this.#read(sessionId).then(
      ({ catalog, isWhole }) => {
        if (!isWhole) forget();
        return catalog;
      },
      (thrown: unknown) => {
        this.#server.log(`The language help does not know the database: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        forget();
        return EMPTY_CATALOG;
      },
    );
    // What could not be read is asked for again at the next request.
    const forget = () => {
      if (this.#catalogs.get(key) === reading) this.#catalogs.delete(key);
    };
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
    this.#calls.clear();
    if (wasRead) void this.read(sessionId);
  }

  forget(sessionId: string): void {
    this.#catalogs.delete(sessionId);
    this.#uses.delete(sessionId);
  }

  /** Columns of a data file on this computer; undefined for all else. Asked of DuckDB once per state of the file. */
  async describeFile(path: string, folder: string): Promise<readonly TypedName[] | undefined> {
    if (!this.#server.trusted) return undefined;
    const absolute = isAbsolute(path) ? path : resolve(folder, path);
    if (!DATA_FILE.test(path) || path.includes('://')) return undefined;
    const pattern = /[*?[]/.test(path);
    const state = pattern ? undefined : await stat(absolute).catch(() => undefined);
    if (!pattern && !state?.isFile()) return undefined;
    const key = `${absolute} ${state?.mtimeMs} ${state?.size}`;
    if (this.#files.size > MAX_FILES) this.#files.clear();
    const known = this.#files.get(key);
    if (known !== undefined) return await known;
    const opened = await this.#server.languageEngine();
    if (!opened) return undefined;
    const asking = this.#query(opened.engine, `describe from ${literal(absolute)}`).then(
      (rows) => rows.map(([name, type]) => ({ name: String(name), type: String(type) })),
      (thrown: unknown) => {
        if (isGivenUp(thrown)) this.#files.delete(key);
        return undefined;
      },
    );
    this.#files.set(key, asking);
    return await asking;
  }

  /**
   * Columns of a table macro's call, or of a function that only tells of the database; undefined for all others, which could act when
   * they are bound, and for calls that are half written or name columns around them.
   */
  async describeFunction(name: string, call: string): Promise<readonly TypedName[] | undefined> {
    const opened = await this.#server.languageEngine();
    if (!opened || !this.#server.trusted) return undefined;
    const catalog = await this.read('');
    const definition = catalog.named.find((thing) => thing.kind === 'macro' && thing.name.toLowerCase() === name)?.detail;
    const isMacro = definition !== undefined && !/nextval/i.test(definition);
    if (!isMacro && !/^(?:duckdb_|pragma_table_info$|pragma_database_|parquet_(?:metadata|schema|file_metadata|kv_metadata)$)/.test(name))
      return undefined;
    const known = this.#calls.get(call);
    if (known !== undefined) return await known;
    if (this.#calls.size > MAX_FILES) this.#calls.clear();
    const asking = this.#query(opened.engine, `describe from ${call}`).then(
      (rows) => rows.map(([column, type]) => ({ name: String(column), type: String(type) })),
      (thrown: unknown) => {
        if (isGivenUp(thrown)) this.#calls.delete(call);
        return undefined;
      },
    );
    this.#calls.set(call, asking);
    return await asking;
  }

  /** What DuckDB knows of a column without reading it: `1 to 20, with NULLs`; undefined where it knows nothing. */
  async describeValues(table: CatalogTable, column: string): Promise<string | undefined> {
    if (table.kind !== 'table') return undefined;
    const name = [table.database, table.schema, table.name].map(quoted).join('.');
    const opened = await this.#server.languageEngine();
    if (!opened || opened.namesUnknown) return undefined;
    const [row] = await this.#query(opened.engine, `select stats(${quoted(column)}) from ${name} limit 1`);
    // Of texts DuckDB keeps the first eight bytes of its bounds: they would look like values.
    const isText = table.columns.find(({ name: candidate }) => candidate === column)?.type === 'VARCHAR';
    return valuesText(String(row?.[0] ?? ''), isText);
  }

  async #read(sessionId: string): Promise<{ readonly catalog: Catalog; readonly isWhole: boolean }> {
    const opened = await this.#server.languageEngine();
    if (!opened) return { catalog: EMPTY_CATALOG, isWhole: true };
    const { engine } = opened;
    this.#readFrom = engine;
    const session = await this.#server.findSession(sessionId);
    const [entries, builtIn, named] = await Promise.all([
      engine.catalog(session),
      this.#readBuiltIn(engine),
      this.#query(engine, NAMED).catch(() => undefined),
    ]);
    const own = named?.some(([kind]) => kind === 'macro') ? await this.#query(engine, OWN_FUNCTIONS).catch(() => undefined) : [];
    const tables = entries.map(toTable);
    const functions = new Map(builtIn.functions);
    for (const [name, overloads] of byLowerName((own ?? []).map(toFunction))) functions.set(name, overloads);
    const catalog: Catalog = {
      ...builtIn,
      functions,
      named: (named ?? []).map(toNamed),
      defaultDatabase: engine.database === ':memory:' ? 'memory' : databaseName(engine.database),
      tables,
      tablesByName: byLowerName([...tables, ...builtIn.systemViews]),
      use: this.#uses.get(sessionId),
    };
    return { catalog, isWhole: named !== undefined && own !== undefined && builtIn !== EMPTY_CATALOG };
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
    const grammar = await this.#readGrammar(engine);
    const functions = (await this.#query(engine, FUNCTIONS)).map(toFunction);
    const settings = (await this.#query(engine, SETTINGS)).map(([name, description, type]) => ({
      name: String(name),
      description: String(description ?? ''),
      type: String(type ?? ''),
    }));
    const types = (await this.#query(engine, TYPES)).map(([name]) => String(name));
    const systemViews = (await this.#query(engine, SYSTEM_VIEWS)).map(toSystemView);
    return { functions: byLowerName(functions), settings, types, systemViews, grammar };
  }

  async #readGrammar(engine: Engine): Promise<Grammar | undefined> {
    try {
      return compileGrammar(await engine.grammarText());
    } catch (thrown) {
      this.#server.log(`The language help does without DuckDB's grammar: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return undefined;
    }
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

/** Whether an answer did not come in time, so that the question may be asked again. */
function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof KodiakError && thrown.code !== 'sql' && thrown.code !== 'bug';
}

function toFunction([name, kind, parameters, types, varargs, returnType, description, example]: Row): CatalogFunction {
  // What the catalog calls `col0` of a reader is its file.
  const isReader = /^(?:read_|parquet_|sniff_csv$)/.test(String(name));
  const parameterName = (text: string, index: number) => (isReader && index === 0 && text === 'col0' ? 'path' : text);
  const texts = (value: unknown) => (Array.isArray(value) ? value.map((text) => String(text ?? '')) : []);
  const text = (value: unknown) => (value === null || value === undefined ? undefined : String(value));
  return {
    name: String(name),
    kind: String(kind),
    parameters: texts(parameters).map(parameterName),
    parameterTypes: texts(types),
    varargs: text(varargs),
    returnType: text(returnType),
    description: text(description),
    example: text(example),
  };
}

function toSystemView([schema, name, columns, types]: Row): CatalogTable {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const kinds = list(types);
  return {
    database: 'system',
    schema: String(schema),
    name: String(name),
    kind: 'view',
    estimatedRows: undefined,
    columns: list(columns).map((column, index) => ({ name: column, type: kinds[index] ?? '' })),
    comment: undefined,
    primaryKey: [],
    foreignKeys: [],
  };
}

/** Reads DuckDB's zone map, which may be wider than what is left after DELETE: `[Min: 1, Max: 20][Has Null: true, …]`. */
function valuesText(stats: string, isText: boolean): string | undefined {
  const range = isText ? null : /\[Min: (.+?), Max: (.+?)(?:, Has Unicode: .*?)?\]/s.exec(stats);
  const parts = range && range[1] !== range[2] ? [`${range[1]} to ${range[2]}`] : range ? [`${range[1]}`] : [];
  if (/Has Null: true/.test(stats)) parts.push('with NULLs');
  else if (/Has Null: false/.test(stats)) parts.push('no NULLs');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function toNamed([kind, database, schema, name, detail]: Row): NamedObject {
  return {
    kind: String(kind) as NamedObject['kind'],
    database: String(database),
    schema: String(schema),
    name: String(name),
    detail: detail === null || detail === undefined ? undefined : String(detail),
  };
}

interface Keys {
  readonly primaryKey: readonly string[];
  readonly generated: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

function toTable({ database, schema, name, kind, estimatedRows, columns, sql, comment }: CatalogEntry): CatalogTable {
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
    comment,
    get primaryKey() {
      return read().primaryKey;
    },
    get generated() {
      return read().generated;
    },
    get foreignKeys() {
      return read().foreignKeys;
    },
  };
}

function readKeys(sql: string | undefined): Keys {
  const created =
    sql !== undefined && /primary|references|generated/i.test(sql) ? new SqlScript([sql]).statements()[0]?.created : undefined;
  if (!created) return { primaryKey: [], generated: [], foreignKeys: [] };
  return {
    primaryKey: created.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name.text),
    generated: created.columns.filter(({ generated }) => generated).map(({ name }) => name.text),
    foreignKeys: created.foreignKeys.map(({ columns, table, referenced }) => ({ columns, table: table.at(-1) ?? '', referenced })),
  };
}
