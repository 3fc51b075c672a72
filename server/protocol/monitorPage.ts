import type { ActivityNews } from './activity.ts';
import type { WireStats } from './stats.ts';

/** Id of the view that package.json contributes for what goes on. */
export const MONITOR_VIEW = 'kodiak.monitor';

/** From the extension to the monitor's page. Texts of news are fit to be shown. */
export type MonitorMessage =
  | {
      readonly type: 'news';
      readonly news: ActivityNews;
      /** What sessions in it are called. */
      readonly names: Readonly<Record<string, string>>;
    }
  /** The figures as the status bar has them. */
  | { readonly type: 'stats'; readonly stats: WireStats }
  /** The server has ended. */
  | { readonly type: 'ended'; readonly message: string; readonly restarts: boolean }
  /** The database could not be opened. */
  | { readonly type: 'failed'; readonly message: string }
  /** What came of something that a person asked for. */
  | { readonly type: 'said'; readonly text: string };

/** Commands that the page offers. */
export type MonitorCommand = 'clearCache' | 'freeMemory' | 'newNotebook' | 'openDatabase' | 'openTour' | 'restartServer';

/** From the monitor's page to the extension. */
export type MonitorRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'cancel'; readonly id: number; readonly name: string }
  | { readonly type: 'invalidate'; readonly id: number }
  | { readonly type: 'command'; readonly command: MonitorCommand };
