import { KodiakError } from './base/errors.ts';
import { quoted } from './base/sqlText.ts';
import type { Connection } from './duckdb/connection.ts';
import { type AggregateSource, checkResult, planChunks, planPlain } from './parallel/aggregatePlan.ts';
import type { AggregateRequest, AggregateResult, Column, Row, Value } from './types.ts';

const MAX_CHUNKS = 256;

/** Runs one aggregate on a connection that serves nobody else meanwhile. `threads` is for the reason in words. */
export async function runAggregate(
  connection: Connection,
  request: AggregateRequest,
  threads: number,
): Promise<Omit<AggregateResult, 'elapsedMs'>> {
  const { op, chunks } = request;
  if (chunks !== undefined && !(Number.isInteger(chunks) && chunks >= 1 && chunks <= MAX_CHUNKS)) {
    throw new KodiakError('sql', `chunks must be a whole number from 1 to ${MAX_CHUNKS}.`);
  }
  const direct = chunks === undefined ? await runDirectly(connection, request) : undefined;
  const plain = (value: Value, exact: boolean) => {
    const spread = threads === 1 ? 'its one thread' : `${threads} threads`;
    const reason = `DuckDB spreads one statement over ${spread} by itself, and chunks would only add to that`;
    return { value, strategy: 'duckdb' as const, reason, exact };
  };
  if (direct) return plain(direct.value, direct.exact);
  const read = async (sql: string) => (await readRows(connection, sql, request.signal)).rows;
  const source = await describeSource(read, request);
  if (chunks === undefined) {
    const plan = planPlain(op, source);
    return plain(plan.merge(await read(plan.sql)), plan.exact);
  }
  const [counted] = await read(`select count(*) from ${source.from}`);
  const plan = planChunks(op, source, chunks, Number(counted?.[0] ?? 0));
  const reason = `${chunks === 1 ? '1 chunk was' : `${chunks} chunks were`} asked for; one statement holds them all, so that they see one snapshot`;
  return { value: plan.merge(await read(plan.sql)), strategy: 'chunks', reason, exact: plan.exact };
}

/**
 * The short way, without a look at the column's type beforehand: what DuckDB gives as a sum or an extreme tells it. Undefined where
 * the type decides how to compute, or where something is wrong that the long way can say in clearer words.
 */
async function runDirectly(connection: Connection, request: AggregateRequest): Promise<{ value: Value; exact: boolean } | undefined> {
  const { op, table, query, column, signal } = request;
  if (table === undefined || query !== undefined || !['count', 'sum', 'min', 'max'].includes(op)) return undefined;
  if (column === undefined && op !== 'count') return undefined;
  try {
    const name = column === undefined ? undefined : quoted(column);
    const { rows, type } = await readRows(connection, `select ${op}(${name ?? '*'}) from ${quoteTable(table)}`, signal);
    return { value: rows[0]?.[0] ?? null, exact: checkResult(op, name, type) };
  } catch (thrown) {
    if (thrown instanceof KodiakError && thrown.code === 'sql') return undefined;
    throw thrown;
  }
}

/** Looks up the column and whether rows have numbers. Rejects with `sql` for what does not exist. */
async function describeSource(read: (sql: string) => Promise<Row[]>, request: AggregateRequest): Promise<AggregateSource> {
  const { table, query, column } = request;
  if ((table === undefined) === (query === undefined)) throw new KodiakError('sql', 'An aggregate needs either a table or a query.');
  const from = table === undefined ? `(${query}\n) as kodiak_source` : quoteTable(table);
  const columns = (await read(`describe select * from ${from}`)).map(([name, type]) => ({ name: String(name), type: String(type) }));
  // A column of that name hides the number of the row.
  const hidden = columns.some(({ name }) => name.toLowerCase() === 'rowid');
  const hasRowIds = request.chunks !== undefined && table !== undefined && !hidden && (await hasRowIdsIn(read, from));
  if (column === undefined) return { from, column: undefined, type: '', hasRowIds };
  const found = columns.find(({ name }) => name === column) ?? columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (!found) {
    const candidates = columns.map(({ name }) => name);
    throw new KodiakError('sql', `There is no column "${column}" in ${table ?? 'the query'}. It has: ${candidates.join(', ')}.`, {
      candidates,
    });
  }
  return { from, column: quoted(found.name), type: found.type, hasRowIds };
}

/** False for a view. */
async function hasRowIdsIn(read: (sql: string) => Promise<Row[]>, from: string): Promise<boolean> {
  try {
    await read(`select rowid from ${from} limit 0`);
    return true;
  } catch (thrown) {
    if (thrown instanceof KodiakError && thrown.code === 'sql') return false;
    throw thrown;
  }
}

/** All rows, and the type of the first column. */
async function readRows(
  connection: Connection,
  sql: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly rows: Row[]; readonly type: string }> {
  const rows: Row[] = [];
  let type = '';
  const sink = {
    head: ({ columns }: { readonly columns: readonly Column[] }) => {
      type = columns[0]?.type ?? '';
    },
    chunk: async (chunk: { readonly rowCount: number; readRows(from: number, to: number): Row[] }) => {
      rows.push(...chunk.readRows(0, chunk.rowCount));
      return true;
    },
  };
  try {
    await connection.execute({ text: sql, script: sql, toScript: (offset) => offset }, undefined, sink, signal);
  } catch (thrown) {
    if (!(thrown instanceof KodiakError) || !thrown.position) throw thrown;
    // A position in a statement that the caller never saw.
    throw new KodiakError(thrown.code, thrown.message, { candidates: thrown.candidates, cause: thrown });
  }
  return { rows, type };
}

/** `main.orders` and `"my table"` in quotes; what is not a name of that form is taken as one name. */
function quoteTable(table: string): string {
  const part = '(?:[\\p{L}_][\\p{L}\\p{N}_$]*|"(?:[^"]|"")+")';
  if (!new RegExp(`^${part}(?:\\.${part}){0,2}$`, 'u').test(table)) return quoted(table);
  const parts = table.match(new RegExp(part, 'gu')) ?? [];
  return parts.map((name) => (name.startsWith('"') ? name : quoted(name))).join('.');
}
