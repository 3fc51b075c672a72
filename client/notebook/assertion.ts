import type { StatementOutcome } from '../../server/protocol/requests.ts';
import { formatRows } from '../monitor/statsText.ts';
import { givesRows } from './resultOutput.ts';

/** How an assert cell's statements came out. `unfit`: they say nothing that could be true or false. */
export interface Verdict {
  readonly state: 'passed' | 'failed' | 'unfit';
  /** A few words: `passed`, `failed: 3 rows`. */
  readonly text: string;
  /** One sentence, for a reader who sees nothing else; empty when it passed. */
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
}

const NEEDS_SELECT = 'An assertion needs a SELECT';
const NO_ROWS = 'no rows';
const TRUE = 'true';

/**
 * Judges by the last statement: one row with one BOOLEAN must be true, where NULL is not; anything else must have no rows. `statements`
 * are those that ended well, all of the cell's.
 */
export function judgeAssertion(statements: readonly StatementOutcome[]): Verdict {
  const last = statements.at(-1);
  if (last === undefined) return unfit(`${NEEDS_SELECT}: this cell has no statement.`);
  if (!givesRows(last) || last.kind === 'EXPLAIN') return unfit(`${NEEDS_SELECT} as its last statement, and ${last.kind} gives no rows.`);
  const { columns, rowCount, preview } = last.result;
  if (rowCount === 0) return { state: 'passed', text: 'passed', message: '' };
  const [column] = columns;
  const isCondition = columns.length === 1 && column?.type === 'BOOLEAN';
  if (!isCondition || rowCount > 1) {
    const rows = formatRows(rowCount);
    return failed(`failed: ${rows}`, NO_ROWS, rows, rowsAdvice(last, isCondition));
  }
  const value = preview[0]?.[0];
  if (value === true) return { state: 'passed', text: 'passed', message: '' };
  return value === null ? failed('failed: NULL', TRUE, 'NULL', ' NULL is not true.') : failed('failed: false', TRUE, 'false', '');
}

/** The cell's own words for what was to be true, where it has some. */
export function assertionMessage({ message }: Verdict, title: string): string {
  return title === '' || message === '' ? message : `${title}: ${message}`;
}

/** What people meant who write a count or a list of conditions. */
function rowsAdvice({ result: { columns, rowCount } }: StatementOutcome, isCondition: boolean): string {
  if (isCondition) return ' Several conditions become one with bool_and(…).';
  const isNumber = columns.length === 1 && /INT|DECIMAL|DOUBLE|FLOAT/.test(columns[0]?.type ?? '');
  return isNumber && rowCount === 1 ? ' A number is compared to be a condition, as in SELECT count(*) = 0.' : '';
}

function failed(text: string, expected: string, actual: string, advice: string): Verdict {
  return { state: 'failed', text, message: `Expected ${expected}, got ${actual}.${advice}`, expected, actual };
}

function unfit(message: string): Verdict {
  return { state: 'unfit', text: 'no assertion', message };
}
