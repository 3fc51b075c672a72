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
const PAGES = ['asOf', 'chart', 'comparison', 'graph', 'monitor', 'panel', 'params', 'saved', 'viewer'];
/** Parts of Vega for maps, trees, clouds and forces, which no chart of ours has: an eighth of its size. */
const unusedVega = {
  name: 'unusedVega',
  setup(builder) {
    const names = 'force|geo|hierarchy|label|voronoi|wordcloud|crossfilter|regression|projection';
    builder.onResolve({ filter: new RegExp(`^vega-(?:${names})$`) }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: '' }));
  },
};
/** What pages have in common, such as the grid, is in the bundle of the notebook's outputs. */
const fromMain = {
  name: 'fromMain',
  setup(builder) {
    builder.onResolve({ filter: /^\.\.\/shared\.ts$/ }, () => ({ path: '../main.js', external: true }));
    builder.onLoad({ filter: /client.renderer.(?:grid|pageClient|popupMenu|resultTabs|resultView|whenSeen)\.ts$/ }, ({ path }) => ({
      errors: [{ text: `A page that imports ${path} past '../shared.ts' would have a second copy of it, with a state of its own.` }],
    }));
  },
};
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', '@duckdb/node-bindings-*', 'detect-libc'],
};
const page = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  // Pages adopt style sheets as texts.
  loader: { '.css': 'text' },
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
  // A notebook's outputs. Each file of a page takes a way of its own through VS Code, up to a second while a window opens: this is one.
  { ...page, entryPoints: ['client/renderer/main.ts'], outfile: 'dist/client/renderer/main.js' },
  // The pages of webviews, the small outputs, and charts, which a table does not need.
  {
    ...page,
    entryPoints: Object.fromEntries(PAGES.map((name) => [`${name}/main`, `client/renderer/${name}/main.ts`])),
    outdir: 'dist/client/renderer',
    plugins: [unusedVega, fromMain],
  },
];

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  for (const folder of ['client', 'server', 'engine']) rmSync(`dist/${folder}`, { recursive: true, force: true });
  await Promise.all(bundles.map((options) => build(options)));
  await chmod('dist/client/terminal/main.js', 0o755);
}
