import type { ActivityNews } from '../../server/protocol/activity.ts';
import { sessionName } from '../monitor/sessionName.ts';
import { visible, visibleLines } from '../text/displayText.ts';

/** News whose texts are fit to be shown: nothing in them changes how the text around them looks. */
export function shownNews(news: ActivityNews): ActivityNews {
  const { running, details } = news;
  return {
    ...news,
    running: running.map((query) => ({
      ...query,
      sql: visibleLines(query.sql),
      ...(query.label !== undefined && { label: visible(query.label) }),
    })),
    ...(details && {
      details: {
        ...details,
        entries: details.entries.map((entry) => ({
          ...entry,
          sql: visibleLines(entry.sql),
          proof: visible(entry.proof),
          sources: entry.sources.map(visible),
        })),
        slowest: details.slowest.map((total) => ({ ...total, sql: visibleLines(total.sql) })),
        mostSaved: details.mostSaved.map((total) => ({ ...total, sql: visibleLines(total.sql) })),
        spillFiles: details.spillFiles.map((file) => ({ ...file, name: visible(file.name) })),
        spillFolder: visible(details.spillFolder),
      },
    }),
  };
}

/** What the sessions in the news are called. */
export function sessionNames({ running, details }: ActivityNews, isNotebook: (sessionId: string) => boolean): Record<string, string> {
  const sessions = [...running, ...(details?.slowest ?? []), ...(details?.mostSaved ?? [])].map(({ sessionId }) => sessionId);
  return Object.fromEntries(sessions.map((sessionId) => [sessionId, visible(sessionName(sessionId, isNotebook(sessionId)))]));
}
