import type { ResultHandle, StatementOutcome } from '../../server/protocol/requests.ts';
import type { OutputFormat } from './outputFormat.ts';
import { type FetchRows, hasRows, printBox, printWholeBox, streamRows } from './resultPrinter.ts';
import type { Shell } from './shell.ts';

/** Formats that somebody wants to copy or to keep: only a pager that is always on takes them. */
const UNPAGED: ReadonlySet<OutputFormat> = new Set(['markdown', 'html', 'latex', 'trash']);

/** A result that is shown: without an outcome, one whose rows still arrive. */
export interface Presented {
  readonly result: ResultHandle;
  readonly outcome: StatementOutcome | undefined;
  readonly fetchRows: FetchRows;
  /** All rows and all columns, also in a box. */
  readonly whole?: boolean;
}

/** Shows a result as a person chose, through the pager where it does not fit on the screen. */
export async function presentResult(shell: Shell, presented: Presented, signal: AbortSignal): Promise<void> {
  const { result, outcome, fetchRows } = presented;
  const { format, output, settings, pager } = shell;
  if (outcome && !hasRows(outcome)) {
    if (format === 'box') await printBox(outcome, fetchRows, output, { settings });
    return;
  }
  const isPaged = pager.pages(output, sizeOf(format, result)) && (pager.mode === 'on' || pagesByItself(format, presented.whole));
  const whole = presented.whole || isPaged || settings.maxRows === 0;
  const write = async (to: typeof output) => {
    if (format !== 'box') await streamRows(result, format, settings, fetchRows, to, signal);
    else if (outcome && whole) await printWholeBox(outcome, fetchRows, to, settings, signal);
    else if (outcome)
      await printBox(outcome, fetchRows, to, { settings, ...(output.height !== undefined && { seeAll: '.last shows all' }) });
  };
  await (isPaged ? shell.lendTerminal(() => pager.show(output, shell.safe, write)) : write(output));
}

/** A box is made to fit on the screen, unless all of it is wanted. */
function pagesByItself(format: OutputFormat, whole = false): boolean {
  return format === 'box' ? whole : !UNPAGED.has(format);
}

function sizeOf(format: OutputFormat, { rowCount, columns }: ResultHandle): { rows: number; columns: number; lines: number } {
  const linesOfRow = format === 'line' ? columns.length + 1 : 1;
  return { rows: rowCount, columns: columns.length, lines: rowCount * linesOfRow + 6 };
}
