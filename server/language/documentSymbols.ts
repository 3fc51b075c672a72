import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Definition, readDefinition, unquoted } from '../../engine/sql/definition.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import type { CreatedColumn } from '../../engine/sql/scopeTree.ts';
import type { Statement } from '../../engine/sql/splitStatements.ts';
import { CELL_MARKER } from './folding.ts';
import { trimmed } from './refactoring.ts';
import { lowerText, MAX_SCOPED_CHARACTERS, scriptOf, sqlTextOf, statementsOf } from './sqlText.ts';

const MAX_NAME_CHARACTERS = 60;
/** Statements that are listed: an outline of more helps nobody. */
const MAX_STATEMENTS = 5_000;

const KINDS: Readonly<Record<Definition['kind'], SymbolKind>> = {
  table: SymbolKind.Class,
  view: SymbolKind.Interface,
  macro: SymbolKind.Function,
  type: SymbolKind.Enum,
  sequence: SymbolKind.Number,
  schema: SymbolKind.Namespace,
  index: SymbolKind.Key,
  secret: SymbolKind.Constant,
  trigger: SymbolKind.Event,
};

/** A document's outline: its cells where it has markers, its statements, and the common table expressions of each. */
export function documentSymbols(document: TextDocument): DocumentSymbol[] {
  const sql = sqlTextOf(document);
  const rangeOf = (start: number, end: number) => ({ start: document.positionAt(start), end: document.positionAt(end) });
  const statements = statementsOf(document).slice(0, MAX_STATEMENTS);
  const columns = columnsOf(document);
  const symbols = statements.map((statement) => statementSymbol(statement, sql.text, columns.get(statement.start) ?? [], rangeOf));
  const markers = sql.tokens.filter((token) => token.kind === 'lineComment' && CELL_MARKER.test(sql.text.slice(token.start, token.end)));
  if (markers.length === 0) return symbols;
  const firstMarker = markers[0]?.start ?? 0;
  const cells = markers.map((marker, index): DocumentSymbol => {
    const end = markers[index + 1]?.start ?? sql.text.length;
    const children = symbols.filter((_, at) => {
      const { start } = statements[at] as Statement;
      return start >= marker.start && start < end;
    });
    const title = sql.text.slice(marker.start, marker.end).replace(CELL_MARKER, '').trim();
    return {
      name: title || `Cell ${index + 1}`,
      kind: SymbolKind.Module,
      range: rangeOf(marker.start, end),
      selectionRange: rangeOf(marker.start, marker.end),
      children,
    };
  });
  return [...symbols.filter((_, at) => (statements[at] as Statement).start < firstMarker), ...cells];
}

/** The columns that statements of the document make, by where the statements begin. */
function columnsOf(document: TextDocument): Map<number, readonly CreatedColumn[]> {
  const found = new Map<number, readonly CreatedColumn[]>();
  if (document.getText().length > MAX_SCOPED_CHARACTERS) return found;
  const script = scriptOf(document);
  for (const { created, start, end } of script.defining())
    if (created && created.columns.length > 0) found.set(trimmed(script, { start, end }).start, created.columns);
  return found;
}

/** Common table expressions of a statement: a name after WITH or a comma, then AS and a parenthesis. */
function commonTableExpressions({ tokens }: Statement, text: string): { readonly name: Token; readonly end: number }[] {
  if (!tokens.some((token) => lowerText(text, token) === 'with')) return [];
  const found: { readonly name: Token; readonly end: number }[] = [];
  for (const [index, name] of tokens.entries()) {
    if ((name.kind !== 'word' && name.kind !== 'quotedName') || !['with', 'recursive', ','].includes(lowerText(text, tokens[index - 1])))
      continue;
    let at = index + 1;
    if (lowerText(text, tokens[at]) === '(') at = closingIndex(tokens, text, at) + 1;
    if (lowerText(text, tokens[at]) !== 'as') continue;
    while (['as', 'not', 'materialized'].includes(lowerText(text, tokens[at]))) at++;
    if (lowerText(text, tokens[at]) !== '(') continue;
    const close = tokens[closingIndex(tokens, text, at)] ?? tokens.at(-1);
    found.push({ name, end: close?.end ?? name.end });
  }
  return found;
}

function closingIndex(tokens: readonly Token[], text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const word = lowerText(text, tokens[index]);
    if (word === '(') depth++;
    if (word === ')' && --depth === 0) return index;
  }
  return tokens.length;
}

function statementSymbol(
  statement: Statement,
  text: string,
  columns: readonly CreatedColumn[],
  rangeOf: (start: number, end: number) => DocumentSymbol['range'],
): DocumentSymbol {
  const definition = readDefinition(statement, text);
  const fields = columns.map(({ name, type }): DocumentSymbol => {
    const range = rangeOf(name.start, name.end);
    return { name: name.text || '?', detail: type, kind: SymbolKind.Field, range, selectionRange: range };
  });
  const queries = commonTableExpressions(statement, text).map(
    ({ name, end }): DocumentSymbol => ({
      name: unquoted(name, text) || '?',
      detail: 'CTE',
      kind: SymbolKind.Struct,
      range: rangeOf(name.start, end),
      selectionRange: rangeOf(name.start, name.end),
    }),
  );
  const children = [...fields, ...queries];
  const first = statement.tokens[0] as Token;
  return {
    name: definition ? definition.name || '?' : shortened(statement.text),
    ...(definition && { detail: definition.kind }),
    kind: definition ? KINDS[definition.kind] : SymbolKind.Event,
    range: rangeOf(statement.start, statement.end),
    selectionRange: definition ? rangeOf(definition.start, definition.end) : rangeOf(first.start, first.end),
    ...(children.length > 0 && { children }),
  };
}

function shortened(text: string): string {
  const line = text
    .slice(0, 4 * MAX_NAME_CHARACTERS)
    .replace(/--.*$/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= MAX_NAME_CHARACTERS ? line : `${line.slice(0, MAX_NAME_CHARACTERS - 1)}…`;
}
