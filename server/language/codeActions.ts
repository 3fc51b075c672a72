import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSyntaxError, type KodiakError } from '../../engine/base/errors.ts';
import { readDefinition } from '../../engine/sql/definition.ts';
import type { Block } from '../../engine/sql/scopeTree.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import { quoteName, sameName, unquoteName } from '../../engine/sql/sqlNames.ts';
import { type Catalog, findTable, pathRank } from './catalog.ts';
import { conditionFixes } from './conditionFixes.ts';
import { type KnownNames, nameFixes } from './nameFixes.ts';
import { blockAround, type FixPlace, inserting, type QuickFix, replacing, withEdits } from './quickFix.ts';
import { NO_NAMES, type ScopeNames } from './scopeNames.ts';
import { lowerText, sqlTextOf, statementAt } from './sqlText.ts';
import { backtickFixes, LOOK_BACK, provenFixes, quoteFixes, readingProposals, syntaxProposals } from './syntaxFixes.ts';

/** An error with the diagnostic that shows it. */
export interface Finding {
  readonly error: KodiakError;
  readonly diagnostic: Diagnostic;
}

/** What quick fixes are made from, beside the text and its errors. */
export interface FixSources {
  readonly catalog: Catalog;
  /** The names at an offset of the document; undefined when they are not known. */
  scopeAt(offset: number): Promise<ScopeNames | undefined>;
  /** Paths that can be written in place of one, of files that are there. */
  filesLike(path: string): Promise<readonly string[]>;
  /** Those of the texts that DuckDB cannot parse. */
  refused(statements: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the queries that DuckDB cannot bind where the offset is. */
  unbound(queries: readonly string[], offset: number): Promise<ReadonlySet<string>>;
}

/** DuckDB's own tables. */
const INTERNAL = /^(?:pg_|duckdb_|sqlite_|pragma_)/;
/** Tables that are proposed for a column. */
const MAX_TABLES = 5;

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
export async function codeActions(
  document: TextDocument,
  range: Range,
  findings: readonly Finding[],
  sources: FixSources,
): Promise<CodeAction[]> {
  const sql = sqlTextOf(document);
  const from = document.offsetAt(range.start);
  const to = document.offsetAt(range.end);
  const actions: CodeAction[] = [];
  for (const { error, diagnostic } of findings) {
    const start = document.offsetAt(diagnostic.range.start);
    const end = document.offsetAt(diagnostic.range.end);
    const statement = start > to && !isSyntaxError(error) ? undefined : statementAt(sql, start);
    if (!statement || end < from || causeStart(error, statement, start) > to) continue;
    const fixes = await fixesOf(error, { text: sql.text, statement, start, end, written: sql.text.slice(start, end) }, sources);
    for (const { title, preferred, edits } of fixes) {
      const changes = edits.map((edit) => ({
        range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
        newText: edit.text,
      }));
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        ...(preferred && { isPreferred: true }),
        edit: { changes: { [document.uri]: changes } },
      });
    }
  }
  return actions;
}

async function fixesOf(error: KodiakError, place: FixPlace, sources: FixSources): Promise<QuickFix[]> {
  const { message } = error;
  const { statement, text, start, written } = place;
  const { catalog } = sources;
  if (/Ambiguous reference to column/.test(message)) {
    const choices = /\(use: (.*)\)/.exec(message)?.[1] ?? '';
    return [...choices.matchAll(/"([^"]+)"/g)].map(([, name = '']) => replacing(place, name.split('.').map(quoteName).join('.')));
  }
  if (written === '`') return backtickFixes(place);
  if (/must appear in the GROUP BY clause/.test(message)) {
    return [groupBy(place, blockAround(place)), replacing(place, `any_value(${written})`, `Wrap in any_value(${written})`)];
  }
  const extension = /exists in the (\w+) extension/.exec(message)?.[1];
  if (extension !== undefined) {
    const loading = `INSTALL ${extension}; LOAD ${extension};\n`;
    return [inserting(statement.start, loading, `Install and load the extension ${extension}`, true)];
  }
  if (/already exists/.test(message)) return definedFixes(statement, text);
  const scope = (await sources.scopeAt(start)) ?? NO_NAMES;
  const files = /No files found/.test(message) ? await sources.filesLike(written) : [];
  const known: KnownNames = { catalog, scope, files };
  if (/window "[^"]*" does not exist/.test(message)) return nameFixes(error, place, known);
  if (isSyntaxError(error)) return await syntaxFixes(message, place, sources);
  const moves = conditionFixes(message, place);
  if (moves.length > 0) return await boundFixes(moves, place, sources);
  if (/Referenced table "/.test(message)) return preferOne([...tableFixes(place, catalog), ...nameFixes(error, place, known)]);
  const fixes = nameFixes(error, place, known);
  if (/FROM clause is missing/.test(message)) fixes.push(...fromFixes(place, catalog));
  if (!fixes.some(({ preferred }) => preferred)) fixes.unshift(...(await boundFixes(readingProposals(message, place), place, sources)));
  if (written.startsWith('"') && /Referenced column/.test(message)) {
    fixes.unshift(replacing(place, `'${unquoteName(written).replaceAll("'", "''")}'`, 'Change to a string', true));
  }
  const target = dropFix(message, place);
  return preferOne(target ? [...fixes, target] : fixes);
}

/** Where the cause of an error may begin: of a syntax error a few words before. */
function causeStart(error: KodiakError, { tokens }: Statement, start: number): number {
  if (!isSyntaxError(error)) return start;
  const index = tokens.findIndex((token) => token.start === start);
  return tokens[Math.max(0, index - LOOK_BACK)]?.start ?? start;
}

/** What DuckDB parses with the fix made. */
async function syntaxFixes(message: string, place: FixPlace, sources: FixSources): Promise<QuickFix[]> {
  const sure = quoteFixes(message, place);
  if (sure.length > 0) return sure;
  const proposals = syntaxProposals(message, place, sources.catalog);
  const texts = proposals.map(({ edits }) =>
    splitStatements(withEdits(place.text, place.statement, edits)).map((statement) => statement.text),
  );
  const refused = await sources.refused(texts.flat());
  return provenFixes(proposals, (fix) => texts[proposals.indexOf(fix)]?.some((text) => refused.has(text)) !== false);
}

/** What DuckDB binds with the fix made. */
async function boundFixes(fixes: readonly QuickFix[], place: FixPlace, sources: FixSources): Promise<QuickFix[]> {
  const texts = fixes.map(({ edits }) => withEdits(place.text, place.statement, edits));
  if (texts.length === 0) return [];
  const unbound = await sources.unbound(texts, place.statement.start);
  return fixes.filter((_, index) => !unbound.has(texts[index] ?? ''));
}

/** Each once; only the first of those that are preferred stays so. */
function preferOne(fixes: readonly QuickFix[]): QuickFix[] {
  const first = fixes.find(({ preferred }) => preferred);
  const different = fixes.filter(({ title }, index) => fixes.findIndex((other) => other.title === title) === index);
  return different.map((fix) => ({ ...fix, preferred: fix === first }));
}

/** What is not there need not be dropped. */
function dropFix(message: string, { text, statement }: FixPlace): QuickFix | undefined {
  const [first, kind, next] = statement.tokens;
  if (lowerText(text, first) !== 'drop' || !kind || !next || lowerText(text, next) === 'if') return undefined;
  return /does not exist/.test(message) ? inserting(kind.end, ' IF EXISTS', 'Only IF EXISTS') : undefined;
}

/** For a qualifier that names no table of the FROM: an alias for one, or one more table. */
function tableFixes(place: FixPlace, catalog: Catalog): QuickFix[] {
  const { statement, text, written } = place;
  const name = unquoteName(written);
  const block = blockAround(place);
  if (!block) return [];
  const aliases = block.sources.flatMap(({ alias, parts }) => (alias && sameName(parts.at(-1)?.text ?? '', name) ? [alias.text] : []));
  const fixes = aliases.map((alias) => replacing(place, quoteName(alias), undefined, aliases.length === 1));
  const table = findTable(catalog, [name], undefined);
  for (const { kind, alias, parts, end } of block.sources) {
    const last = parts.at(-1);
    if (kind !== 'relation' || alias || !last || table || sameName(last.text, name)) continue;
    fixes.push(
      inserting(end, ` ${written}`, `Call ${last.text} ${written}`, block.sources.length === 1 && isShort(`Call ${last.text}`, name)),
    );
  }
  fixes.sort((a, b) => Number(isShort(b.title, name)) - Number(isShort(a.title, name)));
  const last = block.sources.at(-1);
  const behind = block.references.filter(({ clause }) => clause === 'on' || clause === 'using').map((reference) => reference.end);
  if (table && last) {
    const named = block.sources.some((source) => source.alias && sameName(source.parts.at(-1)?.text ?? '', name));
    const at = behind.length > 0 ? -1 : last.end;
    if (!named && at >= 0) fixes.push(inserting(at, `, ${written}`, `Add ${written} to FROM`, true));
  } else if (table) fixes.push(...fromFix(statement, block, text, written).map((fix) => ({ ...fix, preferred: true })));
  return fixes;
}

/** Whether a title's table begins with the letters of an alias. */
function isShort(title: string, alias: string): boolean {
  return title.slice('Call '.length).toLowerCase().startsWith(alias.charAt(0).toLowerCase());
}

/** For a column without a FROM: the tables that have it. */
function fromFixes(place: FixPlace, catalog: Catalog): QuickFix[] {
  const { statement, text, written } = place;
  const block = blockAround(place);
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

function fromFix(statement: Statement, block: Block, text: string, table: string): QuickFix[] {
  const list = block.clauses.find(({ kind }) => kind === 'select');
  const tokens = statement.tokens.filter((token) => token.end <= Math.min(block.listEnd ?? list?.end ?? block.end, statement.end));
  const last = tokens.at(-1);
  const at = last && text.slice(last.start, last.end) === ',' ? last.start : last?.end;
  return at === undefined ? [] : [inserting(at, ` FROM ${table}`, `Add FROM ${table}`)];
}

/** CREATE OR REPLACE, or IF NOT EXISTS. */
function definedFixes(statement: Statement, text: string): QuickFix[] {
  const definition = readDefinition(statement, text);
  const create = statement.tokens[0];
  const name = statement.tokens.find((token) => token.start === definition?.start);
  if (!definition || !create || !name) return [];
  const fixes = [inserting(create.end, ' OR REPLACE', 'CREATE OR REPLACE')];
  const kind = statement.tokens.findLast((token) => token.end <= definition.start && KIND_WORDS.has(lowerText(text, token)));
  if (kind) fixes.push(inserting(kind.end, ' IF NOT EXISTS', 'Only IF NOT EXISTS'));
  return fixes;
}

/** Adds the column to the GROUP BY of its query, or GROUP BY ALL where there is none. */
function groupBy({ statement: { tokens }, text, start: at, written: column }: FixPlace, block: Block | undefined): QuickFix {
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
    ? inserting(end, `, ${column}`, `Add ${unquoteName(column)} to GROUP BY`, true)
    : inserting(end, ' GROUP BY ALL', 'Add GROUP BY ALL', true);
}
