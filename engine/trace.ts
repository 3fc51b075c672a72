import { buildCatalogView, type CatalogView, FOREIGN_QUERY, MACROS_QUERY, RELATIONS_QUERY } from './cache/catalogView.ts';
import type { FunctionNames } from './cache/planFacts.ts';
import { findSources, type SourcesVerdict } from './cache/textFileSources.ts';
import type { Versions } from './cache/versions.ts';
import type { Connection } from './duckdb/connection.ts';
import type { NamingScope, SharedNames } from './knownNames.ts';

/** A session's catalog as its names were looked up last. */
export interface KnownCatalog {
  readonly definitions: number;
  readonly macros: { readonly version: number; readonly rows: readonly (readonly unknown[])[] };
  readonly view: CatalogView;
}

/** The session's side of a trace. */
export interface TracedSession extends NamingScope {
  readonly connection: Connection;
}

/** What a trace needs to know of the engine. */
export interface TraceContext {
  readonly versions: Versions;
  readonly functions: FunctionNames;
  readonly names: SharedNames;
}

/** What a text reads, found without a plan. */
export interface Trace {
  /** `Versions.definitions` for which it holds. */
  readonly definitions: number;
  readonly verdict: SourcesVerdict;
  /** It may mean another thing in other sessions. */
  readonly ofSession: boolean;
  /** Equal texts: the names of the query mean what they meant, whatever was defined meanwhile. */
  readonly meaning: string;
}

/**
 * Follows a SELECT through its syntax tree, views and macros to the tables and files that it reads. For scans that DuckDB cannot
 * serialise, and for what need not be planned again. Must not be called inside a transaction.
 */
export async function trace(context: TraceContext, session: TracedSession, sql: string): Promise<Trace> {
  const { definitions } = context.versions;
  const view = await catalogOf(context, session);
  const verdict = await findSources(sql, view, context.functions, (text) => session.connection.syntaxTree(text));
  const meaning = verdict.kind === 'sources' ? JSON.stringify([verdict, view.types]) : '';
  return { definitions, verdict, ofSession: view.hasTemporary || view.userMacroNames.length > 0, meaning };
}

/** The macros are read only when they can have changed: DuckDB takes 10 ms for them. */
async function catalogOf({ versions, names }: TraceContext, session: TracedSession): Promise<CatalogView> {
  const { definitions } = versions;
  const known = names.catalogOf(session);
  if (known?.definitions === definitions) return known.view;
  const version = versions.macros;
  const { connection } = session;
  const macros = known?.macros.version === version ? known.macros : { version, rows: await connection.rows(MACROS_QUERY) };
  const view = buildCatalogView(await connection.rows(RELATIONS_QUERY), macros.rows, await connection.rows(FOREIGN_QUERY));
  names.setCatalog(session, { definitions, macros, view });
  return view;
}
