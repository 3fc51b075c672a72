import { quoted } from '../base/sqlText.ts';
import type { Connection } from '../duckdb/connection.ts';
import { fileReads } from '../sql/largeFiles.ts';
import type { Replacement } from '../sql/nameRepairs.ts';
import type { Statement } from '../sql/splitStatements.ts';
import type { Column } from '../types.ts';
import { largeFileStamp } from './fileStamps.ts';

/** Large files become empty sources of the same columns, which were read once per state of the file. */
export class LargeFileStubs {
  readonly #columns = new Map<string, readonly Column[] | undefined>();

  /** What stands in for the large files that a statement reads. */
  async replacements(statement: Statement, script: string, cwd: string | undefined, plain: Connection): Promise<Replacement[]> {
    const pieces: Replacement[] = [];
    for (const read of fileReads(statement, script)) {
      const stamp = largeFileStamp(read.path, cwd);
      if (stamp === undefined) continue;
      const key = `${stamp}\n${read.source}`;
      if (!this.#columns.has(key)) this.#columns.set(key, await plain.describe(`from ${read.source}`));
      const columns = this.#columns.get(key);
      if (!columns) continue;
      const list = columns.map(({ name, type }) => `null::${type} as ${quoted(name)}`).join(', ');
      const alias = read.alias === undefined ? '' : ` as ${quoted(read.alias)}`;
      pieces.push({ start: read.start, end: read.end, text: `(select ${list})${alias}` });
    }
    return pieces;
  }
}
