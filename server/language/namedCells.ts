import { TextDocument } from 'vscode-languageserver-textdocument';
import { quoteName } from '../../engine/sql/sqlNames.ts';
import { classifyStatement } from '../../engine/sql/statementClass.ts';
import { sqlTextOf } from './sqlText.ts';

/** Stands behind a named cell in its notebook, and makes what later cells read. */
const stands = new WeakMap<TextDocument, TextDocument>();
const known = new WeakMap<TextDocument, { readonly version: number; readonly name: string; readonly stand: TextDocument | undefined }>();

/** The cell that a document of `withNamedResults` stands for, if it is none itself. */
export function cellOf(document: TextDocument): TextDocument | undefined {
  return stands.get(document);
}

/**
 * The cells of a notebook as a script in which names of results mean something: behind each named cell stands one that makes a table
 * of its last statement.
 */
export function withNamedResults(cells: readonly TextDocument[], names: ReadonlyMap<string, string>): readonly TextDocument[] {
  if (names.size === 0) return cells;
  return cells.flatMap((cell) => {
    const name = names.get(cell.uri);
    const stand = name === undefined ? undefined : standFor(cell, name);
    return stand ? [cell, stand] : [cell];
  });
}

function standFor(cell: TextDocument, name: string): TextDocument | undefined {
  const found = known.get(cell);
  if (found?.version === cell.version && found.name === name) return found.stand;
  const text = tableText(cell, name);
  const stand = text === undefined ? undefined : TextDocument.create(`${cell.uri}#${name}`, cell.languageId, cell.version, text);
  if (stand) stands.set(stand, cell);
  known.set(cell, { version: cell.version, name, stand });
  return stand;
}

/** `undefined` where the last statement gives no rows that a table could be made of. */
function tableText(cell: TextDocument, name: string): string | undefined {
  const sql = sqlTextOf(cell);
  const last = sql.statements.at(-1);
  if (!last || classifyStatement(last, sql.text) !== 'query') return undefined;
  const first = sql.text.slice(last.tokens[0]?.start, last.tokens[0]?.end).toLowerCase();
  let query = '';
  let at = last.start;
  // A table that is only described takes no parameters.
  for (const { kind, start, end } of last.tokens) {
    if (kind !== 'parameter') continue;
    query += `${sql.text.slice(at, start)}NULL`;
    at = end;
  }
  query += sql.text.slice(at, last.end);
  const isTold = ['show', 'describe', 'desc', 'summarize'].includes(first);
  return `CREATE OR REPLACE TEMP TABLE ${quoteName(name)} AS ${isTold ? `FROM (${query})` : query};`;
}
