import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** A module of the source with all it imports of ours, for measurements below the engine's door. */
export async function bundled(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  // In this folder, so that packages are found.
  const file = new URL(`./.bundled-${process.pid}.mjs`, import.meta.url);
  writeFileSync(file, outputFiles[0].text);
  try {
    return await import(file.href);
  } finally {
    rmSync(file);
  }
}
