import { ACTIVITY_MS, type ActivitySample } from '../protocol/activity.ts';

/** A silence of more than this is drawn as one: nothing changed in it. */
const GAP_MS = 2_000;

/** The samples of the last 15 minutes, at most one for each second. Nothing is sampled while nothing happens. */
export class SampleRing {
  #samples: ActivitySample[] = [];

  add(sample: ActivitySample): void {
    const at = Math.floor(sample.at / 1000) * 1000;
    const last = this.#samples.at(-1);
    // The clock of the machine was set back: what was sampled would lie in the future.
    if (last && last.at > at) this.#samples = [];
    else if (last?.at === at) this.#samples.pop();
    // Without it a line would lead slowly from what was then to what is now.
    else if (last && at - last.at > GAP_MS) this.#samples.push({ ...last, at: at - 1000 });
    this.#samples.push({ ...sample, at });
    const first = this.#samples.findIndex((one) => one.at > at - ACTIVITY_MS);
    if (first > 0) this.#samples.splice(0, first);
  }

  /** Those of that moment and later, oldest first. */
  since(at: number): ActivitySample[] {
    let index = this.#samples.length;
    while (index > 0 && (this.#samples[index - 1]?.at ?? 0) >= at) index--;
    return this.#samples.slice(index);
  }
}
