import type { RunQueryResult } from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { formatRows } from '../monitor/statsText.ts';
import { judgedRun } from '../notebook/judgedRun.ts';
import { presentError } from '../presentError.ts';
import { renderBox } from '../text/boxTable.ts';
import { createStyle } from '../text/style.ts';
import type { RunnableCell } from './assertionCells.ts';

/** How an assertion came out. `errored`: its SQL, or that of a cell before it, could not be run. */
export interface AssertionOutcome {
  readonly state: 'passed' | 'failed' | 'errored' | 'skipped';
  readonly elapsedMs: number;
  readonly message: string;
  readonly expected?: string;
  /** What came instead: the value, or the first rows. */
  readonly actual?: string;
  /** Where to look: a code cell, and zero-based line and column in it where they are known. */
  readonly place: { readonly cell: number; readonly line?: number; readonly column?: number };
}

export interface AssertionRun {
  readonly cells: readonly RunnableCell[];
  /** Places of the assertions to judge. */
  readonly wanted: ReadonlySet<number>;
  /** Runs SQL in the session of this run; cells after it read its rows by the name, if it has one. Never rejects. */
  ask(sql: string, resultName: string | undefined): Promise<RunQueryResult>;
  began(cell: number): void;
  ended(cell: number, outcome: AssertionOutcome): void;
  isCancelled(): boolean;
}

const MAX_ROWS = 20;
const PLAIN = createStyle(false);

/**
 * Runs the code cells down to the last assertion that is wanted, in their order. After a cell that failed nothing is run: what follows may
 * build on it. An assertion stops nothing.
 */
export async function runAssertions({ cells, wanted, ask, began, ended, isCancelled }: AssertionRun): Promise<void> {
  /** Of equal names the first cell has it. */
  const names = new Set<string>();
  const left = [...wanted].sort((a, b) => a - b);
  const endAll = (outcome: AssertionOutcome) => {
    for (const cell of left) ended(cell, outcome);
  };
  for (const [index, { sql, marker }] of cells.entries()) {
    const isAssertion = marker.role === 'assert';
    if (left.length === 0) return;
    if (isCancelled()) break;
    if (sql.trim() === '' && !isAssertion) continue;
    const isWanted = left[0] === index;
    if (isWanted) began(index);
    const name = marker.attributes.get('name');
    const isFirst = name !== undefined && !names.has(name.toLowerCase());
    if (isFirst) names.add(name.toLowerCase());
    const run = judgedRun(marker, sql, await ask(sql, isFirst ? name : undefined));
    if (run.failure?.code === 'cancelled') break;
    if (isWanted) {
      left.shift();
      ended(index, outcomeOf(index, run));
    } else if (run.failure !== undefined && !isAssertion) {
      const name = marker.title === '' ? `The code cell ${index + 1}` : `The cell “${marker.title}”`;
      endAll({ ...errored(index, run.failure), message: `${name} failed before it could be judged.\n${messageOf(run.failure)}` });
      return;
    }
  }
  endAll({ state: 'skipped', elapsedMs: 0, message: 'Cancelled.', place: { cell: left[0] ?? 0 } });
}

/** Of an assert cell that was run. */
export function outcomeOf(cell: number, { statements, failure, verdict, elapsedMs }: ReturnType<typeof judgedRun>): AssertionOutcome {
  if (failure === undefined) return { state: 'passed', elapsedMs, message: '', place: { cell } };
  const outcome = { ...errored(cell, failure), elapsedMs };
  if (verdict?.state !== 'failed') return { ...outcome, state: failure.code === 'cancelled' ? 'skipped' : 'errored' };
  const last = statements.at(-1)?.result;
  const { expected, actual } = verdict;
  if (last === undefined || expected === undefined || actual === undefined) return { ...outcome, state: 'failed' };
  const isCondition = expected !== 'no rows';
  return { ...outcome, state: 'failed', expected, actual: isCondition ? actual : rowsText(last) };
}

function errored(cell: number, failure: WireFailure): AssertionOutcome {
  const { line, column } = failure.position ?? {};
  const place = { cell, ...(line !== undefined && column !== undefined && { line, column }) };
  return { state: 'errored', elapsedMs: 0, message: messageOf(failure), place };
}

function messageOf(failure: WireFailure): string {
  return presentError(failure).text.replace(/^Assertion failed\. /, '');
}

function rowsText({ columns, preview, rowCount }: RunQueryResult['statements'][number]['result']): string {
  const head = preview.slice(0, MAX_ROWS);
  const lines = renderBox({ columns, head, tail: [], gap: false, width: undefined, style: PLAIN });
  const more = rowCount > head.length ? `, the first ${head.length} of them here` : '';
  return [...lines, `${formatRows(rowCount)}${more}`].join('\n');
}
