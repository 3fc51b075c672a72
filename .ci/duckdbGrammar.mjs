// DuckDB's own grammar of its SQL and the names of its functions, taken from the installed library: what esbuild needs to put them into a bundle.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const FEWEST_RULES = 700;

/** Options that define both for `engine/duckdb/grammarText.ts` and `builtInFunctions.ts`, with DuckDB's licence in front of the bundle. */
export async function duckdbGrammar() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve(`@duckdb/node-bindings-${process.platform}-${process.arch}/package.json`));
  const text = await readGrammar(require);
  const rules = text.match(/^[A-Za-z]\w*(?:\(\w+\))?[ \t]*<-/gm)?.length ?? 0;
  if (rules < FEWEST_RULES) throw new Error(`DuckDB's library holds a grammar of ${rules} rules; ${FEWEST_RULES} or more were expected.`);
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trim().replaceAll('*/', '* /');
  return {
    define: {
      KODIAK_DUCKDB_GRAMMAR: JSON.stringify({ version: require('@duckdb/node-api').version(), text }),
      KODIAK_DUCKDB_FUNCTIONS: JSON.stringify(await readFunctions(require)),
    },
    banner: { js: `/*! Holds the grammar of DuckDB (https://duckdb.org).\n${licence} */` },
  };
}

async function readGrammar(require) {
  return await (await loaded('engine/duckdb/grammarText.ts', require)).grammarText();
}

/** What `builtInFunctions.ts` asks of a library. */
async function readFunctions(require) {
  const { DuckDBInstance, version } = require('@duckdb/node-api');
  const { builtInFunctions } = await loaded('engine/duckdb/builtInFunctions.ts', require);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await builtInFunctions({ rows: async (sql) => (await connection.runAndReadAll(sql)).getRows() });
  connection.closeSync();
  instance.closeSync();
  return { library: `${version()} ${process.platform}-${process.arch}`, rows };
}

/** Reads the library as the program itself does. */
async function loaded(entryPoint, require) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    external: ['@duckdb/*'],
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);
  return module.exports;
}
