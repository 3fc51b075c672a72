#!/usr/bin/env node
// Makes the VSIX for one platform: `node .ci/package.mjs [--target linux-x64] [--out out/kodiak.vsix]`.
// DuckDB's binding of that platform travels inside, in dist/node_modules; everything else is bundled.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const MAX_MEGABYTES = 30;
/** Of all pages together. */
const MAX_RENDERER_MEGABYTES = 1.5;

const option = (name, fallback) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : fallback);
const target = option('--target', `${process.platform}-${process.arch}`);
const out = resolve(option('--out', `out/kodiak-${target}.vsix`));

execFileSync(process.execPath, ['.ci/build.mjs', '--production'], { stdio: 'inherit' });
const renderer = readdirSync('dist/client/renderer', { recursive: true }).filter((name) => name.endsWith('.js'));
const bytes = renderer.reduce((sum, script) => sum + statSync(`dist/client/renderer/${script}`).size, 0);
console.log(`The scripts of pages: ${(bytes / 1e6).toFixed(2)} MB`);
if (bytes > MAX_RENDERER_MEGABYTES * 1e6) throw new Error(`The scripts of pages are larger than ${MAX_RENDERER_MEGABYTES} MB.`);

const stage = mkdtempSync(join(tmpdir(), 'kodiak-package-'));
try {
  for (const path of [
    'dist/client',
    'dist/server',
    'examples',
    'media',
    'syntaxes',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    '.vscodeignore',
  ]) {
    cpSync(path, join(stage, path), { recursive: true });
  }
  cpSync(await bindings(target), join(stage, 'dist/node_modules/@duckdb', `node-bindings-${target}`), { recursive: true });
  // Everything is bundled: vsce must neither look for dependencies nor run scripts.
  const {
    dependencies,
    devDependencies,
    scripts,
    allowScripts,
    private: _,
    ...manifest
  } = JSON.parse(readFileSync('package.json', 'utf8'));
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
  mkdirSync(resolve(out, '..'), { recursive: true });
  const vsce = resolve('node_modules/@vscode/vsce/vsce');
  execFileSync(process.execPath, [vsce, 'package', '--no-dependencies', '--target', target, '--out', out], {
    cwd: stage,
    stdio: 'inherit',
  });
} finally {
  rmSync(stage, { recursive: true });
  execFileSync(process.execPath, ['.ci/build.mjs'], { stdio: 'inherit' });
}

const megabytes = statSync(out).size / 1024 / 1024;
console.log(`${out}: ${megabytes.toFixed(1)} MB`);
if (megabytes > MAX_MEGABYTES) throw new Error(`The package is larger than ${MAX_MEGABYTES} MB.`);

/** The folder of DuckDB's binding for a platform: as installed, else fetched by npm in the pinned version. */
async function bindings(platform) {
  const installed = `node_modules/@duckdb/node-bindings-${platform}`;
  if (existsSync(installed)) return installed;
  const { version } = JSON.parse(readFileSync('node_modules/@duckdb/node-bindings/package.json', 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-bindings-'));
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--force', '--ignore-scripts', `@duckdb/node-bindings-${platform}@${version}`],
    {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  return join(folder, installed);
}
