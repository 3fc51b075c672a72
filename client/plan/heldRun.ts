import type { RunHeldParams } from '../../server/protocol/requests.ts';
import { operatorName } from './operatorText.ts';
import { roughRows } from './roughCount.ts';

/** What a person wants of a statement that may produce very many rows. */
export type HeldDecision = 'run' | 'plan' | 'cancel';

/** Who is asked about such statements, and from how many rows on. */
export interface RunGuard {
  /** 0: nobody is asked. */
  warnAboveRows(): number;
  decide(held: RunHeldParams, sql: string): Promise<HeldDecision>;
}

const MAX_SQL = 300;

/** The question about a statement, and what stands below it. */
export function heldQuestion(
  { rows, operator, start, end }: RunHeldParams,
  sql: string,
): { readonly message: string; readonly detail: string } {
  const step = operatorName({ kind: operator, details: [] }).toLowerCase();
  const statement = sql.slice(start, end);
  const short = statement.length > MAX_SQL ? `${statement.slice(0, MAX_SQL)}…` : statement;
  return {
    message: `This statement may produce about ${roughRows(rows)} (${operator.includes('_') ? operator : step}). Run anyway?`,
    detail: `${short}\n\nDuckDB expects so many rows at one of its steps. The setting kodiak.run.warnAboveRows says from how many on you are asked.`,
  };
}
