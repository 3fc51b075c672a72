import { formatDuration } from '../../monitor/statsText.ts';
import { givesRows } from '../../notebook/resultOutput.ts';
import { visible, visibleLines } from '../../text/displayText.ts';
import { formatFailure } from '../failureText.ts';
import type { Output } from '../output.ts';
import { type FetchRows, printBox } from '../resultPrinter.ts';
import type { CellOutcome, CellState } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';
import type { RunEnd, RunReport } from './runReport.ts';

const STATES: Readonly<Record<CellState, string>> = {
  ok: 'ok',
  assertionFailed: 'assertion failed',
  failed: 'failed',
  skipped: 'not run',
  cancelled: 'cancelled',
};

/** What a person should know of a run, on standard error, whatever is written to standard output. */
export class Messages implements RunReport {
  readonly #file: string;
  readonly #errors: Output;
  readonly #rowsOf: (resultId: string) => FetchRows;

  constructor(file: string, errors: Output, rowsOf: (resultId: string) => FetchRows) {
    this.#file = file;
    this.#errors = errors;
    this.#rowsOf = rowsOf;
  }

  async cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void> {
    if (outcome === undefined) return;
    const errors = this.#errors;
    const { run, state, reason } = outcome;
    const place = `${visible(this.#file)}:${cell.linesBefore + 1}:`;
    if (cell.nameProblem !== undefined) await errors.writeLines([`${place} ${visibleLines(cell.nameProblem)}`]);
    else if (run?.nameProblem !== undefined) await errors.writeLines([`${place} ${visibleLines(run.nameProblem)}`]);
    if (run === undefined) {
      await errors.writeLines([errors.style.red(`${place} ${visible(cell.name)} was not run: ${visibleLines(reason ?? STATES[state])}`)]);
      return;
    }
    if (run.failure === undefined) return;
    const source = { name: this.#file, text: cell.text, linesBefore: cell.linesBefore };
    await errors.writeLines(formatFailure(run.failure, source, 0, errors.style));
    const last = run.statements.at(-1);
    if (state === 'assertionFailed' && last && givesRows(last)) await printBox(last, this.#rowsOf(last.result.resultId), errors);
  }

  async end({ outcomes, elapsedMs }: RunEnd): Promise<void> {
    const { style } = this.#errors;
    const counts = (Object.keys(STATES) as CellState[]).flatMap((state) => {
      const count = outcomes.filter((outcome) => outcome.state === state).length;
      if (count === 0) return [];
      const text = `${count} ${STATES[state]}`;
      return [state === 'ok' ? style.green(text) : style.red(text)];
    });
    const cells = `${outcomes.length} ${outcomes.length === 1 ? 'cell' : 'cells'}`;
    await this.#errors.writeLines([`${cells}: ${counts.join(', ') || 'nothing to run'} · ${formatDuration(elapsedMs)}`]);
  }
}
