import { literal } from '../../engine/base/sqlText.ts';
import type { WireColumn } from '../protocol/values.ts';
import type { Handler } from './handler.ts';

/** Columns of data files, as DuckDB reads them. Looks into the files, but makes no database. */
export const readFileColumns: Handler<{ readonly path: string }, { readonly columns: readonly WireColumn[] }> = async (
  server,
  _client,
  { path },
  signal,
) => {
  const opened = server.trusted ? await server.languageEngine() : undefined;
  if (opened === undefined) return { columns: [] };
  const session = await opened.engine.openSession({ name: 'columns of a file', signal });
  try {
    const result = await session.run(`describe from ${literal(String(path))}`, undefined, { signal, useCache: false });
    const rows = await result.page(0, result.rowCount);
    result.release();
    return { columns: rows.map(([name, type]) => ({ name: String(name), type: String(type) })) };
  } finally {
    await session.close();
  }
};
