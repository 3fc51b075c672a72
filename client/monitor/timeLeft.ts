import type { QueryProgressParams } from '../../server/protocol/requests.ts';

/** Sooner than this nothing is said. */
const MIN_ELAPSED_MS = 2_000;
const MIN_PERCENT = 3;
const MIN_SAMPLES = 4;
/** The pace is that of about the last so many milliseconds. */
const MEMORY_MS = 5_000;
/** The pace lately and the pace since the beginning may differ by this much; else neither is believed. */
const MAX_DISAGREEMENT = 3;
/** How far a new estimate moves what is said. */
const EASE = 0.3;

interface Sample {
  readonly elapsedMs: number;
  readonly percent: number;
}

/**
 * How long a statement will take yet, from how far DuckDB says it is. DuckDB counts by pipelines, whose pace differs: an estimate is given only
 * while the pace is steady, and what is said moves slowly towards a new one, while time goes by.
 */
export class TimeLeft {
  #samples: Sample[] = [];
  #statement = -1;
  /** When the whole would end, as it was said last. */
  #endMs: number | undefined;

  /** Milliseconds that are left; undefined while nobody can tell. */
  update({
    elapsedMs,
    percent,
    statementIndex,
  }: Pick<QueryProgressParams, 'elapsedMs' | 'percent' | 'statementIndex'>): number | undefined {
    const last = this.#samples.at(-1);
    // A new pipeline begins again: what was learnt does not hold for it.
    if (statementIndex !== this.#statement || (last !== undefined && percent !== undefined && percent < last.percent - 1)) this.#reset();
    this.#statement = statementIndex;
    if (percent === undefined || percent >= 100) return undefined;
    if (last === undefined || percent > last.percent || this.#samples.length === 0) this.#samples.push({ elapsedMs, percent });
    const estimate = this.#estimate(elapsedMs, percent);
    if (estimate === undefined) {
      this.#endMs = undefined;
      return undefined;
    }
    const end = elapsedMs + estimate;
    this.#endMs = this.#endMs === undefined ? end : this.#endMs + EASE * (end - this.#endMs);
    return Math.max(0, this.#endMs - elapsedMs);
  }

  #reset(): void {
    this.#samples = [];
    this.#endMs = undefined;
  }

  #estimate(elapsedMs: number, percent: number): number | undefined {
    const [first] = this.#samples;
    if (first === undefined || this.#samples.length < MIN_SAMPLES || percent < MIN_PERCENT) return undefined;
    if (elapsedMs - first.elapsedMs < MIN_ELAPSED_MS) return undefined;
    const recent = this.#samples.findLast((sample) => sample.elapsedMs <= elapsedMs - MEMORY_MS) ?? first;
    const overall = (percent - first.percent) / (elapsedMs - first.elapsedMs);
    const lately = (percent - recent.percent) / (elapsedMs - recent.elapsedMs);
    if (overall <= 0 || lately <= 0 || Math.max(overall / lately, lately / overall) > MAX_DISAGREEMENT) return undefined;
    return (100 - percent) / lately;
  }
}

/** `about 12 s left`, in steps that a reader can follow. */
export function timeLeftText(leftMs: number): string {
  const seconds = leftMs / 1000;
  if (seconds < 1) return 'about 1 s left';
  if (seconds < 20) return `about ${Math.round(seconds)} s left`;
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}
