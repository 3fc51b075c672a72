import { expect } from 'vitest';
import { isRepeatable, type Step, TwinPlayer } from './twinPlayer.ts';

/** A history in which a naive cache lies. */
export interface Scenario {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
}

/** Plays a scenario in a cached engine and in one without a cache, and expects the same answers; gives the cache's hits. */
export async function playScenario(scenario: Scenario): Promise<number> {
  const [cached, bare] = await Promise.all([TwinPlayer.open(true), TwinPlayer.open(false)]);
  const volatile: string[] = [];
  try {
    for (const step of scenario.steps) {
      const [answer, truth] = [await cached.play(step), await bare.play(step)];
      if (step.ignore) continue;
      if (step.error) expect(truth.text, step.sql).toBe('failed');
      else expect(truth.failure, step.sql).toBeUndefined();
      if (step.volatile) volatile.push(answer.text);
      else expect(answer.text, step.sql).toBe(truth.text);
      if (isRepeatable(step)) expect((await cached.play(step)).text, `${step.sql}, a second time`).toBe(truth.text);
    }
    expect(new Set(volatile).size, 'volatile steps must all differ').toBe(volatile.length);
    return cached.hits;
  } finally {
    await Promise.all([cached.close(), bare.close()]);
  }
}
