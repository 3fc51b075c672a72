import type { History } from './cacheHistory.ts';
import { type Played, playHistory } from './playHistory.ts';
import type { Step } from './twinPlayer.ts';

/** Replays that shrinking may take, and time for them. */
const MAX_REPLAYS = 150;
const MAX_SECONDS = 120;

/** The shortest history found that still ends in a mismatch, by leaving out ever smaller pieces (ddmin by Andreas Zeller). */
export async function shrinkHistory(
  history: History,
  played: Played,
): Promise<{ readonly steps: readonly Step[]; readonly mismatch: Played['mismatch'] }> {
  let steps = history.steps.slice(0, (played.mismatch?.index ?? history.steps.length) + 1);
  let { mismatch } = played;
  let replays = 0;
  const until = Date.now() + MAX_SECONDS * 1000;
  const goesOn = () => replays < MAX_REPLAYS && Date.now() < until;
  for (let size = Math.ceil(steps.length / 2); size >= 1 && goesOn(); ) {
    let shorter = false;
    for (let start = 0; start < steps.length - 1 && goesOn(); ) {
      const fewer = [...steps.slice(0, start), ...steps.slice(Math.min(start + size, steps.length - 1))];
      replays++;
      const outcome = await playHistory({ ...history, steps: fewer });
      if (outcome.mismatch) {
        steps = fewer.slice(0, outcome.mismatch.index + 1);
        ({ mismatch } = outcome);
        shorter = true;
      } else {
        start += size;
      }
    }
    if (size === 1 && !shorter) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { steps, mismatch };
}
