import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/vscode/**', 'test/slow/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Each file opens DuckDB: more than the cores only makes them wait for one another.
    maxWorkers: 2,
  },
});
