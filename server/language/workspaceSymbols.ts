import { type SymbolInformation, SymbolKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readDefinition } from '../../engine/sql/definition.ts';
import { documentSymbols } from './documentSymbols.ts';
import { sqlTextOf, statementsOf } from './sqlText.ts';

const MAX_SYMBOLS = 500;

/** What open documents create, by a part of its name: the letters asked for, in their order. */
export function workspaceSymbols(documents: Iterable<TextDocument>, query: string): SymbolInformation[] {
  const found: SymbolInformation[] = [];
  for (const document of documents) {
    const sql = sqlTextOf(document);
    const names = new Set(statementsOf(document).map((statement) => readDefinition(statement, sql.text)?.name));
    const symbols = documentSymbols(document).flatMap((symbol) => [symbol, ...(symbol.children ?? [])]);
    for (const { name, kind, selectionRange: range, detail } of symbols) {
      if (
        detail === undefined ||
        detail === 'CTE' ||
        kind === SymbolKind.Field ||
        !names.has(name) ||
        !matches(name.toLowerCase(), query.toLowerCase())
      )
        continue;
      found.push({ name, kind, location: { uri: document.uri, range }, containerName: detail });
      if (found.length === MAX_SYMBOLS) return found;
    }
  }
  return found;
}

function matches(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
