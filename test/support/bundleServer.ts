import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '..', '..');

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the server's program, bundled from the source as it is. */
    serverProgram: string;
  }
}

/** Before any test: bundles the server as the product's build does, into a folder of its own that goes after the last test. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-program-'));
  const program = join(folder, 'dist', 'server', 'main.js');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['server/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@duckdb/node-bindings-*', 'detect-libc'],
    logLevel: 'error',
  });
  project.provide('serverProgram', program);
  const state = project.config.env['KODIAK_STATE_DIR'];
  return () => {
    for (const left of [folder, state]) if (left !== undefined) rmSync(left, { recursive: true, force: true });
  };
}
