import type { History } from './cacheHistory.ts';
import { isRepeatable, type Step, TwinPlayer } from './twinPlayer.ts';

/** What came of a history. */
export interface Played {
  readonly comparisons: number;
  /** Comparisons of steps outside of transactions. */
  readonly outside: number;
  /** Of these: answered by the cache. */
  readonly hits: number;
  /** Steps that failed, in both engines alike. */
  readonly failures: number;
  /** How often the cached engine lent a connection. */
  readonly loans: number;
  /** DuckDB met an internal error, after which it answers nothing more. */
  readonly abandoned: boolean;
  /** The first step that the two engines answered differently. */
  readonly mismatch?: { readonly index: number; readonly answer: string; readonly truth: string };
}

/**
 * Plays a history in a cached engine and in one without a cache, step by step, until they differ. With `connections` the sessions of the
 * cached one have to share so many; it must be enough for all that are in the history.
 */
export async function playHistory(history: History, connections?: number): Promise<Played> {
  const [cached, bare] = await Promise.all([TwinPlayer.open(true, connections), TwinPlayer.open(false)]);
  const counts = {
    comparisons: 0,
    outside: 0,
    hits: 0,
    failures: 0,
    abandoned: false,
    get loans() {
      return cached.engine.stats().pool.acquired;
    },
  };
  /** Sessions that may be in a transaction. */
  const open = new Set<string>();
  try {
    for (const step of history.setUp) {
      const [answer, truth] = await Promise.all([cached.play(step), bare.play(step)]);
      if (truth.failure !== undefined) throw new Error(`The set-up fails: ${truth.failure}`);
      if (answer.failure !== undefined) throw new Error(`The set-up fails with a cache: ${answer.failure}`);
    }
    for (const [index, made] of history.steps.entries()) {
      const step = open.has(made.session) ? withoutLimit(made) : made;
      const [answer, truth] = await Promise.all([cached.play(step), bare.play(step)]);
      if (isFatal(answer.failure) || isFatal(truth.failure)) return { ...counts, abandoned: true };
      trackTransaction(open, step, truth.failure !== undefined);
      if (step.change || step.ignore) continue;
      counts.comparisons++;
      if (!open.has(step.session)) counts.outside++;
      if (truth.failure !== undefined) counts.failures++;
      if (answer.proved) counts.hits++;
      if (step.volatile) {
        if (answer.proved)
          return { ...counts, mismatch: { index, answer: `${answer.text}, from the cache`, truth: 'another answer each time' } };
        continue;
      }
      // What EXPLAIN ANALYZE tells are times.
      if (/^explain analyze/.test(step.sql) && answer.failure === truth.failure) continue;
      if (answer.text !== truth.text) return { ...counts, mismatch: { index, answer: explain(answer), truth: explain(truth) } };
      if (!isRepeatable(step) || index % 8 === 7) continue;
      // Asking again changes nothing, so the truth is known already; what the cache has by then it gives a third time.
      for (let turn = 0, proved = true; turn < 2 && proved; turn++) {
        const again = await cached.play({ ...step, all: turn > 0 });
        proved = again.proved;
        counts.comparisons++;
        if (!open.has(step.session)) counts.outside++;
        if (again.proved) counts.hits++;
        if (truth.failure !== undefined) counts.failures++;
        if (again.text !== truth.text)
          return { ...counts, mismatch: { index, answer: `${explain(again)}, asked again`, truth: explain(truth) } };
      }
    }
    return counts;
  } finally {
    await Promise.all([cached.close(), bare.close()]);
  }
}

function explain({ text, failure }: { readonly text: string; readonly failure?: string }): string {
  return failure === undefined ? text : `${text}: ${failure}`;
}

function isFatal(failure: string | undefined): boolean {
  return failure !== undefined && /INTERNAL Error|FATAL Error|database has been invalidated/i.test(failure);
}

/** A query that is stopped after so many rows can abort the transaction it is in, or come to its end before. */
function withoutLimit(step: Step): Step {
  const { maxRows: _, ...rest } = step;
  return rest;
}

/** By the text; a script that failed may have left a transaction open. */
function trackTransaction(open: Set<string>, step: Step, failed: boolean): void {
  if (step.alone) open.clear();
  const words = [...step.sql.matchAll(/(?:^|;)\s*(?:\/\*.*?\*\/|--.*\n|explain analyze)?\s*(begin|start|commit|end|rollback|abort)\b/gi)];
  for (const [, word] of words) {
    if (/begin|start/i.test(word ?? '')) open.add(step.session);
    else if (!failed) open.delete(step.session);
  }
}
