import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { KodiakError } from '../../engine/base/errors.ts';
import { closestNames } from '../../engine/sql/closestNames.ts';
import { readDefinition } from '../../engine/sql/definition.ts';
import { statementScopes } from '../../engine/sql/errorPlaces.ts';
import { isFirmKeyword } from '../../engine/sql/keywords.ts';
import { type Block, innermostBlock } from '../../engine/sql/scopeTree.ts';
import type { Statement } from '../../engine/sql/splitStatements.ts';
import { quoteName, sameName, unquoteName } from '../../engine/sql/sqlNames.ts';
import { type Catalog, findTable, pathRank } from './catalog.ts';
import { lowerText, type SqlText, sqlTextOf, statementAt } from './sqlText.ts';

/** An error with the diagnostic that shows it. */
export interface Finding {
  readonly error: KodiakError;
  readonly diagnostic: Diagnostic;
}

interface Fix {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** DuckDB's own tables, which it proposes too. */
const INTERNAL = /^(?:pg_|duckdb_|sqlite_|pragma_)|\(|->/;

const MAX_CANDIDATES = 5;
/** Tables that are proposed for a column. */
const MAX_TABLES = 5;

/** Words that begin a statement, where the semicolon before may be missing. */
const STATEMENT_WORDS = new Set(
  'select with from insert update delete merge create drop alter copy set use pivot values attach'.split(' '),
);
const KIND_WORDS = new Set(['table', 'view', 'macro', 'function', 'type', 'sequence', 'schema', 'index']);

/** Clauses that come after GROUP BY. */
const AFTER_GROUP_BY = new Set([
  'having',
  'qualify',
  'window',
  'order',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'using',
  'sample',
]);

/** Quick fixes for the findings in a range: the name that was meant, and what makes it known. */
export function codeActions(document: TextDocument, range: Range, findings: readonly Finding[], catalog: Catalog): CodeAction[] {
  const sql = sqlTextOf(document);
  const from = document.offsetAt(range.start);
  const to = document.offsetAt(range.end);
  return findings.flatMap(({ error, diagnostic }) => {
    const start = document.offsetAt(diagnostic.range.start);
    const end = document.offsetAt(diagnostic.range.end);
    if (start > to || end < from) return [];
    return fixesOf(error, sql, start, end, catalog).map(
      (fix, index): CodeAction => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: index === 0,
        edit: {
          changes: {
            [document.uri]: [{ range: { start: document.positionAt(fix.start), end: document.positionAt(fix.end) }, newText: fix.text }],
          },
        },
      }),
    );
  });
}

function fixesOf(error: KodiakError, sql: SqlText, start: number, end: number, catalog: Catalog): Fix[] {
  const { message } = error;
  const written = sql.text.slice(start, end);
  const statement = statementAt(sql, start);
  const replacing = (text: string, title = `Change to ${text}`): Fix => ({ title, start, end, text });
  const inserting = (at: number, text: string, title: string): Fix => ({ title, start: at, end: at, text });
  if (!statement) return [];
  if (/Ambiguous reference to column/.test(message)) {
    const choices = /\(use: (.*)\)/.exec(message)?.[1] ?? '';
    return [...choices.matchAll(/"([^"]+)"/g)].map(([, name]) => replacing(qualified(name ?? '')));
  }
  if (/must appear in the GROUP BY clause/.test(message)) {
    return [
      groupBy(statement, sql.text, blockAt(statement, sql.text, start), start, written),
      replacing(`any_value(${written})`, `Wrap in any_value(${written})`),
    ];
  }
  const extension = /exists in the (\w+) extension/.exec(message)?.[1];
  if (extension !== undefined) {
    return [inserting(statement.start, `INSTALL ${extension}; LOAD ${extension};\n`, `Install and load the extension ${extension}`)];
  }
  if (/already exists/.test(message)) return definedFixes(statement, sql.text);
  if (/^Parser Error/.test(message)) return syntaxFixes(message, statement, sql.text, start, end);
  if (/Referenced table "/.test(message))
    return [...tableFixes(statement, sql.text, start, written, catalog), ...candidateFixes(error, sql.text, start, end)];
  const fixes = candidateFixes(error, sql.text, start, end);
  if (/FROM clause is missing/.test(message)) fixes.push(...fromFixes(statement, sql.text, start, written, catalog));
  if (written.startsWith('"') && /Referenced column/.test(message)) {
    fixes.unshift(replacing(`'${unquoteName(written).replaceAll("'", "''")}'`, 'Change to a string'));
  }
  return fixes;
}

/** The names that DuckDB, or the text, have instead. */
function candidateFixes(error: KodiakError, text: string, start: number, end: number): Fix[] {
  const written = text.slice(start, end);
  const isFunction = /Function with name/.test(error.message);
  const shouts = /[A-Z]/.test(written) && written === written.toUpperCase() && /^Catalog Error: Type/.test(error.message);
  return candidatesOf(error).map((name) => {
    const last = name.split('.').at(-1) ?? name;
    // What is written already lacks only its schema.
    const bare = sameName(last, unquoteName(written)) ? name : last;
    // A name with spaces whose first word was read alone is written in full already.
    const inFull = sameName(text.slice(start, start + bare.length), bare);
    const fixed = isFunction ? name : qualified(bare);
    const replacement = shouts ? fixed.toUpperCase() : fixed;
    return { title: `Change to ${replacement}`, start, end: inFull ? Math.max(end, start + bare.length) : end, text: replacement };
  });
}

/** For a qualifier that names no table of the FROM: an alias for one, or one more table. */
function tableFixes(statement: Statement, text: string, start: number, written: string, catalog: Catalog): Fix[] {
  const name = unquoteName(written);
  const block = blockAt(statement, text, start);
  if (!block) return [];
  const fixes: Fix[] = [];
  const table = findTable(catalog, [name], undefined);
  for (const { kind, alias, parts, end } of block.sources) {
    const last = parts.at(-1);
    if (kind !== 'relation' || alias || !last || table || sameName(last.text, name)) continue;
    fixes.push({ title: `Call ${last.text} ${written}`, start: end, end, text: ` ${written}` });
  }
  fixes.sort((a, b) => Number(isShort(b.title, name)) - Number(isShort(a.title, name)));
  const last = block.sources.at(-1);
  const behind = block.references.filter(({ clause }) => clause === 'on' || clause === 'using').map((reference) => reference.end);
  if (table && last) {
    const named = block.sources.some((source) => source.alias && sameName(source.parts.at(-1)?.text ?? '', name));
    const at = behind.length > 0 ? -1 : last.end;
    if (!named && at >= 0) fixes.push({ title: `Add ${written} to FROM`, start: at, end: at, text: `, ${written}` });
  } else if (table) fixes.push(...fromFix(statement, block, text, written));
  return fixes;
}

/** Whether a title's table begins with the letters of an alias. */
function isShort(title: string, alias: string): boolean {
  return title.slice('Call '.length).toLowerCase().startsWith(alias.charAt(0).toLowerCase());
}

/** For a column without a FROM: the tables that have it. */
function fromFixes(statement: Statement, text: string, start: number, written: string, catalog: Catalog): Fix[] {
  const block = blockAt(statement, text, start);
  if (!block || block.sources.length > 0) return [];
  const column = unquoteName(written);
  return catalog.tables
    .filter(({ name, columns }) => !INTERNAL.test(name) && columns.some((other) => sameName(other.name, column)))
    .sort((a, b) => pathRank(catalog, a, undefined) - pathRank(catalog, b, undefined))
    .slice(0, MAX_TABLES)
    .flatMap((table) => {
      const isHome = pathRank(catalog, table, undefined) === 0;
      return fromFix(statement, block, text, [...(isHome ? [] : [table.schema]), table.name].map(quoteName).join('.'));
    });
}

function fromFix(statement: Statement, block: Block, text: string, table: string): Fix[] {
  const list = block.clauses.find(({ kind }) => kind === 'select');
  const tokens = statement.tokens.filter((token) => token.end <= Math.min(block.listEnd ?? list?.end ?? block.end, statement.end));
  const last = tokens.at(-1);
  const at = last && text.slice(last.start, last.end) === ',' ? last.start : last?.end;
  return at === undefined ? [] : [{ title: `Add FROM ${table}`, start: at, end: at, text: ` FROM ${table}` }];
}

function syntaxFixes(message: string, statement: Statement, text: string, start: number, end: number): Fix[] {
  const written = text.slice(start, end);
  if (/unterminated quoted/.test(message)) return [{ title: 'Close the quote', start: end, end, text: written.charAt(0) }];
  if (/at end of input/.test(message)) {
    const open = unclosedBrackets(statement, text);
    return open === '' ? [] : [{ title: `Close with ${open}`, start: statement.end, end: statement.end, text: open }];
  }
  const index = statement.tokens.findIndex((token) => token.start === start);
  const before = statement.tokens[index - 1];
  const fixes: Fix[] = [];
  const open = unclosedBrackets({ ...statement, tokens: statement.tokens.slice(0, Math.max(0, index)) }, text);
  if (before && open !== '' && isFirmKeyword(written.toLowerCase())) {
    fixes.push({ title: `Close with ${open}`, start: before.end, end: before.end, text: open });
  }
  if (before && STATEMENT_WORDS.has(written.toLowerCase()) && /[\r\n]/.test(text.slice(before.end, start))) {
    fixes.push({ title: `End the statement before ${written}`, start: before.end, end: before.end, text: ';' });
  }
  if (isFirmKeyword(written.toLowerCase())) fixes.push({ title: `Quote "${written}" as a name`, start, end, text: `"${written}"` });
  return fixes;
}

/** CREATE OR REPLACE, or IF NOT EXISTS. */
function definedFixes(statement: Statement, text: string): Fix[] {
  const definition = readDefinition(statement, text);
  const create = statement.tokens[0];
  const name = statement.tokens.find((token) => token.start === definition?.start);
  if (!definition || !create || !name) return [];
  const fixes: Fix[] = [{ title: 'CREATE OR REPLACE', start: create.end, end: create.end, text: ' OR REPLACE' }];
  const kind = statement.tokens.findLast((token) => token.end <= definition.start && KIND_WORDS.has(lowerText(text, token)));
  if (kind) fixes.push({ title: 'Only IF NOT EXISTS', start: kind.end, end: kind.end, text: ' IF NOT EXISTS' });
  return fixes;
}

/** What would close the brackets that a statement leaves open. */
function unclosedBrackets({ tokens }: Statement, text: string): string {
  const partner: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
  const open: string[] = [];
  for (const token of tokens) {
    const written = lowerText(text, token);
    if (partner[written] !== undefined) open.push(partner[written]);
    else if (written === open.at(-1)) open.pop();
  }
  return open.reverse().join('');
}

/** The innermost SELECT around an offset. */
function blockAt(statement: Statement, text: string, offset: number): Block | undefined {
  const scope = statementScopes(statement, text).find(({ start, end }) => start <= offset && offset <= end);
  return scope && innermostBlock(scope, offset);
}

function candidatesOf({ candidates, message }: KodiakError): string[] {
  const parameter = /Invalid named parameter "([^"]+)"/.exec(message)?.[1];
  if (parameter !== undefined) {
    const known = [...message.matchAll(/^\s+(\w+) [A-Z]/gm)].map(([, name]) => name ?? '');
    return closestNames(parameter.toLowerCase(), known);
  }
  const said = /(?:Candidate bindings|Candidate tables|Candidate Entries|Did you mean)\W*?(".*")/.exec(message)?.[1] ?? '';
  const names = candidates.length > 0 ? candidates : [...said.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name ?? '');
  return [...new Set(names)].filter((name) => name !== '' && !INTERNAL.test(name)).slice(0, MAX_CANDIDATES);
}

/** A name with its qualifiers as SQL: each part quoted if it has to be. */
function qualified(name: string): string {
  return name.split('.').map(quoteName).join('.');
}

/** Adds the column to the GROUP BY of its query, or GROUP BY ALL where there is none. */
function groupBy({ tokens }: Statement, text: string, block: Block | undefined, at: number, column: string): Fix {
  const group = block?.clauses.find(({ kind }) => kind === 'group');
  const from = group?.start ?? at;
  let depth = 0;
  let end = from;
  for (const token of tokens) {
    if (token.start < from) continue;
    const word = lowerText(text, token);
    if (depth === 0 && (word === ')' || (token.kind === 'word' && AFTER_GROUP_BY.has(word)))) break;
    if (word === '(') depth++;
    if (word === ')') depth--;
    end = token.end;
  }
  return group
    ? { title: `Add ${unquoteName(column)} to GROUP BY`, start: end, end, text: `, ${column}` }
    : { title: 'Add GROUP BY ALL', start: end, end, text: ' GROUP BY ALL' };
}
