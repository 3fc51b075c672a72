import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';

/** What a cell read. Of a table only the name: what it holds shows in the answers. */
export type SourcePrint =
  | { readonly table: string }
  | { readonly file: string; readonly bytes: number; readonly sha256: string }
  /** Too large to be read again for this. */
  | { readonly file: string; readonly bytes: number; readonly modified: string }
  | { readonly file: string; readonly missing: true };

const MAX_HASHED_BYTES = 1024 ** 3;
const FILE = 'file:';

/** Reads the files that cells read, each once in a run. Paths are relative to a folder, with `/`. */
export class SourcePrints {
  readonly #folder: string;
  readonly #known = new Map<string, Promise<SourcePrint>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `reads` as in `WireEffects`; variables and named results are no sources of their own. */
  async of(reads: readonly string[]): Promise<SourcePrint[]> {
    const wanted = [...new Set(reads)].filter((name) => !/^(?:variable|result):/.test(name)).sort();
    return await Promise.all(wanted.map((name) => (name.startsWith(FILE) ? this.#file(name.slice(FILE.length)) : { table: name })));
  }

  #file(path: string): Promise<SourcePrint> {
    const known = this.#known.get(path) ?? filePrint(path, relative(this.#folder, path).replaceAll('\\', '/'));
    this.#known.set(path, known);
    return known;
  }
}

async function filePrint(path: string, file: string): Promise<SourcePrint> {
  try {
    const { size, mtime } = await stat(path);
    if (size > MAX_HASHED_BYTES) return { file, bytes: size, modified: mtime.toISOString() };
    const hash = createHash('sha256');
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
    return { file, bytes: size, sha256: hash.digest('hex') };
  } catch {
    return { file, missing: true };
  }
}
