import type { RunQueryResult } from '../../server/protocol/requests.ts';
import type { WirePosition } from '../../server/protocol/values.ts';
import { placeAt } from '../results/runTarget.ts';
import { assertionMessage, judgeAssertion, type Verdict } from './assertion.ts';
import type { CellMarker } from './cellMarker.ts';

/** What came of a cell's run. That of an assert cell whose statements ended well has a verdict, and one that is not kept is its failure. */
export interface JudgedRun extends RunQueryResult {
  readonly verdict?: Verdict;
}

/** `sql` is the cell's text. */
export function judgedRun({ role, title }: CellMarker, sql: string, result: RunQueryResult): JudgedRun {
  if (role !== 'assert' || result.failure !== undefined) return result;
  const verdict = judgeAssertion(result.statements);
  if (verdict.state === 'passed') return { ...result, verdict };
  const message = `Assertion failed. ${assertionMessage(verdict, title)}`;
  const last = result.statements.at(-1);
  return { ...result, verdict, failure: { code: 'sql', message, ...(last && { position: firstLine(sql, last.start, last.end) }) } };
}

/** A statement's place, as far as it is on its first line. */
function firstLine(sql: string, start: number, end: number): WirePosition {
  const [line = ''] = sql.slice(start, end).split(/[\r\n]/, 1);
  return { offset: start, ...placeAt(sql, start), length: Math.max(1, line.length) };
}
