import { type Effect, isNothing, UNKNOWN_EFFECT } from './cache/effect.ts';
import type { Write } from './cache/versions.ts';
import type { RunContext } from './queryRun.ts';

/** What a statement may change, as far as it was known when `Versions.definitions` stood there. */
export interface DatedEffect extends Write {
  readonly effect: Effect;
  readonly definitions: number;
}

/** Runs a statement under the memory watchdog, and moves the counters of what it may change before and after. Called once it is admitted. */
export async function runWithEffect<T>(
  context: RunContext,
  { effect: expected, definitions, ...write }: DatedEffect,
  signal: AbortSignal | undefined,
  run: (watched: AbortSignal, grownBytes: () => number) => Promise<T>,
): Promise<T> {
  // What it changes was found by name, and names may mean something else by now.
  const effect = isNothing(expected) || context.versions.definitions === definitions ? expected : UNKNOWN_EFFECT;
  // A database that a connection looks at, for a plan perhaps, cannot be attached anew after DETACH.
  if (effect.all) await Promise.all(context.learning);
  const watched = () => context.watch(signal, run);
  return isNothing(effect)
    ? await watched()
    : await context.versions.around({ ...write, effect }, () => context.databaseFiles.around(watched));
}
