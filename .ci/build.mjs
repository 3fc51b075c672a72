#!/usr/bin/env node
// Bundles every program of the product into dist/: `node .ci/build.mjs [--watch] [--production]`.
import { rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { duckdbGrammar } from './duckdbGrammar.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const shared = {
  absWorkingDir: process.cwd(),
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  legalComments: 'none',
};
/** Folders of client/renderer with a page of their own. */
const PAGES = ['asOf', 'comparison', 'graph', 'monitor', 'panel', 'params', 'saved', 'viewer'];
/** Parts of Vega for maps, trees, clouds and forces, which no chart of ours has: an eighth of its size. */
const unusedVega = {
  name: 'unusedVega',
  setup(builder) {
    const names = 'force|geo|hierarchy|label|voronoi|wordcloud|crossfilter|regression|projection';
    builder.onResolve({ filter: new RegExp(`^vega-(?:${names})$`) }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: '' }));
  },
};
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', '@duckdb/node-bindings-*', 'detect-libc'],
};
const withGrammar = { ...node, ...(await duckdbGrammar()) };
const bundles = [
  { ...node, entryPoints: ['client/extension.ts'], outfile: 'dist/client/extension.js' },
  // Loaded at the first export of a chart; drawn without a canvas, which Vega looks for where it is built for Node.
  {
    ...shared,
    platform: 'browser',
    target: 'node20',
    format: 'cjs',
    entryPoints: ['client/renderer/chart/chartPicture.ts'],
    outfile: 'dist/client/chartPicture.js',
  },
  // Pages of notebooks, which few runs of the terminal's program write.
  { ...node, entryPoints: ['client/exchange/notebookPage.ts'], outfile: 'dist/client/notebookPage.js' },
  { ...withGrammar, entryPoints: ['server/main.ts'], outfile: 'dist/server/main.js' },
  { ...node, entryPoints: ['server/start.ts'], outfile: 'dist/server/start.js' },
  { ...node, entryPoints: ['client/terminal/start.ts'], outfile: 'dist/client/terminal/start.js' },
  { ...withGrammar, entryPoints: ['engine/engine.ts'], outfile: 'dist/engine/engine.js' },
  { ...node, entryPoints: ['client/terminal/main.ts'], outfile: 'dist/client/terminal/main.js', banner: { js: '#!/usr/bin/env node' } },
  // The pages of webviews and of a notebook's outputs. What several of them have in common, such as the grid, lies in `shared` once;
  // charts stand apart from the pages that load them, because a table needs none.
  {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    splitting: true,
    entryPoints: {
      main: 'client/renderer/main.ts',
      chart: 'client/renderer/chart/main.ts',
      ...Object.fromEntries(PAGES.map((page) => [`${page}/main`, `client/renderer/${page}/main.ts`])),
    },
    chunkNames: 'shared/[name]-[hash]',
    outdir: 'dist/client/renderer',
    plugins: [unusedVega],
    // Pages adopt style sheets as texts.
    loader: { '.css': 'text' },
  },
];

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  for (const folder of ['client', 'server', 'engine']) rmSync(`dist/${folder}`, { recursive: true, force: true });
  await Promise.all(bundles.map((options) => build(options)));
  await chmod('dist/client/terminal/main.js', 0o755);
}
