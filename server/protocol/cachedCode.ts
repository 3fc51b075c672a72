import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { runtimeFolder } from './socketLocation.ts';

/**
 * Runs a bundled program as `require` would, with the code that V8 compiled in an earlier run: half of the time that a bundle takes to load
 * goes into compiling it. The code lies in the private folder of the sockets, under the file's size and time and V8's version; without such a
 * folder, or with code that V8 does not take, the program is just compiled. (Node's own way, `module.enableCompileCache`, needs Node 22.)
 */
export function runCached(file: string): unknown {
  const source = readFileSync(file, 'utf8');
  const cache = cacheOf(file);
  const cachedData = cache && readCache(cache.path);
  const script = new Script(Module.wrap(source), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  // At the end, when what was needed has been compiled.
  if (cache && (!cachedData || script.cachedDataRejected)) process.once('exit', () => writeCache(cache, script));
  const module = { exports: {} as unknown };
  const run = script.runInThisContext() as (...given: readonly unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

interface CodeCache {
  readonly folder: string;
  readonly path: string;
  /** Of the names of all caches of the program. */
  readonly prefix: string;
}

/** Undefined where others could write what is run. */
function cacheOf(file: string): CodeCache | undefined {
  const folder = runtimeFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    if (process.platform !== 'win32' && (uid !== process.getuid?.() || (mode & 0o077) !== 0)) return undefined;
    const { size, mtimeMs } = lstatSync(file);
    const prefix = `code-${hash(file)}-`;
    const name = `${prefix}${hash([size, mtimeMs, process.version, process.arch, process.execArgv.join(' ')].join('\n'))}`;
    return { folder, path: join(folder, name), prefix };
  } catch {
    return undefined;
  }
}

function readCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Caches of earlier builds go. A full disk is no reason to fail. */
function writeCache({ folder, path, prefix }: CodeCache, script: Script): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, script.createCachedData(), { mode: 0o600 });
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (name.startsWith(prefix) && other !== unfinished) rmSync(other, { force: true });
    }
    renameSync(unfinished, path);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
