import { messageOf } from '../base/errors.ts';
import type { CleanUpResult } from '../types.ts';

/** One way to free memory. */
export interface CleanUpStep {
  readonly name: string;
  /** Frees at least `bytes` if it can, and little more; gives the bytes freed. */
  free(bytes: number): number | Promise<number>;
  /** True when what it frees is what the monitor counts as kept. */
  readonly kept?: boolean;
  /**
   * True for a step that returns to the system what the steps before it freed: it runs whenever they freed something, and only
   * what it gives beyond that is counted.
   */
  readonly returns?: boolean;
}

/**
 * Frees at least `bytes` by the steps in their order, each only as far as the ones before left a need. A step that fails is one
 * that freed nothing, with a line for the log. The result has a row for each step that ran.
 */
export async function cleanUp(steps: readonly CleanUpStep[], bytes: number, log: (line: string) => void): Promise<CleanUpResult[]> {
  const results: CleanUpResult[] = [];
  let freed = 0;
  for (const step of steps) {
    const isNeeded = freed < bytes || (step.returns === true && freed > 0);
    if (!isNeeded) continue;
    const given = await freeSafely(step, Math.max(0, bytes - freed), log);
    const freedBytes = step.returns ? Math.max(0, given - freed) : given;
    freed += freedBytes;
    results.push(Object.freeze({ name: step.name, freedBytes }));
  }
  return results;
}

async function freeSafely(step: CleanUpStep, bytes: number, log: (line: string) => void): Promise<number> {
  try {
    return Math.max(0, await step.free(bytes));
  } catch (thrown) {
    log(`Memory could not be freed (${step.name}): ${messageOf(thrown)}`);
    return 0;
  }
}
