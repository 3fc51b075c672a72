import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampOf } from './fileStamps.ts';
import type { Past } from './versions.ts';

const VERSION = 1;

interface Seal {
  readonly version: typeof VERSION;
  readonly id: string;
  /** Of the database's file when it was closed. */
  readonly stamp: string;
  readonly past: Past;
}

/** A database's history as one process sees it: a name for it, and what happened in it before. */
export interface History {
  /** The same in all lives between which nobody else can have written. */
  readonly id: string;
  /** Of this life alone. */
  readonly life: string;
  readonly past: Past | undefined;
}

/**
 * The history of a database file over the lives of processes that had it open. When one closes it in order, it seals what it knows
 * under the file's stamp; the next goes on from there if the file still has that stamp and no write-ahead log. Whatever else wrote
 * the file, a process that was killed among them, has moved the stamp or left a log: then a new history begins.
 *
 * The file is only looked at by `stat`: opening and closing it would give up the lock of a process that has it open.
 */
export class DatabaseHistory {
  readonly #path: string;
  readonly #file: string | undefined;

  /** Without a folder, or for a database in memory, every life has a history of its own. */
  constructor(folder: string | undefined, path: string) {
    this.#path = path;
    const name = `${createHash('sha256').update(path).digest('hex')}.json`;
    this.#file = folder === undefined || path === ':memory:' ? undefined : join(folder, name);
  }

  /** The history so far, if the file is as it was sealed. To be asked before the file is opened. */
  look(): { readonly id: string; readonly past: Past } | undefined {
    const seal = this.#read();
    return seal !== undefined && seal.stamp === this.stamp() ? { id: seal.id, past: seal.past } : undefined;
  }

  /** Begins a life, with the file open: somebody may have written it between the look and the lock. */
  begin(looked: { readonly id: string; readonly past: Past } | undefined): History {
    const goesOn = looked !== undefined && this.#read()?.stamp === this.stamp() ? looked : undefined;
    return { id: goesOn?.id ?? randomUUID(), life: randomUUID(), past: goesOn?.past };
  }

  /** The file's stamp; undefined without a file, or where a log says that the file is not all. */
  stamp(): string | undefined {
    if (this.#file === undefined) return undefined;
    try {
      if (statSync(`${this.#path}.wal`, { throwIfNoEntry: false })) return undefined;
      return stampOf(statSync(this.#path, { bigint: true }));
    } catch {
      return undefined;
    }
  }

  /**
   * Ends a life. `before` is the stamp from before the file was closed, with everything written to it: if it moved since, somebody
   * else has written the file already. A seal that cannot be written is none.
   */
  seal(id: string, past: Past | undefined, before: string | undefined): void {
    if (this.#file === undefined || past === undefined || before === undefined || before !== this.stamp()) return;
    const seal: Seal = { version: VERSION, id, stamp: before, past };
    const temporary = `${this.#file}.${randomUUID()}.part`;
    try {
      mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, JSON.stringify(seal), { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch {
      // The next life begins a new history: it can prove less, and claims no more.
    }
  }

  #read(): Seal | undefined {
    try {
      const seal = JSON.parse(readFileSync(this.#file ?? '', 'utf8')) as Partial<Seal>;
      const isWhole = seal.version === VERSION && typeof seal.id === 'string' && typeof seal.stamp === 'string';
      return isWhole && typeof seal.past?.sequence === 'number' ? (seal as Seal) : undefined;
    } catch {
      return undefined;
    }
  }
}
