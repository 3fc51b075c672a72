import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { Freshness, Reading } from '../../engine/types.ts';
import type { Scenario } from './playScenario.ts';
import { type Step, TwinPlayer } from './twinPlayer.ts';

/** How often a question was asked again, and what its earlier answer was said to be. */
export interface FreshnessCount {
  /** Right: the answer was another one, and nobody said that it was fresh. */
  noticed: number;
  /** Right: the answer was the same, and was said to be fresh. */
  fresh: number;
  /** The answer was the same and said to be stale. */
  falseAlarms: number;
  /** The answer was the same, and nothing was claimed. */
  unknown: number;
}

/** `inspect` tells -0 from 0 and 1n from 1. */
const EXACTLY = { depth: null, maxStringLength: null, maxArrayLength: null };

interface Asked {
  readonly text: string;
  readonly readings: readonly Reading[];
}

export function noCount(): FreshnessCount {
  return { noticed: 0, fresh: 0, falseAlarms: 0, unknown: 0 };
}

/**
 * Plays a scenario and asks after each step of every earlier answer whether it is fresh. When a question comes again and an engine
 * without a cache gives another answer, the earlier one must not have been called fresh. `each`: only after each so many steps.
 */
export async function playFreshness(scenario: Pick<Scenario, 'name' | 'steps'>, count: FreshnessCount, each = 1): Promise<void> {
  const [watched, bare] = await Promise.all([TwinPlayer.open(true), TwinPlayer.open(false)]);
  const asked = new Map<string, Asked>();
  try {
    for (const [index, step] of scenario.steps.entries()) {
      const question = inspect([step.session, step.sql, step.params, step.maxRows, step.useCache], EXACTLY);
      const earlier = asked.get(question);
      const said = earlier && (await freshnessOf(earlier.readings));
      const [answer, truth] = [await watched.play(step), await bare.play(step)];
      if (earlier && said && !step.ignore && isAnswered(step))
        tell(count, said, earlier.text === truth.text, `${scenario.name}: ${step.sql.slice(0, 200)}`);
      if (answer.readings && isAnswered(step)) asked.set(question, { text: truth.text, readings: answer.readings });
      else asked.delete(question);
      if (index % each === 0) for (const { readings } of asked.values()) await freshnessOf(readings);
    }
  } finally {
    await Promise.all([watched.close(), bare.close()]);
  }
}

function isAnswered(step: Step): boolean {
  return step.op === undefined && step.change === undefined && !step.error;
}

function tell(count: FreshnessCount, said: Freshness['state'], same: boolean, what: string): void {
  if (!same) {
    expect(said, `${what} was said to be`).not.toBe('fresh');
    count.noticed++;
  } else if (said === 'fresh') count.fresh++;
  else if (said === 'stale') count.falseAlarms++;
  else count.unknown++;
}

/** Of a script: the worst of its statements. */
async function freshnessOf(readings: readonly Reading[]): Promise<Freshness['state']> {
  const states: Freshness['state'][] = [];
  for (const reading of readings) states.push((await reading.freshness()).state);
  for (const state of ['stale', 'unknown', 'fresh'] as const) if (states.includes(state)) return state;
  return 'done';
}
