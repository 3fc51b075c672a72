import { visible } from '../../text/displayText.ts';
import type { Output } from '../output.ts';
import { type FetchRows, printBox } from '../resultPrinter.ts';
import { markdownText } from '../sqlFile.ts';
import type { CellOutcome } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';
import type { RunReport } from './runReport.ts';

/** Boxes and markdown, as `kodiak notebook.kodiak.sql` writes them. */
export class TextReport implements RunReport {
  readonly #output: Output;
  readonly #rowsOf: (resultId: string) => FetchRows;

  constructor(output: Output, rowsOf: (resultId: string) => FetchRows) {
    this.#output = output;
    this.#rowsOf = rowsOf;
  }

  async cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void> {
    const output = this.#output;
    if (cell.kind === 'markup') await output.write(`\n${markdownText(cell.text, output.style)}\n\n`);
    if (outcome?.run === undefined || outcome.state === 'assertionFailed') return;
    if (outcome.run.verdict !== undefined) {
      const title = visible(cell.marker.title || 'Assertion');
      await output.writeLines([`${output.style.green('✓')} ${title} ${output.style.dim(outcome.run.verdict.text)}`]);
      return;
    }
    for (const statement of outcome.run.statements) await printBox(statement, this.#rowsOf(statement.result.resultId), output);
  }

  async end(): Promise<void> {}
}
