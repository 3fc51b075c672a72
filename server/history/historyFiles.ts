import { chmod, type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const CURRENT = 'statements.jsonl';
/** What became too large: the time in its name is that of the rename. */
const OLDER = /^statements-\d{8}T\d{9}Z-\d+(?:-\d+)?\.jsonl$/;
/** A folder holds this many files at most, so that removing the oldest frees a part only. */
const PARTS = 8;
const SMALLEST_PART = 64 * 1024;

/**
 * The files of the history in a folder that only this user can read. Several processes may append at the same time: each writes whole
 * lines by one call to a file that is opened for appending, and renames it when it has become too large; whoever opens it next makes a
 * new one. A line that a crash or a full disk has cut is ended by the next writer.
 */
export class HistoryFiles {
  readonly folder: string;
  readonly #maxBytes: number;
  readonly #now: () => number;
  #renames = 0;

  /** `maxBytes` is for all files together. */
  constructor(folder: string, maxBytes: number, now: () => number) {
    this.folder = folder;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  get #partBytes(): number {
    return Math.max(SMALLEST_PART, Math.floor(this.#maxBytes / PARTS));
  }

  /** Appends whole lines. Rejects when the folder is not ours or cannot be written; what was written of a batch is then unknown. */
  async append(lines: string): Promise<void> {
    await this.#prepareFolder();
    const file = await open(join(this.folder, CURRENT), 'a+', 0o600);
    let bytes: number;
    try {
      bytes = await appendLines(file, lines);
    } finally {
      await file.close();
    }
    if (bytes < this.#partBytes) return;
    await this.#setAside();
    await this.#removeOldest();
  }

  /** Texts of the files that are there, the newest first, each read when it is asked for. */
  async *texts(): AsyncGenerator<string> {
    for (const name of await this.#names()) {
      const text = await readFile(join(this.folder, name), 'utf8').catch(() => undefined);
      // Renamed or removed since it was listed.
      if (text !== undefined) yield text;
    }
  }

  /** Gives the number of files that were there. */
  async clear(): Promise<number> {
    const names = await this.#names();
    for (const name of names) await rm(join(this.folder, name), { force: true });
    return names.length;
  }

  async #prepareFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return;
    const { uid, mode } = await lstat(this.folder);
    if (uid !== process.getuid?.()) throw new Error(`${this.folder} belongs to another user (${uid}).`);
    if ((mode & 0o077) !== 0) await chmod(this.folder, 0o700);
  }

  /** Another process may have done so in between: then a file that has just begun is set aside, or none. */
  async #setAside(): Promise<void> {
    const time = new Date(this.#now()).toISOString().replaceAll(/[-:.]/g, '');
    const name = `statements-${time}-${process.pid}-${this.#renames++}.jsonl`;
    await rename(join(this.folder, CURRENT), join(this.folder, name)).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'ENOENT') throw thrown;
    });
  }

  /** Leaves room for the file that is written now. */
  async #removeOldest(): Promise<void> {
    let left = this.#maxBytes - this.#partBytes;
    for (const name of await this.#names()) {
      if (name === CURRENT) continue;
      const path = join(this.folder, name);
      left -= (await stat(path).catch(() => undefined))?.size ?? 0;
      if (left < 0) await rm(path, { force: true });
    }
  }

  /** The newest first. */
  async #names(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    const older = names.filter((name) => OLDER.test(name)).sort();
    return [...older, ...names.filter((name) => name === CURRENT)].reverse();
  }
}

/** Gives the file's size afterwards. */
async function appendLines(file: FileHandle, lines: string): Promise<number> {
  const { size } = await file.stat();
  const isTorn = size > 0 && (await lastByte(file, size)) !== 0x0a;
  const bytes = Buffer.from(isTorn ? `\n${lines}` : lines);
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten < bytes.length) throw new Error('ENOSPC: the disk is full');
  return size + bytesWritten;
}

async function lastByte(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 ? buffer[0] : undefined;
}
