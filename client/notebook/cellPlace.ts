import { resolve } from 'node:path';
import { type NotebookCell, NotebookCellKind } from 'vscode';
import { type CellPlace, cellKey } from '../../server/protocol/archive.ts';
import { readClientSettings } from '../readClientSettings.ts';

/** Where a cell stands whose text is, or was at its run, `sql`. */
export function placeOf(cell: NotebookCell, sql = cell.document.getText()): CellPlace {
  const above = cell.notebook.getCells().slice(0, cell.index);
  const occurrence = above.filter(({ kind, document }) => kind === NotebookCellKind.Code && document.getText() === sql).length;
  return { notebook: cell.notebook.uri.toString(), database: databaseNow(), sql, occurrence };
}

/** What a cell's kept outputs are found by. */
export function keyOf(cell: NotebookCell): string {
  return cellKey(placeOf(cell));
}

/** The database of the settings, as the server names it. */
export function databaseNow(): string {
  const database = readClientSettings()['database'];
  return typeof database !== 'string' || database === '' || database === ':memory:' ? ':memory:' : resolve(database);
}
