import { createHash } from 'node:crypto';
import type { Clock } from './base/clock.ts';
import { filesAreSettled, MAX_STAMPED_FILES, stampFiles } from './cache/fileStamps.ts';
import { judgePlan, type PlanVerdict } from './cache/queryPlan.ts';
import type { ResultCache } from './cache/resultCache.ts';
import type { WriteGate } from './cache/writeGate.ts';
import type { Connection, StatementHead } from './duckdb/connection.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import type { Admission } from './parallel/admission.ts';
import type { Spool } from './result/chunk.ts';
import { GrowingRows } from './result/growingRows.ts';
import { QueryResult } from './result/queryResult.ts';
import { resolvePaths } from './sql/absolutePaths.ts';
import type { Statement } from './sql/splitStatements.ts';
import type { Column, Parameters, Provenance, RunOptions } from './types.ts';

/** What the cache keeps of a result: its rows and how they are called. */
export interface CachedRows {
  readonly rows: GrowingRows<NativeChunk>;
  readonly columns: readonly Column[];
  readonly kind: string;
}

/** The subsystems that a statement meets on its way. */
export interface RunContext {
  readonly clock: Clock;
  readonly cache: ResultCache<CachedRows>;
  readonly gate: WriteGate;
  readonly admission: Admission;
  readonly pureFunctions: ReadonlySet<string>;
  readonly knownFunctions: ReadonlySet<string>;
  createSpool(types: StatementHead['types']): Promise<Spool<NativeChunk>>;
  track(rows: GrowingRows<NativeChunk>): void;
}

/** The session's side of a run. */
export interface RunSession {
  readonly id: number;
  readonly cwd: string | undefined;
  readonly connection: Connection;
  inTransaction: boolean;
}

export interface StatementRun {
  readonly script: string;
  readonly statement: Statement;
  readonly params: Parameters | undefined;
  readonly options: RunOptions;
  /** Told the number of rows so far. */
  readonly onRows: (rows: number) => void;
  readonly onFirstRows: (result: QueryResult<NativeChunk>) => void;
}

/** What is known about a statement's place in the cache before it runs. */
type Standing =
  | { readonly kind: 'cacheable'; readonly key: string; readonly version: string; readonly files: readonly string[] }
  | { readonly kind: 'bypass'; readonly reason: string; readonly mayWrite: boolean }
  | { readonly kind: 'write' };

/** A first page is worth showing early only if more follows. */
const FIRST_ROWS = 2048;

/** The way of one statement: analyse, look up, wait for admission, run, store. */
export async function runStatement(context: RunContext, session: RunSession, run: StatementRun): Promise<QueryResult<NativeChunk>> {
  const started = context.clock.monotonic();
  run.options.signal?.throwIfAborted();
  const standing = await examine(context, session, run);
  if (standing.kind === 'cacheable') {
    const hit = lookUp(context, run, standing, started);
    if (hit) return hit;
  } else if (standing.kind === 'bypass') {
    context.cache.countBypass(standing.reason);
  }
  return await context.admission.submit(() => execute(context, session, run, standing, started), run.options.signal);
}

async function examine(context: RunContext, session: RunSession, run: StatementRun): Promise<Standing> {
  const { text } = run.statement;
  if (!readsOnly(run)) return { kind: 'write' };
  if (session.inTransaction) return { kind: 'bypass', reason: 'inside a transaction', mayWrite: true };
  if (!context.cache.enabled || run.options.useCache === false) return { kind: 'bypass', reason: 'the cache is off', mayWrite: true };
  if (readsTextFiles(text)) return { kind: 'bypass', reason: 'it reads a CSV or JSON file', mayWrite: true };
  const verdict = await judge(context, session, text);
  if (verdict.kind === 'unknown') return { kind: 'bypass', reason: verdict.reason, mayWrite: true };
  if (verdict.kind === 'impure') return { kind: 'bypass', reason: verdict.reason, mayWrite: false };
  if (verdict.files.length > MAX_STAMPED_FILES)
    return { kind: 'bypass', reason: `it reads ${verdict.files.length} files`, mayWrite: false };
  if (context.gate.busy) return { kind: 'bypass', reason: 'a write is running', mayWrite: false };
  const stamps = stampFiles(verdict.files);
  if (stamps === undefined) return { kind: 'bypass', reason: 'a file it reads cannot be checked', mayWrite: false };
  const key = hash(JSON.stringify([session.id, text, describeParams(run.params), verdict.plan, run.options.maxRows ?? null]));
  return { kind: 'cacheable', key, version: `${context.gate.version}\n${stamps}`, files: verdict.files };
}

async function judge(context: RunContext, session: RunSession, text: string): Promise<PlanVerdict & { plan: string }> {
  let plan = '';
  try {
    plan = await session.connection.plan(text);
    return { ...judgePlan(plan, text, context.pureFunctions, context.knownFunctions), plan };
  } catch {
    return { kind: 'unknown', reason: 'DuckDB gives no plan for it', plan };
  }
}

function lookUp(
  context: RunContext,
  run: StatementRun,
  standing: Standing & { kind: 'cacheable' },
  started: number,
): QueryResult<NativeChunk> | undefined {
  // No await between this check and the answer: a write would have to start in the same turn.
  if (context.gate.busy) return undefined;
  const stored = context.cache.get(standing.key, standing.version);
  if (!stored) return undefined;
  const { rows, columns, kind } = stored.value;
  rows.retain();
  const head = { columns, kind, range: run.statement };
  const files =
    standing.files.length === 0 ? '' : `, ${standing.files.length === 1 ? '1 file' : `${standing.files.length} files`} unchanged`;
  return new QueryResult(head, rows).end({
    elapsedMs: context.clock.monotonic() - started,
    rowsChanged: undefined,
    truncated: false,
    provenance: { kind: 'proved', reason: `same plan; nothing written since ${timeOfDay(context.gate.changedAt)}${files}` },
  });
}

async function execute(
  context: RunContext,
  session: RunSession,
  run: StatementRun,
  standing: Standing,
  started: number,
): Promise<QueryResult<NativeChunk>> {
  const produce = () => produceRows(context, session, run);
  const mayWrite = standing.kind === 'write' || (standing.kind === 'bypass' && standing.mayWrite);
  const begun = context.clock.monotonic();
  const produced = mayWrite ? await context.gate.around(produce) : await produce();
  const costMs = context.clock.monotonic() - begun;
  const end = {
    elapsedMs: context.clock.monotonic() - started,
    rowsChanged: produced.rowsChanged,
    truncated: produced.truncated,
    provenance: provenanceOf(standing, produced.result.kind),
  };
  if (standing.kind === 'cacheable' && !produced.truncated) admit(context, run, standing, produced.result, costMs);
  return produced.result.end(end);
}

/** Stores a result whose sources did not change while it was computed. */
function admit(
  context: RunContext,
  run: StatementRun,
  standing: Standing & { kind: 'cacheable' },
  result: QueryResult<NativeChunk>,
  costMs: number,
): void {
  const { rows } = result;
  if (context.gate.busy || rows.spooled) return;
  const now = context.clock.now();
  const version = `${context.gate.version}\n${stampFiles(standing.files) ?? 'gone'}`;
  if (version !== standing.version || !filesAreSettled(standing.files, now)) return;
  rows.retain();
  const value: CachedRows = { rows, columns: result.columns, kind: result.kind };
  const stored = { value, sql: run.statement.text, rows: rows.rowCount, bytes: rows.bytes, costMs, version, storedAt: now };
  if (!context.cache.put(standing.key, stored)) rows.release();
}

/** Apart from `produceRows`, whose variables a closure made there would keep alive: among them the result that must be forgettable. */
function makeRows(context: RunContext, known: { readonly head: StatementHead }): GrowingRows<NativeChunk> {
  return new GrowingRows<NativeChunk>(() => context.createSpool(known.head.types));
}

async function produceRows(context: RunContext, session: RunSession, run: StatementRun) {
  const { signal, maxRows } = run.options;
  const resolved = resolvePaths(run.statement, run.script, session.cwd);
  const known: { head: StatementHead } = { head: { kind: 'UNKNOWN', columns: [], types: [] } };
  const rows = makeRows(context, known);
  context.track(rows);
  let result: QueryResult<NativeChunk> | undefined;
  const own = () => new QueryResult({ columns: known.head.columns, kind: known.head.kind, range: run.statement }, rows);
  let announced = false;
  try {
    const end = await session.connection.execute(
      { text: resolved.text, script: run.script, toScript: resolved.toScript },
      run.params,
      {
        head: (head) => {
          known.head = head;
          result = own();
        },
        chunk: async (chunk) => {
          const left = maxRows === undefined ? Number.POSITIVE_INFINITY : maxRows - rows.rowCount;
          if (left <= 0) return false;
          await rows.add(left < chunk.rowCount ? chunk.first(left) : chunk);
          run.onRows(rows.rowCount);
          if (!announced && rows.rowCount > FIRST_ROWS && result) {
            announced = true;
            run.onFirstRows(result);
          }
          return left >= chunk.rowCount;
        },
      },
      signal,
    );
    rows.finish();
    return { result: result ?? own(), rowsChanged: end.rowsChanged, truncated: end.stopped };
  } catch (thrown) {
    rows.fail(thrown);
    if (result) result.release();
    else rows.release();
    throw thrown;
  }
}

/** SELECT in its forms. WITH can lead an INSERT, and DESCRIBE, SHOW or PRAGMA are SELECTs to DuckDB too but not worth proving. */
function readsOnly(run: StatementRun): boolean {
  const words = run.statement.tokens
    .filter((token) => token.kind === 'word')
    .map((token) => run.script.slice(token.start, token.end).toLowerCase());
  const first = run.statement.tokens[0];
  const opening = first && run.script.charAt(first.start) === '(';
  if (!opening && !['select', 'from', 'with', 'values', 'table'].includes(words[0] ?? '')) return false;
  return words[0] !== 'with' || !words.some((word) => ['insert', 'update', 'delete', 'merge'].includes(word));
}

/** Planning such a statement would sniff the file once more, and DuckDB cannot serialise the plan anyway. */
function readsTextFiles(text: string): boolean {
  return /\bread_(?:csv|json|ndjson)|\bsniff_csv\b|\.(?:csv|tsv|json|jsonl|ndjson)(?:\.gz|\.zst)?['"]/i.test(text);
}

function provenanceOf(standing: Standing, kind: string): Provenance {
  switch (standing.kind) {
    case 'cacheable':
      return { kind: 'run', reason: 'not in the cache' };
    case 'bypass':
      return { kind: 'bypass', reason: standing.reason };
    case 'write':
      return { kind: 'run', reason: `${kind} always runs` };
  }
}

function describeParams(params: Parameters | undefined): unknown {
  if (params === undefined) return null;
  return Object.entries(params).map(([name, value]) => [name, typeof value, value instanceof Uint8Array ? [...value] : paramText(value)]);
}

function paramText(value: unknown): string {
  if (value instanceof Date) return `date ${value.getTime()}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function timeOfDay(unixMs: number): string {
  return new Date(unixMs).toTimeString().slice(0, 8);
}
