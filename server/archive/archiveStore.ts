import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../engine/base/errors.ts';
import type { Log } from '../log.ts';
import { type ArchivedCell, type ArchiveHead, archiveText, cellFile, readCell, readHead } from '../protocol/archive.ts';

export interface ArchiveStoreOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxCells: number;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Rows of a result in the file that has their fingerprint in its name. */
export interface KeptRows {
  readonly resultId: string;
  readonly fingerprint: string;
}

/** Rows that were written under a temporary name. */
export interface WrittenRows extends KeptRows {
  readonly path: string;
}

/** Rows on disk with what is known of them. */
export interface StoredRows {
  readonly path: string;
  readonly fingerprint: string;
  readonly cell: ArchivedCell;
}

interface KnownCell {
  readonly key: string;
  /** Of its own file. */
  readonly bytes: number;
  readonly usedAtMs: number;
  readonly head: ArchiveHead;
}

interface KnownHead {
  readonly stamp: string;
  readonly head: ArchiveHead | undefined;
}

const PART = '.part';
const ROWS = '.duckdb';

/** What was begun so long ago is nobody's any more. */
const ABANDONED_MS = 3_600_000;

/** Rows to which no cell points may belong to one that another server is about to write. */
const GRACE_MS = 60_000;

/** Of a file system's clock, at most. */
const TICK_MS = 2000;

/** A head that does not fit is read whole. */
const HEAD_BYTES = 4096;

/**
 * Outputs of cells in a folder, under a quota: the ones that were not used for longest go first. Several servers may use one folder
 * at the same time, without a lock: files appear whole by a rename, and one that another server took away is only gone.
 * The time of a cell's file is that of its last use. Throws what the file system throws.
 */
export class ArchiveStore {
  readonly #options: ArchiveStoreOptions;
  readonly #cells: string;
  readonly #rows: string;
  readonly #histories: string;
  /** Heads of cells by file name, so that each is read once. */
  readonly #heads = new Map<string, KnownHead>();
  /** File names of cells by the handles of their results. */
  readonly #byResult = new Map<string, string>();
  #scannedAtMs: number | undefined;

  constructor(options: ArchiveStoreOptions) {
    this.#options = options;
    this.#cells = join(options.folder, 'cells');
    this.#rows = join(options.folder, 'rows');
    this.#histories = historyFolder(options.folder);
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** Makes the folders, which nobody else can look into, and tidies up. */
  open(): void {
    for (const folder of [this.#options.folder, this.#cells, this.#rows]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (process.platform !== 'win32') chmodSync(folder, 0o700);
    }
    this.sweep();
  }

  /** A name under which rows can be written before `put`. */
  temporaryRows(): string {
    return join(this.#rows, `${randomUUID()}${PART}`);
  }

  /** Keeps what a cell showed in place of what it showed before, and makes room. */
  put(key: string, cell: ArchivedCell, written: readonly WrittenRows[]): void {
    const replaced = this.#knownCell(`${key}.json`)?.head.rows.map(({ fingerprint }) => fingerprint) ?? [];
    for (const { fingerprint, path } of written) {
      const target = this.#rowsFile(fingerprint);
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      if (existsSync(target)) this.#touch(target);
      else renameSync(path, target);
    }
    this.#writeCell(key, cell, written);
    for (const { fingerprint, path } of written) {
      // Another server may have taken equal rows away before it could see that this cell points to them.
      if (existsSync(path) && !existsSync(this.#rowsFile(fingerprint))) renameSync(path, this.#rowsFile(fingerprint));
      rmSync(path, { force: true });
    }
    this.sweep(replaced);
  }

  /** Keeps a cell whose rows are here already, as those of another. */
  putAgain(key: string, cell: ArchivedCell, rows: readonly KeptRows[]): void {
    this.#writeCell(key, cell, rows);
    this.sweep();
  }

  /** What a cell showed; undefined without. */
  read(key: string): ArchivedCell | undefined {
    return this.#readCell(`${key}.json`);
  }

  /** Rows by the handle of their result. */
  find(resultId: string): StoredRows | undefined {
    const name = this.#nameOf(resultId);
    const row = name === undefined ? undefined : this.#knownCell(name)?.head.rows.find((rows) => rows.resultId === resultId);
    if (name === undefined || row === undefined) return undefined;
    const path = this.#rowsFile(row.fingerprint);
    const cell = existsSync(path) ? this.#readCell(name) : undefined;
    return cell && { path, fingerprint: row.fingerprint, cell };
  }

  /** What the cell showed to which a result belonged, also when its rows are gone. */
  cellOf(resultId: string): ArchivedCell | undefined {
    const name = this.#nameOf(resultId);
    return name === undefined ? undefined : this.#readCell(name);
  }

  /** A cell's outputs are looked at again. */
  used(key: string): void {
    this.#touch(cellFile(this.#options.folder, key));
  }

  /** What a cell showed is not needed any more. */
  drop(key: string): void {
    const orphans = this.#knownCell(`${key}.json`)?.head.rows.map(({ fingerprint }) => fingerprint);
    if (orphans === undefined) return;
    this.#remove(cellFile(this.#options.folder, key));
    this.sweep(orphans);
  }

  /** Takes rows away that cannot be read. */
  removeRows(path: string): void {
    this.#remove(path);
  }

  /** Removes everything, and what is known of databases; gives the number of cells. */
  clear(): number {
    const cells = this.#names(this.#cells, '.json');
    for (const folder of [this.#cells, this.#rows]) for (const name of this.#names(folder)) this.#remove(join(folder, name));
    for (const name of this.#names(this.#histories)) this.#remove(join(this.#histories, name));
    this.#heads.clear();
    return cells.length;
  }

  /**
   * Removes what is more than the quota allows, what is damaged, and what nothing points to: at once if it is among `orphans`, and
   * else if it has been so for a while.
   */
  sweep(orphans: readonly string[] = []): void {
    const sizes = new Map<string, Stats>();
    for (const name of this.#names(this.#rows, ROWS)) {
      const stats = statOf(join(this.#rows, name));
      if (stats) sizes.set(name.slice(0, -ROWS.length), stats);
    }
    const cells = this.#names(this.#cells, '.json').flatMap((name) => this.#knownCell(name) ?? this.#damaged(name));
    const { kept, evicted } = this.#choose(cells, sizes);
    for (const { key } of evicted) this.#remove(cellFile(this.#options.folder, key));
    const needed = new Set(kept.flatMap(({ head }) => head.rows.map(({ fingerprint }) => fingerprint)));
    const loose = new Set([...orphans, ...evicted.flatMap(({ head }) => head.rows.map(({ fingerprint }) => fingerprint))]);
    for (const [fingerprint, { mtimeMs }] of sizes) {
      const isOld = mtimeMs < this.#options.now() - GRACE_MS;
      if (!needed.has(fingerprint) && (loose.has(fingerprint) || isOld)) this.#remove(this.#rowsFile(fingerprint));
    }
    this.#removeAbandoned();
  }

  #writeCell(key: string, cell: ArchivedCell, rows: readonly KeptRows[]): void {
    const results = cell.outcome.statements.map(({ result }) => result.resultId);
    const text = archiveText({ rows: rows.map(({ resultId, fingerprint }) => ({ resultId, fingerprint })), results }, cell);
    const temporary = join(this.#cells, `${key}.${randomUUID()}${PART}`);
    try {
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, cellFile(this.#options.folder, key));
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** The cells used last that fit into the quota. Rows that several share count once. */
  #choose(cells: readonly KnownCell[], sizes: ReadonlyMap<string, Stats>) {
    const { maxBytes, maxCells } = this.#options;
    const kept: KnownCell[] = [];
    const evicted: KnownCell[] = [];
    const counted = new Set<string>();
    let bytes = 0;
    for (const cell of [...cells].sort((a, b) => b.usedAtMs - a.usedAtMs)) {
      const more = new Set(cell.head.rows.map(({ fingerprint }) => fingerprint).filter((fingerprint) => !counted.has(fingerprint)));
      const added = [...more].reduce((sum, fingerprint) => sum + (sizes.get(fingerprint)?.size ?? 0), cell.bytes);
      if (kept.length >= maxCells || bytes + added > maxBytes) {
        evicted.push(cell);
        continue;
      }
      kept.push(cell);
      bytes += added;
      for (const fingerprint of more) counted.add(fingerprint);
    }
    return { kept, evicted };
  }

  #removeAbandoned(): void {
    for (const folder of [this.#cells, this.#rows]) {
      for (const name of this.#names(folder)) {
        if (!name.includes(PART)) continue;
        const stats = statOf(join(folder, name));
        if (stats && stats.mtimeMs < this.#options.now() - ABANDONED_MS) this.#remove(join(folder, name));
      }
    }
  }

  #damaged(name: string): [] {
    if (existsSync(join(this.#cells, name))) {
      this.#options.log(`A kept output was damaged, or of another version of Kodiak, and is removed: ${name}.`);
      this.#remove(join(this.#cells, name));
    }
    return [];
  }

  /** The file of the cell to which a result belongs. All are looked at only when some came or went since they were last. */
  #nameOf(resultId: string): string | undefined {
    const known = this.#byResult.get(resultId);
    if (known !== undefined && this.#knownCell(known)?.head.results.includes(resultId)) return known;
    const stats = statOf(this.#cells);
    if (stats === undefined || stats.mtimeMs === this.#scannedAtMs) return undefined;
    this.#byResult.clear();
    for (const name of this.#names(this.#cells, '.json')) {
      for (const result of this.#knownCell(name)?.head.results ?? []) this.#byResult.set(result, name);
    }
    // What came in the same tick of the file system's clock would not be seen.
    this.#scannedAtMs = Date.now() - stats.mtimeMs > TICK_MS ? stats.mtimeMs : undefined;
    return this.#byResult.get(resultId);
  }

  #knownCell(name: string): KnownCell | undefined {
    const path = join(this.#cells, name);
    const stats = statOf(path);
    if (!stats) {
      this.#heads.delete(name);
      return undefined;
    }
    // The inode is that of the file that took the name last; its time moves with each use.
    const stamp = `${stats.ino} ${stats.size}`;
    let known = this.#heads.get(name);
    if (known?.stamp !== stamp) {
      known = { stamp, head: readHeadOf(path) };
      this.#heads.set(name, known);
    }
    const { head } = known;
    return head && { key: name.slice(0, -'.json'.length), bytes: stats.size, usedAtMs: stats.mtimeMs, head };
  }

  #readCell(name: string): ArchivedCell | undefined {
    const path = join(this.#cells, name);
    if (!existsSync(path)) return undefined;
    const cell = readCell(readFileSync(path, 'utf8'));
    if (cell === undefined) this.#damaged(name);
    return cell;
  }

  #names(folder: string, ending = ''): string[] {
    try {
      return readdirSync(folder).filter((name) => name.endsWith(ending));
    } catch {
      // Taken away, by a person perhaps: nothing is kept.
      return [];
    }
  }

  #rowsFile(fingerprint: string): string {
    return join(this.#rows, `${fingerprint}${ROWS}`);
  }

  #touch(path: string): void {
    const now = this.#options.now() / 1000;
    try {
      utimesSync(path, now, now);
    } catch {
      // It is gone: whoever looks at it will see that.
    }
  }

  /** What is open elsewhere may stay on some systems: it is tried again. */
  #remove(path: string): void {
    try {
      rmSync(path, { force: true });
    } catch (thrown) {
      this.#options.log(`A kept output cannot be removed: ${messageOf(thrown)}`);
    }
  }
}

/** Where the histories of databases are kept. */
export function historyFolder(folder: string): string {
  return join(folder, 'histories');
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** The first line of a cell's file; undefined when that is damaged or gone. */
function readHeadOf(path: string): ArchiveHead | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, HEAD_BYTES, 0));
      return readHead(text.includes('\n') ? text : readFileSync(path, 'utf8'));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
