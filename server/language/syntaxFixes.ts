import { closestNames, editDistance } from '../../engine/sql/closestNames.ts';
import { isFirmKeyword, keywordNames } from '../../engine/sql/keywords.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import type { Statement } from '../../engine/sql/splitStatements.ts';
import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { Catalog } from './catalog.ts';
import { type FixEdit, type FixPlace, inserting, type QuickFix } from './quickFix.ts';
import { lowerText } from './sqlText.ts';

/** Words that begin a statement, where the semicolon before may be missing. */
const STATEMENT_WORDS = new Set(
  'select with from insert update delete merge create drop alter copy set use pivot values attach'.split(' '),
);

/** Words that may be missing after others; an empty list stands for any. */
const MISSING_WORDS: readonly { readonly word: string; readonly after: readonly string[] }[] = [
  { word: 'by', after: ['group', 'order', 'partition'] },
  { word: 'from', after: ['delete', '*'] },
  { word: 'into', after: ['insert', 'merge'] },
  { word: 'on', after: [] },
  { word: 'as', after: [] },
  { word: 'end', after: [] },
  { word: 'then', after: [] },
];

/** Words and marks that may be one too many before an error. */
const SUPERFLUOUS = new Set(['and', 'or', ',', 'where', ')', ']', '}']);

/** Tokens before the error in which a misspelt keyword is looked for: until then it was taken for a name. */
export const LOOK_BACK = 3;
/** Words of a name with spaces. */
const MAX_WORDS = 5;
const MAX_FIXES = 4;

/** A syntax error whose cause is a quote or bracket that is not closed can be put right without asking. */
export function quoteFixes(message: string, { start, end, written }: FixPlace): QuickFix[] {
  if (!/unterminated quoted/.test(message)) return [];
  return [
    {
      ...inserting(end, written.charAt(0), 'Close the quote', true),
      edits: [{ start: Math.max(start, end), end, text: written.charAt(0) }],
    },
  ];
}

/**
 * Ways to put a syntax error right, the likeliest first. They are proposals: what DuckDB does not parse then must not be offered.
 */
export function syntaxProposals(message: string, place: FixPlace, catalog: Catalog): QuickFix[] {
  const { text, statement, start } = place;
  const { tokens } = statement;
  const atEnd = /at end of input/.test(message);
  const index = atEnd ? tokens.length : tokens.findIndex((token) => token.start === start);
  if (index < 0) return [];
  return [
    ...backtickFixes(place),
    ...quotedPhrases(place, index, catalog),
    ...keywordRepairs(place, index),
    ...closedBrackets(place, index),
    ...endedStatement(place, index),
    ...quotedNames(place, index),
    ...missingTokens(place, index),
    ...superfluousTokens(place, index),
  ].filter(
    (fix, at, all) =>
      all.findIndex(({ title, edits }) => title === fix.title && edits[0]?.start === fix.edits[0]?.start) === at && text !== '',
  );
}

/**
 * Ways to read a statement that parses, but whose name at the error is not known: it may be a keyword that was misspelt, or FROM may be
 * missing. What DuckDB does not bind then must not be offered.
 */
export function readingProposals(message: string, place: FixPlace): QuickFix[] {
  const index = place.statement.tokens.findIndex((token) => token.start === place.start);
  const isStar = /\* expression without FROM/.test(message);
  if (index < 0 || (!isStar && !/Referenced column "|Table with name/.test(message))) return [];
  if (isStar) return missingTokens(place, index + 1).map((fix) => ({ ...fix, preferred: true }));
  return keywordRepairs(place, index).filter(({ edits }) => edits[0]?.start === place.start);
}

/** Those whose text DuckDB takes: at most a few, and one of them preferred at most. */
export function provenFixes(proposals: readonly QuickFix[], isRefused: (fix: QuickFix) => boolean): QuickFix[] {
  const proven = proposals.filter((fix) => !isRefused(fix)).slice(0, MAX_FIXES);
  const [first] = proven;
  return proven.map((fix) => ({ ...fix, preferred: fix === first && (fix.preferred || proven.length === 1) }));
}

/** Names in backticks are other databases': DuckDB's have double quotes, or none. */
export function backtickFixes({ text, statement: { tokens } }: FixPlace): QuickFix[] {
  const ticks = tokens.filter((token) => text.slice(token.start, token.end) === '`');
  const edits = ticks.flatMap((open, index): FixEdit[] => {
    const close = ticks[index + 1];
    if (index % 2 === 1 || !close) return [];
    return [{ start: open.start, end: close.end, text: quoteName(text.slice(open.end, close.start)) }];
  });
  return edits.length === 0 ? [] : [{ title: 'Change backticks to double quotes', edits, preferred: true }];
}

/** Names with spaces that were written without quotes. */
function quotedPhrases({ text, statement: { tokens } }: FixPlace, index: number, catalog: Catalog): QuickFix[] {
  const fixes: QuickFix[] = [];
  for (let from = Math.max(0, index - MAX_WORDS + 1); from <= index; from++) {
    for (let to = Math.min(tokens.length - 1, from + MAX_WORDS - 1); to > from && to >= index - 1; to--) {
      const [first, last] = [tokens[from], tokens[to]];
      if (!first || !last) continue;
      const name = catalogName(text.slice(first.start, last.end), catalog);
      if (name !== undefined) fixes.push(edit(`Change to ${quoteName(name)}`, first.start, last.end, quoteName(name), true));
    }
  }
  return fixes;
}

function catalogName(written: string, catalog: Catalog): string | undefined {
  if (!/\s/.test(written)) return undefined;
  const name = written.toLowerCase();
  const table = catalog.tablesByName.get(name)?.[0];
  if (table) return table.name;
  for (const { columns } of catalog.tables) {
    const column = columns.find((other) => other.name.toLowerCase() === name);
    if (column) return column.name;
  }
  return undefined;
}

/** A keyword that was misspelt, at the error or shortly before it. */
function keywordRepairs({ text, statement: { tokens } }: FixPlace, index: number): QuickFix[] {
  const fixes: QuickFix[] = [];
  for (let at = Math.min(index, tokens.length - 1); at >= Math.max(0, index - LOOK_BACK); at--) {
    const token = tokens[at];
    const written = lowerText(text, token);
    if (token?.kind !== 'word' || written.length < 3 || isFirmKeyword(written)) continue;
    for (const keyword of nearKeywords(written)) {
      const shown = inStyle(keyword, text.slice(token.start, token.end));
      fixes.push(edit(`Change to ${shown}`, token.start, token.end, shown, true));
    }
  }
  return fixes;
}

/** The nearest first; of those that are as near, the one with the same initial letter. */
function nearKeywords(written: string): string[] {
  const rank = (keyword: string) => editDistance(written, keyword) + (keyword.charAt(0) === written.charAt(0) ? 0 : 0.5);
  return closestNames(written, keywordNames())
    .filter((keyword) => keyword !== written)
    .sort((a, b) => rank(a) - rank(b));
}

/** Brackets that are open before the error are closed right before it. */
function closedBrackets({ text, statement }: FixPlace, index: number): QuickFix[] {
  const before = statement.tokens[index - 1];
  const open = unclosedBrackets({ ...statement, tokens: statement.tokens.slice(0, index) }, text);
  return before && open !== '' ? [inserting(before.end, open, `Close with ${open}`, true)] : [];
}

/** A statement that begins a line may lack the semicolon of the one before. */
function endedStatement({ text, statement: { tokens } }: FixPlace, index: number): QuickFix[] {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (!token || !before || !STATEMENT_WORDS.has(lowerText(text, token)) || !/[\r\n]/.test(text.slice(before.end, token.start))) return [];
  return [inserting(before.end, ';', `End the statement before ${text.slice(token.start, token.end)}`, true)];
}

function quotedNames({ text, statement: { tokens } }: FixPlace, index: number): QuickFix[] {
  return [tokens[index - 1], tokens[index]].flatMap((token) => {
    if (token?.kind !== 'word' || !isFirmKeyword(lowerText(text, token))) return [];
    const name = text.slice(token.start, token.end);
    return [edit(`Quote "${name}" as a name`, token.start, token.end, `"${name}"`, true)];
  });
}

function missingTokens({ text, statement: { tokens } }: FixPlace, index: number): QuickFix[] {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (!before) return [];
  const fixes: QuickFix[] = [];
  const words = MISSING_WORDS.filter(({ after }) => after.length === 0 || after.includes(lowerText(text, before)));
  const comma = token ? [inserting(before.end, ',', 'Add a comma')] : [];
  if (words[0] && words[0].after.length === 0) fixes.push(...comma);
  for (const { word } of words) {
    const shown = inStyle(word, text.slice(tokens[0]?.start, tokens[0]?.end));
    fixes.push(token ? inserting(token.start, `${shown} `, `Add ${shown}`) : inserting(before.end, ` ${shown}`, `Add ${shown}`));
  }
  if (!(words[0] && words[0].after.length === 0)) fixes.push(...comma);
  return fixes;
}

function superfluousTokens({ text, statement: { tokens } }: FixPlace, index: number): QuickFix[] {
  return [index - 1, index].flatMap((at) => {
    const token = tokens[at];
    const before = tokens[at - 1];
    if (!token || !before) return [];
    const isTwice = lowerText(text, token) === lowerText(text, before);
    if (!SUPERFLUOUS.has(lowerText(text, token)) && !isTwice) return [];
    return [edit(`Remove ${text.slice(token.start, token.end)}`, before.end, token.end, '')];
  });
}

/** What would close the brackets that a statement leaves open. */
function unclosedBrackets({ tokens }: Pick<Statement, 'tokens'>, text: string): string {
  const partner: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
  const open: string[] = [];
  for (const token of tokens) {
    const written = lowerText(text, token as Token);
    if (partner[written] !== undefined) open.push(partner[written]);
    else if (written === open.at(-1)) open.pop();
  }
  return open.reverse().join('');
}

function edit(title: string, start: number, end: number, text: string, preferred = false): QuickFix {
  const edits: readonly FixEdit[] = [{ start, end, text }];
  return { title, edits, preferred };
}

/** A keyword as a person who writes the example would write it. */
function inStyle(keyword: string, example: string): string {
  return /[A-Z]/.test(example) && example === example.toUpperCase() ? keyword.toUpperCase() : keyword;
}
