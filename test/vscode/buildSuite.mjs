#!/usr/bin/env node
// Bundles the suite that runs inside the extension host into dist/test/suite.
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: readdirSync('test/vscode/suite')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/vscode/suite/${file}`),
  outdir: 'dist/test/suite',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  external: ['vscode'],
});
