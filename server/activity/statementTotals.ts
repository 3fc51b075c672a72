import type { StatementTotal } from '../protocol/activity.ts';
import type { EndedRun } from '../runOutcome.ts';
import { beginningOf } from './runningQueries.ts';

const MAX_TEXTS = 300;
const MAX_LISTED = 20;

type Total = { -readonly [Key in keyof StatementTotal]: StatementTotal[Key] };

/** What statements cost and saved, by their text: a bounded number of them, those with the longest times. */
export class StatementTotals {
  readonly #now: () => number;
  readonly #totals = new Map<string, Total>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Statements that failed are not counted: what they would have taken is not known. */
  add({ sessionId, sql, result }: Pick<EndedRun, 'sessionId' | 'sql' | 'result'>): void {
    for (const { start, end, elapsedMs, result: rows } of result.statements) {
      const text = beginningOf(sql.slice(start, end));
      const total = this.#totals.get(text) ?? { sql: text, sessionId, runs: 0, longestMs: 0, hits: 0, savedMs: 0, lastAt: 0 };
      total.sessionId = sessionId;
      total.lastAt = this.#now();
      if (rows.provenance.kind === 'proved') {
        total.hits++;
        total.savedMs += rows.provenance.costMs ?? 0;
      } else {
        total.runs++;
        total.longestMs = Math.max(total.longestMs, elapsedMs);
      }
      this.#totals.set(text, total);
    }
    while (this.#totals.size > MAX_TEXTS) this.#dropLeast();
  }

  slowest(): StatementTotal[] {
    return this.#top(({ longestMs }) => longestMs);
  }

  mostSaved(): StatementTotal[] {
    return this.#top(({ savedMs }) => savedMs);
  }

  #top(by: (total: StatementTotal) => number): StatementTotal[] {
    const ranked = [...this.#totals.values()].filter((total) => by(total) > 0).sort((a, b) => by(b) - by(a));
    return ranked.slice(0, MAX_LISTED).map((total) => ({ ...total }));
  }

  #dropLeast(): void {
    let least: Total | undefined;
    for (const total of this.#totals.values()) if (!least || worthOf(total) < worthOf(least)) least = total;
    if (least) this.#totals.delete(least.sql);
  }
}

function worthOf({ longestMs, savedMs }: StatementTotal): number {
  return Math.max(longestMs, savedMs);
}
