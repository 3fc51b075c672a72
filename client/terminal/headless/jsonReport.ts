import type { StatementOutcome } from '../../../server/protocol/requests.ts';
import type { WireRow } from '../../../server/protocol/values.ts';
import { givesRows } from '../../notebook/resultOutput.ts';
import type { Output } from '../output.ts';
import type { FetchRows } from '../resultPrinter.ts';
import type { CellOutcome } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';
import type { RunReport } from './runReport.ts';

const PAGE_ROWS = 10_000;

/** One JSON object in a line for each code cell. Values are as on the wire: `WireValue` says how. */
export class JsonReport implements RunReport {
  readonly #output: Output;
  readonly #maxRows: number;
  readonly #rowsOf: (resultId: string) => FetchRows;

  constructor(output: Output, maxRows: number, rowsOf: (resultId: string) => FetchRows) {
    this.#output = output;
    this.#maxRows = maxRows;
    this.#rowsOf = rowsOf;
  }

  async cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void> {
    if (outcome === undefined) return;
    const { run, state, reason } = outcome;
    const { title, role } = cell.marker;
    const results = [];
    for (const statement of run?.statements ?? []) results.push(await this.#result(statement));
    const line = {
      cell: cell.number,
      ...(title !== '' && { title }),
      ...(cell.resultName !== undefined && { name: cell.resultName }),
      ...(role !== undefined && { role }),
      line: cell.linesBefore + 1,
      status: state,
      ...(reason !== undefined && { reason }),
      ...(run && { elapsedMs: run.elapsedMs, results }),
      ...(run?.failure && { error: run.failure }),
    };
    await this.#output.write(`${JSON.stringify(line)}\n`);
  }

  async end(): Promise<void> {}

  async #result(statement: StatementOutcome): Promise<object> {
    const { kind, elapsedMs, rowsChanged, result } = statement;
    const { columns, rowCount, provenance } = result;
    if (!givesRows(statement)) return { kind, elapsedMs, ...(rowsChanged !== undefined && { rowsChanged }) };
    const rows = await this.#rows(statement);
    return { kind, elapsedMs, columns, rowCount, rows, rowsLeftOut: rowCount - rows.length, provenance };
  }

  async #rows({ result }: StatementOutcome): Promise<readonly WireRow[]> {
    const wanted = Math.min(this.#maxRows, result.rowCount);
    const rows: WireRow[] = result.preview.slice(0, wanted);
    const fetchRows = this.#rowsOf(result.resultId);
    while (rows.length < wanted) {
      const page = await fetchRows(rows.length, Math.min(PAGE_ROWS, wanted - rows.length));
      if (page.rows.length === 0) break;
      for (const row of page.rows) rows.push(row);
    }
    return rows;
  }
}
