import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 20_000, hookTimeout: 20_000 };
/** No test writes into the home of who runs it. */
const env = { KODIAK_STATE_DIR: join(tmpdir(), `kodiak-state-${process.pid}`) };
const shared = { ...limits, env, globalSetup: 'test/support/bundleServer.ts' };

/** Measures its own process, which must not be that of other tests. */
const ALONE = 'test/engine/engineMemory.test.ts';

/** Many questions to the language server, put to one that the files share. */
const EXAM = 'test/slow/server/language/exam/**/*.test.ts';

export default defineConfig({
  test: {
    // What takes most of a second or more, and has quicker tests beside it. `npm test` runs them, the quick gate does not.
    tags: [{ name: 'slow', description: 'Real time, real processes, many samples or large results.' }],
    // Each file opens DuckDB: more than the cores only makes them wait for one another.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/vscode/**', 'test/slow/**', ALONE],
          // A process for each file would cost as much as the tests themselves.
          isolate: false,
        },
      },
      { test: { ...limits, env, name: 'alone', include: [ALONE] } },
      // Stress, faults, long random histories, other editors: `npm test` runs them, the quick gate does not.
      { test: { ...shared, name: 'slow', include: ['test/slow/**/*.test.ts'], exclude: [EXAM], testTimeout: 300_000 } },
      { test: { ...shared, name: 'exam', include: [EXAM], testTimeout: 300_000, isolate: false } },
    ],
  },
});
