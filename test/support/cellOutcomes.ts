import type { Cell, CellOutcome, Row, Session } from '../../engine/types.ts';

/** Cells `c1`, `c2` … with these texts. */
export const cellsOf = (...scripts: string[]): Cell[] => scripts.map((sql, index) => ({ id: `c${index + 1}`, sql }));

/** What a reader sees of an outcome; its results are released. */
export async function describeOutcome(outcome: CellOutcome): Promise<unknown> {
  if (outcome.kind === 'skipped') return outcome.reason;
  const answers: Row[][] = [];
  for (const result of outcome.results) {
    answers.push(await result.page(0, result.rowCount));
    result.release();
  }
  return outcome.kind === 'done' ? answers : [...answers, `${outcome.error.code}: ${outcome.error.message}`];
}

/** Runs cells of a session; what a reader sees of each. */
export async function runCells(session: Session, ...scripts: string[]): Promise<unknown[]> {
  const outcomes = await session.runCells(cellsOf(...scripts));
  return await Promise.all(outcomes.map(describeOutcome));
}
