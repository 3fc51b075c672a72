import {
  ACTIVITY_MS,
  type ActivityDetails,
  type ActivityNews,
  type ActivitySample,
  type CleanUpMark,
  type RunningQuery,
} from '../../server/protocol/activity.ts';

const NO_DETAILS: ActivityDetails = { entries: [], slowest: [], mostSaved: [], spillFiles: [], spillFolder: '' };

/** What is known of what goes on, from one piece of news after the other. */
export class ActivityHistory {
  samples: readonly ActivitySample[] = [];
  cleanUps: readonly CleanUpMark[] = [];
  running: readonly RunningQuery[] = [];
  /** Of all; those in the list are the oldest. */
  runningCount = 0;
  details = NO_DETAILS;
  /** The database is open; undefined before the first news. */
  open: boolean | undefined;
  /** Unix milliseconds at which a server took the place of another one, whose figures are gone. */
  restartedAt: number | undefined;
  #startedAt: number | undefined;

  take(news: ActivityNews): void {
    if (this.#startedAt !== undefined && this.#startedAt !== news.serverStartedAt) {
      this.samples = [];
      this.details = NO_DETAILS;
      this.restartedAt = news.serverStartedAt;
    }
    this.#startedAt = news.serverStartedAt;
    const [first] = news.samples;
    if (first) {
      const kept = this.samples.filter(({ at }) => at < first.at);
      const newest = news.samples.at(-1)?.at ?? first.at;
      this.samples = [...kept, ...news.samples].filter(({ at }) => at > newest - ACTIVITY_MS);
    }
    this.cleanUps = news.cleanUps;
    this.running = news.running;
    this.runningCount = news.runningCount;
    this.open = news.open;
    if (news.details) this.details = news.details;
  }
}
