import { DATA_FILE } from '../arguments.ts';
import { fileTarget, type ServerTarget } from '../serverLink.ts';
import { UsageError } from './subcommand.ts';

/** The server for `--db`; without one, data lives in memory. */
export function databaseTarget(database: string | undefined, readOnly: boolean): ServerTarget {
  if (database !== undefined && DATA_FILE.test(database)) throw new UsageError(`${database} is data, not a database; read it in SQL`);
  if (readOnly && (database === undefined || database === ':memory:')) throw new UsageError('--readonly needs a database file');
  return fileTarget(database ?? ':memory:', process.cwd(), readOnly);
}
