import { expect, it } from 'vitest';
import { sessionNames, shownNews } from '../../../client/cockpit/shownNews.ts';
import type { ActivityNews } from '../../../server/protocol/activity.ts';

const QUERY = {
  id: 1,
  sessionId: 'file:///a/t.sql',
  sql: "select '\u202egnp'\n\u001b[31m",
  elapsedMs: 1,
  rows: 0,
  grownBytes: 0,
  statementIndex: 0,
  statementCount: 1,
};
const TOTAL = { sql: 'a\u0007', sessionId: 'terminal-1', runs: 1, longestMs: 1, hits: 0, savedMs: 0, lastAt: 0 };
const ENTRY = {
  id: 1,
  sql: 'b\u200b',
  sources: ['c\n'],
  rows: 1,
  bytes: 1,
  ageMs: 1,
  hits: 0,
  costMs: 1,
  proof: 'd\u2028',
  outdated: false,
};
const NEWS: ActivityNews = {
  serverStartedAt: 0,
  open: true,
  samples: [],
  cleanUps: [],
  running: [QUERY, { ...QUERY, id: 2, label: 'export to \u202ecsv' }],
  runningCount: 2,
  details: {
    entries: [ENTRY],
    slowest: [TOTAL],
    mostSaved: [TOTAL],
    spillFiles: [{ name: 'x\u0000', bytes: 1, changedAt: 0 }],
    spillFolder: '/tmp/\u202e',
  },
};

it('leaves nothing in the texts that changes how others look', () => {
  const text = JSON.stringify(shownNews(NEWS).running) + JSON.stringify(shownNews(NEWS).details);
  for (const hostile of ['\u202e', '\\u001b', '\\u0007', '\u200b', '\u2028', '\\u0000']) expect(text).not.toContain(hostile);
  expect(shownNews(NEWS).running[0]?.sql).toContain('\n');
  expect(shownNews({ ...NEWS, running: [] }).samples).toBe(NEWS.samples);
});

it('names the sessions of all that is told', () => {
  expect(sessionNames(NEWS, (sessionId) => sessionId.endsWith('t.sql'))).toEqual({
    'file:///a/t.sql': 'notebook t.sql',
    'terminal-1': 'terminal 1',
  });
});
