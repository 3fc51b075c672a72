import { KodiakError } from './base/errors.ts';
import { realPath } from './base/realPath.ts';
import { literal, quoted } from './base/sqlText.ts';
import { after } from './base/timers.ts';

type Query = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** A database file that is looked at. */
interface Attached {
  readonly name: Promise<string>;
  users: number;
}

/** What names of databases begin with that the engine attaches for itself: no session is likely to use such. */
export const OUR_DATABASES = 'kodiak_file_';
/** What read a file that was just left may hold it for a moment longer. */
const ATTEMPTS = 20;
const RETRY_MS = 50;

/**
 * Database files that somebody looks at, attached read-only under names of their own while they do: other programs can write them
 * before and after. A file that is attached already, the engine's own too, is used as it is. These names mean nothing to any other
 * statement, so attaching them leaves the cache as it is.
 */
export class AttachedFiles {
  readonly #query: Query;
  /** By real path. */
  readonly #attached = new Map<string, Attached>();
  #next = 1;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The name under which the file's tables are found; `leave` has to be called with it. Rejects with `unavailable` for a locked file. */
  async lookAt(path: string): Promise<string> {
    const real = realPath(path);
    const known = this.#attached.get(real);
    if (known !== undefined) {
      known.users++;
      return await known.name;
    }
    const name = this.#attach(real);
    this.#attached.set(real, { name, users: 1 });
    try {
      return await name;
    } catch (thrown) {
      this.#attached.delete(real);
      throw thrown;
    }
  }

  /** Detaches the file when nobody looks at it any more. */
  async leave(path: string): Promise<void> {
    const real = realPath(path);
    const known = this.#attached.get(real);
    if (known === undefined) return;
    known.users--;
    const name = await known.name;
    if (known.users > 0 || !isOurs(name)) {
      if (known.users <= 0) this.#attached.delete(real);
      return;
    }
    this.#attached.delete(real);
    await this.#query(`detach database if exists ${quoted(name)}`);
  }

  async #attach(real: string): Promise<string> {
    const databases = await this.#query('select database_name, path from duckdb_databases() where path is not null');
    const present = databases.find(([name, path]) => !isOurs(String(name)) && realPath(String(path)) === real);
    if (present !== undefined) return String(present[0]);
    const name = `${OUR_DATABASES}${this.#next++}`;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#query(`attach ${literal(real)} as ${quoted(name)} (read_only, type duckdb)`);
        return name;
      } catch (thrown) {
        if (attempt === ATTEMPTS || !/already attached/i.test(String((thrown as Error).message))) throw notOpened(thrown);
        await new Promise<void>((done) => after(RETRY_MS, done));
      }
    }
  }
}

/** Whether a database is there only because somebody looks at a file. */
export function isOurs(name: string): boolean {
  return name.startsWith(OUR_DATABASES);
}

function notOpened(thrown: unknown): unknown {
  const isPlain = thrown instanceof KodiakError && thrown.code === 'sql';
  return isPlain ? new KodiakError('unavailable', thrown.message, { cause: thrown }) : thrown;
}
