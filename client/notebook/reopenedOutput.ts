import type { ArchivedCell } from '../../server/protocol/archive.ts';
import { AS_OF_MIME, type AsOfOutput, RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import type { StatementOutcome } from '../../server/protocol/requests.ts';
import { asOfText } from '../monitor/asOfText.ts';
import { formatCount } from '../monitor/statsText.ts';
import { type PlannedOutput, planOutputs } from './resultOutput.ts';

/**
 * The outputs of a cell whose results were kept when it ran: a line that says when that was, and under it what the run showed. The
 * line finds out by itself whether the sources changed since.
 */
export function reopenedOutputs(key: string, cell: ArchivedCell, nowMs: number): PlannedOutput[] {
  const statements = cell.outcome.statements.map((statement) => reopened(statement, cell));
  const line: AsOfOutput = { key, ranAt: cell.ranAt };
  const text = `As of ${asOfText(cell.ranAt, nowMs)}, from an earlier run.`;
  return [
    {
      items: [
        { mime: AS_OF_MIME, text: JSON.stringify(line) },
        { mime: 'text/plain', text },
      ],
    },
    ...planOutputs(statements),
  ];
}

/** What a grid needs of the only result of a kept cell. */
export function reopenedResult(cell: ArchivedCell): ResultOutput | undefined {
  const statements = cell.outcome.statements.map((statement) => reopened(statement, cell));
  const item = planOutputs(statements)[0]?.items.find(({ mime }) => mime === RESULT_MIME);
  return item && (JSON.parse(item.text) as ResultOutput);
}

/** A result of which not all rows are on disk says so, where otherwise it says how it came to be. */
function reopened(statement: StatementOutcome, { stored }: ArchivedCell): StatementOutcome {
  const { result } = statement;
  const rows = stored[result.resultId]?.rows;
  const isWhole = rows === undefined || rows >= result.rowCount;
  const reason = isWhole ? '' : `first ${formatCount(rows)} of ${formatCount(result.rowCount)} rows kept`;
  return {
    ...statement,
    result: {
      ...result,
      rowCount: isWhole ? result.rowCount : rows,
      preview: isWhole ? result.preview : result.preview.slice(0, rows),
      truncated: result.truncated || !isWhole,
      provenance: { kind: 'earlier', reason },
    },
  };
}
