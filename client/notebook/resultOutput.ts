import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { PLAN_MIME, type PlanOutput } from '../../server/protocol/plan.ts';
import type { ResultHandle, StatementOutcome } from '../../server/protocol/requests.ts';
import type { WireValue } from '../../server/protocol/values.ts';
import { formatBytes, formatCount, formatDuration, formatRows, provenanceText } from '../monitor/statsText.ts';
import { planText as drawnPlanText } from '../plan/planText.ts';

/** One output of a cell, before it becomes VS Code's. `resultId` is there when the output holds a result's handle. */
export interface PlannedOutput {
  readonly resultId?: string;
  readonly items: readonly { readonly mime: string; readonly text: string }[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const PLAIN_TEXT = 'text/plain';
const TEXT_PREVIEW_ROWS = 20;

/** Kinds whose single column `Count` or `Success` is data that was asked for. */
const QUERY_KINDS = new Set(['SELECT', 'EXPLAIN', 'CALL', 'RELATION', 'LOGICAL_PLAN']);

/**
 * The outputs of a cell whose statements ended well: one per statement that gives rows, then one line about the others. `origin` names
 * the cell or the run.
 */
export function planOutputs(statements: readonly StatementOutcome[], origin?: string): PlannedOutput[] {
  const outputs = statements.flatMap((statement, index) => (givesRows(statement) ? resultOutput(statement, originOf(origin, index)) : []));
  const silent = statements.filter((statement) => !givesRows(statement));
  if (silent.length > 0) outputs.push({ items: [{ mime: PLAIN_TEXT, text: silentSummary(silent) }] });
  return outputs;
}

/** Results that no output holds: they can be released at once. */
export function unshownResults(statements: readonly StatementOutcome[]): string[] {
  return statements.filter((statement) => !givesRows(statement) || isPlan(statement)).map((statement) => statement.result.resultId);
}

/** The output of a result whose rows still arrive. */
export function openedOutput(result: ResultHandle, elapsedMs: number, origin?: string, statementIndex = 0): PlannedOutput {
  return handleOutput({ ...result, kind: 'SELECT', elapsedMs, note: 'running…', ...originOf(origin, statementIndex) });
}

function originOf(origin: string | undefined, statementIndex: number): Pick<ResultOutput, 'origin'> {
  return origin === undefined ? {} : { origin: `${origin} ${statementIndex}` };
}

/**
 * `1,204,331 rows · 0.42 s · proved 3 ms · 12 MiB`, for the cell's status bar: what its last result took when it was computed, and
 * how long it took to prove it, if that was done instead of a run.
 */
export function runSummary(statements: readonly StatementOutcome[], elapsedMs: number): string {
  const last = statements.findLast((statement) => givesRows(statement) && !isPlan(statement));
  const changes = statements.flatMap(({ rowsChanged }) => rowsChanged ?? []);
  const parts: string[] = [];
  if (last !== undefined) parts.push(rowsText(last.result.rowCount, last.result.truncated));
  else if (changes.length > 0) parts.push(`${formatRows(changes.reduce((sum, change) => sum + change, 0))} changed`);
  const { costMs } = last?.result.provenance ?? {};
  parts.push(formatDuration(costMs ?? elapsedMs));
  if (last !== undefined) parts.push(...shortProvenance(last));
  if (last?.result.bytes !== undefined) parts.push(formatBytes(last.result.bytes));
  return parts.join(' · ');
}

/** False for statements whose only answer is that they are done, or how many rows they changed. */
export function givesRows(statement: StatementOutcome): boolean {
  const { columns } = statement.result;
  const [first] = columns;
  if (first === undefined) return false;
  const reportsOnly = columns.length === 1 && (first.name === 'Count' || first.name === 'Success');
  return !reportsOnly || QUERY_KINDS.has(statement.kind);
}

function isPlan(statement: StatementOutcome): boolean {
  return statement.kind === 'EXPLAIN';
}

function resultOutput(statement: StatementOutcome, origin: Pick<ResultOutput, 'origin'>): PlannedOutput {
  if (isPlan(statement)) return planOutput(statement);
  const { result, kind, elapsedMs, rowsChanged } = statement;
  const note = `${formatDuration(elapsedMs)} · ${provenanceText(result.provenance)}`;
  return handleOutput({ ...result, kind, elapsedMs, note, ...(rowsChanged !== undefined && { rowsChanged }), ...origin });
}

/** A picture where the server told the plan, and a text in any case. */
function planOutput({ plan, result }: StatementOutcome): PlannedOutput {
  if (plan === undefined) return { items: [{ mime: PLAIN_TEXT, text: planText(result) }] };
  const output: PlanOutput = { plan, title: plan.analyzed ? 'EXPLAIN ANALYZE' : 'EXPLAIN' };
  return {
    items: [
      { mime: PLAN_MIME, text: JSON.stringify(output) },
      { mime: PLAIN_TEXT, text: drawnPlanText(plan) },
    ],
  };
}

function handleOutput(output: ResultOutput): PlannedOutput {
  return {
    resultId: output.resultId,
    items: [
      { mime: RESULT_MIME, text: JSON.stringify(output) },
      { mime: PLAIN_TEXT, text: plainText(output) },
    ],
  };
}

/** Head and first rows, tab-separated, for whatever cannot show the grid. */
function plainText(output: ResultOutput): string {
  const head = output.columns.map((column) => column.name).join('\t');
  const rows = output.preview.slice(0, TEXT_PREVIEW_ROWS).map((row) => row.map(fieldText).join('\t'));
  const more = output.rowCount > rows.length ? ['…'] : [];
  const shape = `${rowsText(output.rowCount, output.truncated)} × ${formatColumns(output.columns.length)}`;
  return [head, ...rows, ...more, `${shape} · ${output.note}`].join('\n');
}

function fieldText(value: WireValue): string {
  if (value === null) return 'NULL';
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll(/[\t\r\n]+/g, ' ');
}

/** EXPLAIN gives a drawing, in the last column of each row. */
function planText(result: ResultHandle): string {
  return result.preview.map((row) => fieldTextWithLines(row.at(-1) ?? null)).join('\n');
}

function fieldTextWithLines(value: WireValue): string {
  return typeof value === 'string' ? value.trimEnd() : fieldText(value);
}

function silentSummary(statements: readonly StatementOutcome[]): string {
  const [only] = statements;
  const elapsedMs = statements.reduce((sum, statement) => sum + statement.elapsedMs, 0);
  if (statements.length === 1 && only !== undefined) {
    const changed = only.rowsChanged === undefined ? [] : [`${formatRows(only.rowsChanged)} changed`];
    return [only.kind, ...changed, formatDuration(elapsedMs)].join(' · ');
  }
  const kinds = new Map<string, { count: number; changed: number | undefined }>();
  for (const { kind, rowsChanged } of statements) {
    const seen = kinds.get(kind) ?? { count: 0, changed: undefined };
    const changed = rowsChanged === undefined ? seen.changed : (seen.changed ?? 0) + rowsChanged;
    kinds.set(kind, { count: seen.count + 1, changed });
  }
  const parts = [...kinds].map(([kind, { count, changed }]) => {
    const times = count === 1 ? kind : `${kind} ×${count}`;
    return changed === undefined ? times : `${times} (${formatRows(changed)} changed)`;
  });
  return [`${statements.length} statements: ${parts.join(', ')}`, formatDuration(elapsedMs)].join(' · ');
}

function shortProvenance({ result, elapsedMs }: StatementOutcome): string[] {
  const { kind, costMs } = result.provenance;
  if (kind === 'run') return [];
  if (kind === 'bypass') return ['not cached'];
  if (kind === 'earlier') return ['earlier run'];
  return [costMs === undefined ? 'proved' : `proved ${formatDuration(elapsedMs)}`];
}

function rowsText(rowCount: number, truncated: boolean): string {
  return truncated ? `first ${formatRows(rowCount)}` : formatRows(rowCount);
}

function formatColumns(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'column' : 'columns'}`;
}
