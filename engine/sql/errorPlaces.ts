import { unquoted } from './definition.ts';
import type { Token } from './lexer.ts';
import { parseScopes } from './scopeParser.ts';
import type { StatementScope, TextRange } from './scopeTree.ts';
import type { Statement } from './splitStatements.ts';
import { sameName } from './sqlNames.ts';

/** Errors that name a part of a qualified name: the name is the first group that is there. */
const MISSING_QUALIFIER = /because (?:schema|catalog) "([^"]+)" does not exist/;
const NAMED_PART =
  /Referenced table "([^"]+)" not found|does not have a column named "((?:[^"]|"")+)"|Referenced column "((?:[^"]|"")+)"|Table with name "?([^"]+?)"? does not exist/;

/** Names in a message whose error has no place, the likeliest first. */
const NAMES =
  /"((?:[^"]|"")+)"|does not contain column (\S+) referenced|with name ([^\s"]+) (?:does|already)|update column (\S+) not|field '([^']+)'|table (\S+) has|column (\S+) must appear|Catalog with name (\S+) does/g;

/**
 * The piece of a statement that one of DuckDB's errors is about. `offset` is where DuckDB says it begins, in the script; without one,
 * the piece is looked for by the names in the message. Offsets of the answer are those of the script.
 */
export function placeError(message: string, offset: number | undefined, statement: Statement, script: string): TextRange {
  const placed = offset === undefined ? placeByName(message, statement, script) : placeAt(message, offset, statement, script);
  if (placed.start < statement.end) return placed;
  // At the end of the input there is nothing to mark: the last token is.
  return statement.tokens.at(-1) ?? placed;
}

/** Index of the token that begins at an offset, or that the offset lies in. */
export function tokenIndexAt({ tokens }: Statement, offset: number): number {
  return tokens.findIndex(({ start, end }) => start <= offset && offset < end);
}

/** The tokens of the dotted name that begins with a token. */
export function nameChain({ tokens }: Statement, script: string, from: number): Token[] {
  const chain: Token[] = [];
  for (let at = from; isName(tokens[at]); at += 2) {
    chain.push(tokens[at] as Token);
    if (textOf(tokens[at + 1], script) !== '.') break;
  }
  return chain;
}

/** The scopes of one statement; offsets are those of the script. */
export function statementScopes(statement: Statement, script: string): StatementScope[] {
  return parseScopes(script, statement.tokens, statement.start, statement.end);
}

function placeAt(message: string, offset: number, statement: Statement, script: string): TextRange {
  const file = /^IO Error: [^"]*"([^"]+)"/.exec(message)?.[1];
  const path = file !== undefined && statement.tokens.find((token) => token.kind === 'string' && textOf(token, script) === `'${file}'`);
  if (path) return path;
  const index = tokenIndexAt(statement, offset);
  const token = statement.tokens[index];
  if (!token) return { start: offset, end: offset + 1 };
  const operand = statement.tokens[index - 1];
  if (textOf(token, script) === '::' && operand && operand.kind !== 'punctuation') {
    return { start: operand.start, end: statement.tokens[index + 1]?.end ?? token.end };
  }
  if (token.unterminated || token.kind === 'string') {
    // A quote that is not closed takes the rest of the text; its line is enough.
    const line = script.slice(token.start, token.end).split(/[\r\n]/, 1)[0] ?? '';
    return { start: token.start, end: token.start + Math.max(1, line.length) };
  }
  if (/^Parser Error/.test(message)) return token;
  if (textOf(token, script) === '(' && /Subquery returns \d+ columns/.test(message)) {
    return { start: token.start, end: closingBracket(statement, script, index)?.end ?? token.end };
  }
  if (!isName(token)) return token;
  // The place is the whole clause's; the name is in the message.
  if (/referenced in UNPIVOT but/.test(message)) return placeByName(message, statement, script);
  const parameter = /Invalid named parameter "([^"]+)"/.exec(message)?.[1];
  const given = parameter !== undefined && statement.tokens.slice(index).find((other) => sameName(unquoted(other, script), parameter));
  if (given) return given;
  const name = (MISSING_QUALIFIER.exec(message) ?? NAMED_PART.exec(message))?.slice(1).find((group) => group !== undefined);
  const chain = nameChain(statement, script, index);
  const last = name?.replaceAll('""', '"');
  const named = last !== undefined && chain.findLast((part) => sameName(unquoted(part, script), last.split('.').at(-1) ?? last));
  if (named) return named;
  const called = /Function with name|No function matches|Macro |WHERE clause cannot/.test(message) ? chain.at(-1) : undefined;
  return called ?? { start: token.start, end: chain.at(-1)?.end ?? token.end };
}

function placeByName(message: string, statement: Statement, script: string): TextRange {
  // DuckDB takes an operator that it does not know for one behind its operand.
  const operator = /Function with name (\S+)__postfix does not exist/.exec(message)?.[1];
  const unknown = operator !== undefined && statement.tokens.find((token) => textOf(token, script) === operator);
  if (unknown) return unknown;
  const known = placeInScopes(message, statement, script);
  if (known) return known;
  const names = [...message.matchAll(/column (?:named|with name) "([^"]+)"/g), ...message.matchAll(NAMES)]
    .flatMap((match) => match.slice(1))
    .filter((name) => name !== undefined);
  for (const name of names) {
    const part = name.split('.').at(-1) ?? name;
    const token = statement.tokens.find((candidate) => {
      if (candidate.kind !== 'string') return isName(candidate) && sameName(unquoted(candidate, script), part);
      const written = script.slice(candidate.start + 1, candidate.end - 1);
      return written !== '' && name.toLowerCase().endsWith(written.toLowerCase());
    });
    if (token) return token;
  }
  return statement.tokens[0] ?? { start: statement.start, end: statement.start + 1 };
}

/** Places that only the statement's structure tells. */
function placeInScopes(message: string, statement: Statement, script: string): TextRange | undefined {
  const twice = /Duplicate CTE name "(.*)"|duplicate alias "([^"]*)"|Column with name (\S+) already exists/.exec(message);
  const name = twice?.slice(1).find((group) => group !== undefined);
  const isAbout =
    name !== undefined ||
    /conflict target|same number of result columns|columns but \d+ values|all be the same length|GROUP BY term out of range|\* expression without FROM|NOT IMPLEMENTED|base table|is not an table|generated column/.test(
      message,
    );
  if (!isAbout) return undefined;
  for (const scope of statementScopes(statement, script)) {
    const { created, queries, blocks } = scope;
    if (name !== undefined) {
      const lists = [
        created?.columns.map((column) => column.name) ?? [],
        ...queries.map(({ ctes }) => ctes.map((cte) => cte.name)),
        ...blocks.map(({ sources }) => sources.flatMap(({ alias, parts }) => alias ?? parts.at(-1) ?? [])),
      ];
      const second = lists
        .map((list) => list.filter(({ text }) => sameName(text, name) || name.toLowerCase().endsWith(`.${text.toLowerCase()}`))[1])
        .find((found) => found !== undefined);
      if (second) return second;
    } else if (/conflict target/.test(message)) {
      const column = blocks.flatMap(({ references }) => references).find(({ clause }) => clause === 'conflict');
      if (column) return column;
    } else if (/same number of result columns/.test(message)) {
      const members = queries.find((query) => query.members.length > 1)?.members;
      if (members?.[1]) return trimmed(members[1], statement);
    } else if (/base table|is not an table/.test(message)) {
      const target = targetOf(scope, statement, script);
      if (target) return target;
    } else if (/generated column/.test(message)) {
      const outputs = blocks.flatMap(({ references }) => references.filter(({ kind }) => kind === 'output'));
      const last = outputs.at(-1);
      if (outputs[0] && last) return { start: outputs[0].start, end: last.end };
    } else if (/NOT IMPLEMENTED/.test(message)) {
      // DuckDB has no words for this one: `LIMIT 10, 5`.
      const limits = blocks.flatMap(({ clauses }) => clauses.filter(({ kind }) => kind === 'limit'));
      const comma = statement.tokens.find(
        (token) => textOf(token, script) === ',' && limits.some(({ start, end }) => start <= token.start && token.end <= end),
      );
      if (comma) return comma;
    } else if (/\* expression without FROM/.test(message)) {
      const item = blocks.filter(({ sources }) => sources.length === 0).flatMap(({ items }) => items.find(({ star }) => star) ?? [])[0];
      const star = item && statement.tokens.find((token) => token.start >= item.start && textOf(token, script) === '*');
      if (star) return star;
    } else if (/GROUP BY term out of range/.test(message)) {
      const last = Number(/between 1 and (\d+)/.exec(message)?.[1]);
      const lists = blocks.flatMap(({ clauses }) => clauses.filter(({ kind }) => kind === 'group'));
      const term = statement.tokens.find(
        ({ kind, start, end }) =>
          kind === 'number' &&
          lists.some((list) => list.start <= start && end <= list.end) &&
          !(Number(script.slice(start, end)) >= 1 && Number(script.slice(start, end)) <= last),
      );
      if (term) return term;
    } else {
      const row = shortRow(statement, script);
      if (row) return row;
      // The values of an INSERT come from a query.
      const query = queries.find(({ members }) => members.some((member) => member !== blocks[0]));
      if (scope.kind === 'insert' && query) return trimmed(query, statement);
    }
  }
  return undefined;
}

/** The VALUES row that has another number of values than the first, or the only one. */
function shortRow({ tokens }: Statement, script: string): TextRange | undefined {
  const from = tokens.findIndex((token) => textOf(token, script) === 'values');
  if (from < 0) return undefined;
  const rows: { readonly start: number; readonly end: number; readonly commas: number }[] = [];
  let depth = 0;
  let start = 0;
  let commas = 0;
  for (const token of tokens.slice(from + 1)) {
    const text = textOf(token, script);
    if ((text === '(' || text === '[' || text === '{') && depth++ === 0) [start, commas] = [token.start, 0];
    if (text === ',' && depth === 1) commas++;
    if ((text === ')' || text === ']' || text === '}') && --depth === 0) rows.push({ start, end: token.end, commas });
    if (depth === 0 && text !== ')' && text !== ',') break;
  }
  return rows.find((row) => row.commas !== rows[0]?.commas) ?? rows[0];
}

/** The table that a statement writes to, or that it makes an index for. */
function targetOf({ kind, blocks }: StatementScope, { tokens }: Statement, script: string): TextRange | undefined {
  if (kind !== 'create') return blocks.find((block) => block.kind !== 'select')?.sources[0];
  const on = tokens.findIndex((token) => textOf(token, script) === 'on');
  return on < 0 ? undefined : tokens[on + 1];
}

function closingBracket({ tokens }: Statement, script: string, open: number): Token | undefined {
  let depth = 0;
  for (const token of tokens.slice(open)) {
    if (textOf(token, script) === '(') depth++;
    if (textOf(token, script) === ')' && --depth === 0) return token;
  }
  return undefined;
}

function trimmed({ start, end }: TextRange, { tokens }: Statement): TextRange {
  const inside = tokens.filter((token) => token.start >= start && token.end <= end);
  return { start: inside[0]?.start ?? start, end: inside.at(-1)?.end ?? end };
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quotedName';
}

function textOf(token: Token | undefined, script: string): string {
  return token ? script.slice(token.start, token.end).toLowerCase() : '';
}
