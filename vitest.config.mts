import { defineConfig } from 'vitest/config';

const shared = {
  globalSetup: 'test/support/bundleServer.ts',
  testTimeout: 20_000,
  hookTimeout: 20_000,
};

export default defineConfig({
  test: {
    // Each file opens DuckDB: more than the cores only makes them wait for one another.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/vscode/**', 'test/slow/**'],
          // A process for each file would cost as much as the tests themselves.
          isolate: false,
        },
      },
      // Stress, faults, long random histories, other editors: `npm test` runs them, the quick gate does not.
      { test: { ...shared, name: 'slow', include: ['test/slow/**/*.test.ts'] } },
    ],
  },
});
