import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import type { Clock } from './base/clock.ts';
import { literal } from './base/sqlText.ts';
import type { DatabaseFiles } from './cache/databaseFiles.ts';
import {
  bothEffects,
  type Effect,
  isNothing,
  NO_EFFECT,
  ofSession,
  SETTINGS_EFFECT,
  type TableName,
  TEMPORARY,
  tableOfSession,
  UNKNOWN_EFFECT,
} from './cache/effect.ts';
import type { FileState, SearchFolders } from './cache/filePatterns.ts';
import { type FileSources, readSources } from './cache/fileSources.ts';
import { type PlanFacts, type PlanFailure, readPlan } from './cache/planFacts.ts';
import type { Recent } from './cache/recent.ts';
import type { Dependencies } from './cache/versions.ts';
import { isTyped } from './duckdb/bindParameters.ts';
import type { Connection, SessionSettings } from './duckdb/connection.ts';
import { type NamingScope, scopeOf } from './knownNames.ts';
import { explainedStatement } from './sql/explainedStatement.ts';
import { inlineParameters } from './sql/inlineParameters.ts';
import { isRepeatable, queryIn } from './sql/repeatable.ts';
import type { Statement } from './sql/splitStatements.ts';
import { actsWhenPlanned, callsOnly, classifyStatement, copiesToFile, targetProbe } from './sql/statementClass.ts';
import { type TraceContext, trace } from './trace.ts';
import type { Parameters, ParameterValue, TypedValue } from './types.ts';

/** The session's side of an examination. */
export interface ExaminedSession extends NamingScope {
  readonly connection: Connection;
  readonly inTransaction: boolean;
  /** What the open transaction may have changed so far; others see it when it ends. */
  transactionEffect: Effect;
}

export interface ExamineContext extends TraceContext {
  readonly clock: Clock;
  readonly databaseFiles: DatabaseFiles;
  /** Examinations by `shortKey`. */
  readonly found: Recent<Found>;
  /** Keys of what is being learned now: a second session that asks for the same waits for nobody, and plans it once more. */
  readonly beingLearned: Set<string>;
}

export interface ExaminedStatement {
  readonly statement: Statement;
  readonly script: string;
  readonly params: Parameters | undefined;
  readonly maxRows: number | undefined;
  /** Why the cache is not to be asked, if so. */
  readonly refusal: string | undefined;
  /** Nothing is remembered at all, so that nobody needs to know exactly what changes. */
  readonly unwatched: boolean;
}

/** A statement whose result may be remembered. */
export interface Cacheable {
  readonly kind: 'cacheable';
  /** `plan`: DuckDB planned it; `text`: what it reads was found in its syntax tree. */
  readonly proof: 'plan' | 'text';
  readonly key: string;
  /** Equal texts: its names and settings mean the same, whatever was defined meanwhile. */
  readonly meaning: string;
  /** What was asked for: a newer result of it supersedes older ones. */
  readonly group: string;
  readonly dependencies: Dependencies;
  readonly sources: FileSources;
  /** It was found without a plan, because neither definitions nor settings changed since it had one. */
  readonly learned?: boolean;
  /** It reads temporary tables of its session. */
  readonly temporary: boolean;
  /** `Versions.definitions` before the plan was made. */
  readonly definitions: number;
  readonly examinedMs: number;
}

/** An examination that was made before, and what must be as it was then. */
export interface Found {
  /** `Versions.definitions` */
  readonly definitions: number;
  /** `undefined`: it has to be planned each time. */
  readonly examination: Examination | undefined;
  /** Files by pattern, of which it must be the same ones, unchanged. */
  readonly patterns: { readonly sources: FileSources; readonly stamp: string } | undefined;
}

/** What is known about a statement before it runs. */
export interface Examination {
  /** What running it may change, as long as names mean what they meant. */
  readonly effect: Effect;
  /** `bypass`: it reads, but is not remembered; `write`: it is there to change something. */
  readonly standing: Cacheable | { readonly kind: 'bypass'; readonly reason: string } | { readonly kind: 'write' };
  /** What it reads, where that is known of a statement whose result is not remembered. */
  readonly reads?: Reads;
  /** It will fail, and change nothing: a name in it does not exist, say. */
  readonly mistake?: boolean;
}

/** What a statement reads. */
export interface Reads {
  readonly dependencies: Dependencies;
  readonly sources: FileSources;
  /** As of `Cacheable`. */
  readonly meaning: string;
  /** Why its answer may be another one although nothing that it reads changed. */
  readonly unsteady?: string;
}

/** What a statement reads, however its result is treated; `undefined` when that is not known. */
export function readsOf({ standing, reads }: Examination): Reads | undefined {
  return standing.kind === 'cacheable' ? standing : reads;
}

const WRITE = { kind: 'write' } as const;
const NO_FOLDERS: SearchFolders = { working: '', search: [], home: undefined };

/** Finds out what a statement reads and may change. Never runs it, and asks DuckDB nothing inside a transaction. */
export async function examine(context: ExamineContext, session: ExaminedSession, examined: ExaminedStatement): Promise<Examination> {
  const { statement, script } = examined;
  const explained = explainedStatement(statement, script);
  if (explained?.analyze) {
    // It changes what the statement in it changes.
    const inner = { ...examined, statement: explained.inner, script: explained.inner.text, refusal: 'its plan is asked for' };
    return { effect: (await examine(context, session, inner)).effect, standing: WRITE };
  }
  const statementClass = classifyStatement(statement, script);
  if (session.inTransaction) return examineInTransaction(context, session, examined);
  if (examined.unwatched && statementClass === 'query') {
    return { effect: unplannedEffect(context, examined), standing: { kind: 'bypass', reason: examined.refusal ?? 'the cache is off' } };
  }
  if (examined.unwatched) return { effect: UNKNOWN_EFFECT, standing: WRITE };
  switch (statementClass) {
    case 'query':
    case 'change':
      return await examinePlan(context, session, examined, statementClass === 'query');
    case 'begin':
    case 'inert':
      return { effect: NO_EFFECT, standing: WRITE };
    case 'end':
    case 'other':
      return { effect: UNKNOWN_EFFECT, standing: WRITE };
    case 'setting':
      return { effect: SETTINGS_EFFECT, standing: WRITE };
  }
}

/** A question to DuckDB here would pin the transaction's snapshot. What it changes is seen by others when it ends. */
function examineInTransaction(context: ExamineContext, session: ExaminedSession, { statement, script }: ExaminedStatement): Examination {
  const harmless = callsOnly(statement, script, context.functions.known);
  const later = (effect: Effect) => {
    session.transactionEffect = bothEffects(session.transactionEffect, UNKNOWN_EFFECT);
    return effect;
  };
  switch (classifyStatement(statement, script)) {
    case 'query':
      // A view may hide a table function that writes: without a plan nobody knows, so the end of the transaction moves everything.
      return { effect: later(harmless ? NO_EFFECT : UNKNOWN_EFFECT), standing: { kind: 'bypass', reason: 'inside a transaction' } };
    case 'change':
      return { effect: later(harmless ? NO_EFFECT : UNKNOWN_EFFECT), standing: WRITE };
    case 'begin':
    case 'inert':
      return { effect: NO_EFFECT, standing: WRITE };
    case 'end':
      return { effect: session.transactionEffect, standing: WRITE };
    case 'setting':
      return { effect: SETTINGS_EFFECT, standing: WRITE };
    case 'other':
      return { effect: later(UNKNOWN_EFFECT), standing: WRITE };
  }
}

async function examinePlan(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  isQuery: boolean,
): Promise<Examination> {
  if (isQuery && examined.refusal === undefined) {
    const settings = await settingsOf(context, session);
    const found = context.found.get(shortKey(session, examined, settings));
    if (found?.examination && holds(context, found)) return found.examination;
  }
  const { definitions } = context.versions;
  // The first plan of a connection takes longer, because the question itself is prepared: no measure of the next look-up.
  const first = !session.connection.hasPlanned;
  const began = context.clock.monotonic();
  const planned = await plan(context, session, examined);
  const examinedMs = first ? 0 : context.clock.monotonic() - began;
  if ('failed' in planned) {
    if (planned.failed === 'textFile') return await examineOverTextFiles(context, session, examined, isQuery, planned.reason);
    const effect = unplannedEffect(context, examined);
    const standing = isQuery ? ({ kind: 'bypass', reason: examined.refusal ?? planned.reason } as const) : WRITE;
    return { effect, standing, mistake: planned.failed === 'mistake' };
  }
  const effect = ofSession(planned.effect, session.id);
  const isReading = isQuery && effect.tables.length === 0;
  const { files, patterns, temporary } = planned;
  const tables = planned.tables.map((table) => tableOfSession(table, session.id));
  const dependencies = { tables, catalogs: planned.rowIdCatalogs, definitions: false };
  if (examined.refusal !== undefined || !planned.pure || !isNothing(effect)) {
    const reason = examined.refusal ?? planned.reason;
    // The folders count only for patterns, whose settings would have to be read first.
    if (patterns.length > 0) return { effect, standing: isReading ? { kind: 'bypass', reason } : WRITE };
    const facts = { dependencies, sources: { files, patterns, folders: NO_FOLDERS } };
    if (isReading) return { effect, standing: { kind: 'bypass', reason }, reads: { ...facts, meaning: '', unsteady: reason } };
    const unsteady = planned.volatile ? { unsteady: 'it can give another answer each time' } : {};
    return { effect, standing: WRITE, reads: { ...facts, meaning: hash([planned.text]), ...unsteady } };
  }
  const settings = await settingsOf(context, session);
  const sources = { files, patterns, folders: foldersOf(settings) };
  const found = patterns.length > 0 ? [settings.searchPath, settings.home] : [];
  const key = hash([...identityOf(examined), planned.text, settings.hash, temporary ? session.id : null, ...found]);
  return {
    effect,
    standing: {
      kind: 'cacheable',
      proof: 'plan',
      key,
      meaning: key,
      group: hash(identityOf(examined)),
      dependencies,
      sources,
      temporary,
      definitions,
      examinedMs,
    },
  };
}

/** DuckDB cannot serialise scans of CSV and JSON files: what a query over them reads is found in its syntax tree. */
async function examineOverTextFiles(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  isQuery: boolean,
  reason: string,
): Promise<Examination> {
  if (!isQuery) return await examineChangeOverTextFiles(context, session, examined);
  const { definitions, verdict, ofSession: local, meaning } = await trace(context, session, examined.statement.text);
  if (verdict.kind === 'refused') {
    const effect = verdict.harmless ? NO_EFFECT : UNKNOWN_EFFECT;
    const examination: Examination = { effect, standing: { kind: 'bypass', reason: examined.refusal ?? verdict.reason } };
    if (examined.refusal === undefined) remember(context, session, examined, definitions, examination);
    return examination;
  }
  if (examined.refusal !== undefined) return { effect: NO_EFFECT, standing: { kind: 'bypass', reason: examined.refusal } };
  const settings = await settingsOf(context, session);
  const sources = { files: [], patterns: verdict.patterns, folders: foldersOf(settings) };
  const state = readSources(sources);
  if (state.kind === 'uncheckable') return { effect: NO_EFFECT, standing: { kind: 'bypass', reason: `${reason}, and ${state.reason}` } };
  const key = hash(['text', ...identityOf(examined), settings.hash, settings.searchPath, settings.home, local ? session.id : null]);
  const examination: Examination = {
    effect: NO_EFFECT,
    standing: {
      kind: 'cacheable',
      proof: 'text',
      key,
      meaning: hash([...identityOf(examined), settings.hash, settings.searchPath, settings.home, meaning]),
      group: hash(identityOf(examined)),
      dependencies: { tables: verdict.tables.map((table) => tableOfSession(table, session.id)), catalogs: [], definitions: true },
      sources,
      temporary: verdict.tables.some(({ catalog }) => catalog === TEMPORARY),
      definitions,
      // The next look-up finds what was found now, and asks nothing.
      examinedMs: 0,
    },
  };
  remember(context, session, examined, definitions, examination);
  return examination;
}

/** CREATE TABLE … AS and COPY … TO read what their query reads; what else such a statement reads is not asked for. */
async function examineChangeOverTextFiles(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
): Promise<Examination> {
  const { statement, script } = examined;
  const effect = await targetOverTextFiles(context, session, examined);
  const query = isRepeatable(statement, script) ? queryIn(statement, script) : undefined;
  if (query === undefined || effect.all) return { effect, standing: WRITE };
  const { verdict, meaning } = await trace(context, session, query);
  if (verdict.kind === 'refused') return { effect, standing: WRITE };
  const settings = await settingsOf(context, session);
  const dependencies = { tables: verdict.tables.map((table) => tableOfSession(table, session.id)), catalogs: [], definitions: false };
  const sources = { files: [], patterns: verdict.patterns, folders: foldersOf(settings) };
  return { effect, standing: WRITE, reads: { dependencies, sources, meaning: hash([meaning]) } };
}

function remember(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  definitions: number,
  examination: Examination,
): void {
  const settings = context.names.settingsOf(session);
  if (!settings || isOfAnother(examination.standing, session)) return;
  context.found.set(shortKey(session, examined, settings), { definitions, examination, patterns: undefined });
}

/** What reads temporary tables may be known to the session alone that has them. */
function isOfAnother(standing: Examination['standing'], session: ExaminedSession): boolean {
  return standing.kind === 'cacheable' && standing.temporary && !session.hasOwnNames;
}

/**
 * Finds out whether a planned query means the same as long as no definition and no setting changes; then the next look-up need not
 * plan it again. It does not when arguments are computed while it is planned, which its syntax tree shows.
 */
export async function learn(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  standing: Cacheable,
): Promise<void> {
  const settings = context.names.settingsOf(session);
  if (!settings) return;
  const key = shortKey(session, examined, settings);
  if (context.found.get(key)?.definitions === standing.definitions || context.beingLearned.has(key)) return;
  if (isOfAnother(standing, session)) return;
  context.beingLearned.add(key);
  try {
    const found = await findShorterWay(context, session, examined, standing);
    // Else it has got something of its own meanwhile, and what was seen may be its own too.
    if (shortKey(session, examined, settings) === key) context.found.set(key, found);
  } finally {
    context.beingLearned.delete(key);
  }
}

async function findShorterWay(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  standing: Cacheable,
): Promise<Found> {
  const { definitions, verdict } = await trace(context, session, examined.statement.text);
  const patterns = verdict.kind === 'sources' ? verdict.patterns : [];
  const sources = { files: [], patterns, folders: standing.sources.folders };
  const state = readSources(sources);
  const meansTheSame = patterns.length === 0 || (await stillMeans(context, session, examined, standing.sources.files, sources, state));
  const unchanging = verdict.kind === 'sources' && definitions === standing.definitions && state.kind === 'known' && meansTheSame;
  return {
    definitions: standing.definitions,
    examination: unchanging ? { effect: NO_EFFECT, standing: { ...standing, learned: true } } : undefined,
    patterns: patterns.length > 0 && state.kind === 'known' ? { sources, stamp: state.stamp } : undefined,
  };
}

/**
 * Examines a statement that has run once more, after names or settings may have changed. With the patterns behind the files of its
 * plan, if they can be found, and if they mean those files now.
 */
export async function reexamine(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
): Promise<{ readonly examination: Examination; readonly patterns: FileSources | undefined }> {
  const examination = await examine(context, session, examined);
  const files = readsOf(examination)?.sources.files ?? [];
  if (examination.standing.kind !== 'cacheable' || files.length === 0) return { examination, patterns: undefined };
  const { verdict } = await trace(context, session, examined.statement.text);
  if (verdict.kind !== 'sources') return { examination, patterns: undefined };
  const sources = { files: [], patterns: verdict.patterns, folders: examination.standing.sources.folders };
  const means = await stillMeans(context, session, examined, files, sources, readSources(sources));
  return { examination, patterns: means ? sources : undefined };
}

/** Whether a query goes through views or macros; true where its syntax tree does not show it. */
export async function goesThroughNames(context: ExamineContext, session: ExaminedSession, sql: string): Promise<boolean> {
  const { verdict } = await trace(context, session, sql);
  return verdict.kind !== 'sources' || verdict.texts.length !== 1;
}

/** True when a plan names these files while the patterns are in this state: since the first plan some may have come or gone. */
async function stillMeans(
  context: ExamineContext,
  session: ExaminedSession,
  examined: ExaminedStatement,
  files: readonly string[],
  sources: FileSources,
  state: FileState,
): Promise<boolean> {
  const planned = await plan(context, session, examined);
  const after = readSources(sources);
  if ('failed' in planned || state.kind !== 'known' || after.kind !== 'known') return false;
  return state.guard === after.guard && JSON.stringify(planned.files) === JSON.stringify(files);
}

function holds({ versions }: ExamineContext, { definitions, patterns }: Found): boolean {
  if (definitions !== versions.definitions || versions.definitionsBusy) return false;
  if (patterns === undefined) return true;
  const state = readSources(patterns.sources);
  return state.kind === 'known' && state.stamp === patterns.stamp;
}

type Planned = (PlanFacts & { readonly text: string }) | PlanFailure;

async function plan(context: ExamineContext, session: ExaminedSession, examined: ExaminedStatement): Promise<Planned> {
  const { statement, script, params } = examined;
  const cannotBePlanned = classifyStatement(statement, script) === 'query' || targetProbe(statement, script) !== undefined;
  if (cannotBePlanned && readsTextFiles(statement.text)) return { failed: 'textFile', reason: 'it reads a CSV or JSON file' };
  if (actsWhenPlanned(statement, script)) return { failed: 'other', reason: 'asking for its plan would already change something' };
  const text = params === undefined ? statement.text : inlineParameters(statement, script, (name) => parameterText(params, name));
  if (text === undefined) return { failed: 'other', reason: 'a parameter of it has no text form' };
  try {
    const planText = await session.connection.plan(text);
    const facts = readPlan(planText, context.functions);
    return 'failed' in facts ? facts : { ...facts, text: planText };
  } catch {
    return { failed: 'other', reason: 'DuckDB gives no plan for it' };
  }
}

/** For statements without a plan, by their text: a view could hide what it calls, so only errors and scans of files get here. */
function unplannedEffect(context: ExamineContext, { statement, script }: ExaminedStatement): Effect {
  const isQuery = classifyStatement(statement, script) === 'query';
  return isQuery && callsOnly(statement, script, context.functions.known) && !actsWhenPlanned(statement, script)
    ? NO_EFFECT
    : UNKNOWN_EFFECT;
}

/** What a statement reads and may change. */
export interface Survey {
  readonly effect: Effect;
  readonly tables: readonly TableName[];
  /** Files and patterns. */
  readonly files: readonly string[];
  /** False when its answer depends on more than those: on the moment, or on the connection. */
  readonly steady: boolean;
}

/**
 * Finds out what a statement outside of a transaction reads and may change. `mistake`: it will fail and change nothing; `undefined`:
 * it may do anything.
 */
export async function survey(
  context: ExamineContext,
  session: ExaminedSession,
  statement: Statement,
  script: string,
  params: Parameters | undefined,
): Promise<Survey | 'mistake' | undefined> {
  const examined = { statement, script, params, maxRows: undefined, refusal: undefined, unwatched: false };
  const statementClass = classifyStatement(statement, script);
  if ((statementClass !== 'query' && statementClass !== 'change') || copiesToFile(statement, script)) return undefined;
  const planned = await plan(context, session, examined);
  if (!('failed' in planned)) {
    const { tables, rowIdCatalogs, files, patterns, volatile } = planned;
    // A change finds its rows by their numbers, whichever those are.
    const steady = !volatile && (rowIdCatalogs.length === 0 || statementClass === 'change');
    return { effect: planned.effect, tables, files: [...files, ...patterns], steady };
  }
  if (planned.failed === 'mistake') return statementClass === 'query' ? 'mistake' : undefined;
  if (planned.failed === 'other' || statementClass === 'change') return undefined;
  const { verdict } = await trace(context, session, statement.text);
  if (verdict.kind === 'sources') return { effect: NO_EFFECT, tables: verdict.tables, files: verdict.patterns, steady: true };
  return verdict.harmless ? { effect: NO_EFFECT, tables: [], files: [], steady: false } : undefined;
}

/** The table that a statement over such files writes can still be asked for. */
async function targetOverTextFiles(context: ExamineContext, session: ExaminedSession, examined: ExaminedStatement): Promise<Effect> {
  const { statement, script } = examined;
  if (!callsOnly(statement, script, context.functions.known)) return UNKNOWN_EFFECT;
  if (copiesToFile(statement, script)) return NO_EFFECT;
  const probe = targetProbe(statement, script);
  if (probe === undefined) return UNKNOWN_EFFECT;
  const facts = await session.connection.plan(probe).then(
    (planText) => readPlan(planText, context.functions),
    () => undefined,
  );
  return facts && !('failed' in facts) ? ofSession(facts.effect, session.id) : UNKNOWN_EFFECT;
}

/** Settings are read again only after a statement that may have changed some, of any session: a plain SET can be global. */
async function settingsOf(context: ExamineContext, session: ExaminedSession): Promise<SessionSettings> {
  const epoch = context.versions.settings;
  const known = context.names.settingsOf(session);
  if (known?.epoch === epoch) return known;
  const settings = { epoch, ...(await session.connection.readSettings()) };
  context.names.setSettings(session, settings);
  context.databaseFiles.setPaths(settings.databaseFiles);
  return settings;
}

/** Planning such a statement would sniff the file once more, and DuckDB cannot serialise the plan anyway. */
function readsTextFiles(text: string): boolean {
  return /\bread_(?:csv|json|ndjson)|\bsniff_csv\b|\.(?:csv|tsv|json|jsonl|ndjson)(?:\.gz|\.zst)?['"]/i.test(text);
}

/** A value as typed SQL, of the type that it is bound with. */
function parameterText(params: Parameters, name: string): string | undefined {
  const value: ParameterValue | undefined = Array.isArray(params)
    ? (params as readonly ParameterValue[])[Number(name) - 1]
    : (params as Readonly<Record<string, ParameterValue>>)[name];
  if (value === undefined) return undefined;
  if (value === null) return '(null)';
  if (typeof value === 'boolean') return `(${value})`;
  if (isTyped(value)) return value.text === null ? '(null)' : `(cast(${literal(value.text)} as ${value.type}))`;
  if (typeof value === 'string') return `(cast(${literal(value)} as varchar))`;
  if (typeof value === 'bigint') return `(cast(${value} as ${value >= -(2n ** 63n) && value < 2n ** 63n ? 'bigint' : 'hugeint'}))`;
  if (typeof value === 'number') {
    const small = Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0);
    return small ? `(cast(${value} as integer))` : `(cast('${Object.is(value, -0) ? '-0.0' : value}' as double))`;
  }
  return value instanceof Date ? `(cast('${value.toISOString().slice(0, -1)}' as timestamp))` : undefined;
}

function describeParams(params: Parameters | undefined): unknown {
  if (params === undefined) return null;
  return Object.entries(params).map(([name, value]) => [
    name,
    typeof value,
    value instanceof Uint8Array ? [...value] : describeValue(value),
  ]);
}

function describeValue(value: unknown): string {
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (isTyped(value as ParameterValue)) return JSON.stringify([(value as TypedValue).type, (value as TypedValue).text]);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Text, parameters and row limit: what the caller asked for. */
function identityOf({ statement, params, maxRows }: ExaminedStatement): unknown[] {
  return [statement.text, describeParams(params), maxRows ?? null];
}

/** Under which an examination is found again without asking DuckDB. */
function shortKey(session: ExaminedSession, examined: ExaminedStatement, settings: SessionSettings): string {
  return hash([scopeOf(session), ...identityOf(examined), settings.hash, settings.searchPath, settings.home]);
}

function foldersOf(settings: SessionSettings): SearchFolders {
  const search = settings.searchPath.split(',').filter((folder) => folder !== '');
  return { working: process.cwd(), search, home: settings.home === '' ? homedir() : settings.home };
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
