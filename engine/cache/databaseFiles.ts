import { statSync } from 'node:fs';

/**
 * A tripwire on the files of the open databases. Their lock keeps other programs out, and every write of this process is
 * announced: when a file changes all the same, nothing that was read from it can be proved any more.
 *
 * The files are only looked at by `stat`: opening and closing one would give up the lock, which belongs to the process.
 */
export class DatabaseFiles {
  #paths: readonly string[] = [];
  #stamp: string | undefined;
  #writing = 0;

  /** The files of all databases, also attached ones. */
  setPaths(paths: readonly string[]): void {
    if (paths.join('\n') === this.#paths.join('\n')) return;
    this.#paths = paths;
    this.#stamp = undefined;
  }

  /** Runs what may write to the files itself. */
  async around<T>(write: () => Promise<T>): Promise<T> {
    this.#writing++;
    try {
      return await write();
    } finally {
      this.#writing--;
      this.#stamp = undefined;
    }
  }

  /** True when a file changed since the last call, and no statement of this process did it. Takes 10 µs per database. */
  changedByOthers(): boolean {
    if (this.#writing > 0 || this.#paths.length === 0) return false;
    const before = this.#stamp;
    this.#stamp = this.#paths.map((path) => `${stamp(path)} ${stamp(`${path}.wal`)}`).join('\n');
    return before !== undefined && before !== this.#stamp;
  }
}

function stamp(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}` : 'absent';
}
