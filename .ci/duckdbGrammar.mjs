// DuckDB's own grammar of its SQL, taken from the installed library: what esbuild needs to put it into a bundle.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const FEWEST_RULES = 700;

/** Options that define the grammar for `engine/duckdb/grammarText.ts`, with DuckDB's licence in front of the bundle. */
export async function duckdbGrammar() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve(`@duckdb/node-bindings-${process.platform}-${process.arch}/package.json`));
  const text = await readGrammar(require);
  const rules = text.match(/^[A-Za-z]\w*(?:\(\w+\))?[ \t]*<-/gm)?.length ?? 0;
  if (rules < FEWEST_RULES) throw new Error(`DuckDB's library holds a grammar of ${rules} rules; ${FEWEST_RULES} or more were expected.`);
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trim().replaceAll('*/', '* /');
  return {
    define: { KODIAK_DUCKDB_GRAMMAR: JSON.stringify({ version: require('@duckdb/node-api').version(), text }) },
    banner: { js: `/*! Holds the grammar of DuckDB (https://duckdb.org).\n${licence} */` },
  };
}

/** Reads the library as the program itself does. */
async function readGrammar(require) {
  const { outputFiles } = await build({
    entryPoints: ['engine/duckdb/grammarText.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    external: ['@duckdb/*'],
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);
  return await module.exports.grammarText();
}
