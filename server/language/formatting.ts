import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { type Token, tokenize, tokensOf } from '../../engine/sql/lexer.ts';
import { readOnce } from '../../engine/sql/readOnce.ts';
import { parseScopes } from '../../engine/sql/scopeParser.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { type LayoutOptions, layOutOnce } from './statementLayout.ts';

/** A longer text is not formatted: it is data, and would take seconds. */
const MAX_CHARACTERS = 512 * 1024;
/** A longer statement is left as it is. */
const MAX_STATEMENT_CHARACTERS = 32 * 1024;

const CELL_MARKER = /^--[ \t]*%%/;

export interface FormatOptions extends LayoutOptions {
  /** Only white space before tokens in this range changes; an empty one stands for the statement around it. */
  readonly range?: TextRange;
  /** False for a text that is no valid statement, which is then left as it is. Without it, brackets and quotes are all that is looked at. */
  readonly accepts?: (statement: string) => boolean;
  readonly trimTrailingWhitespace?: boolean;
  readonly trimFinalNewlines?: boolean;
  readonly insertFinalNewline?: boolean;
}

/** A piece of white space and what stands there instead. */
export interface FormatEdit extends TextRange {
  readonly text: string;
}

export interface Formatting {
  /** In order, without overlap. */
  readonly edits: readonly FormatEdit[];
  /** A sentence when something is too long to be formatted. */
  readonly refusal: string | undefined;
}

/** What stands between white space outside of statements: a statement with its layout, a semicolon, or a comment. */
interface Part extends TextRange {
  readonly kind: 'statement' | 'untouched' | 'semicolon' | 'comment';
  readonly gaps?: readonly string[];
  readonly tokens?: readonly Token[];
}

/** A statement with the comments inside of it, but not those around it. */
interface Candidate {
  readonly tokens: readonly Token[];
  readonly text: string;
}

/**
 * Lays out the statements of a script, each for itself, by edits of white space alone: no token changes. What cannot be laid out
 * stays as it is, and so do cell markers, dot commands, comments, and blank lines between statements.
 */
export function formatSql(text: string, options: FormatOptions): Formatting {
  const steps = formatInSteps(text, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The statements of a script, or those that some ranges touch, as `accepts` will be asked for them. */
export function statementTexts(text: string, ranges: readonly (TextRange | undefined)[] = [undefined]): string[] {
  if (text.length > MAX_CHARACTERS) return [];
  const parts = readParts(text);
  return parts.flatMap((part, index) => {
    if (!('whole' in part)) return [];
    const next = parts[index + 1];
    const start = part.whole.tokens[0]?.start ?? 0;
    const end = (next && 'kind' in next && next.kind === 'semicolon' ? next : part.whole.tokens.at(-1))?.end ?? 0;
    if (!ranges.some((range) => !range || (range.start <= end && start <= range.end))) return [];
    const pieces = part.pieces.length > 1 ? part.pieces : [];
    return [part.whole, ...pieces].map((candidate) => candidate.text);
  });
}

/** The statement that the semicolon before an offset ends; undefined for a semicolon in a string or comment. */
export function statementEndedAt(text: string, offset: number): TextRange | undefined {
  if (text.length > MAX_CHARACTERS || text.charAt(offset - 1) !== ';') return undefined;
  const parts = readParts(text);
  const at = parts.findIndex((part) => 'kind' in part && part.kind === 'semicolon' && part.end === offset);
  const before = parts[at - 1];
  const start = before && 'whole' in before ? before.pieces.at(-1)?.tokens[0]?.start : undefined;
  return start === undefined ? undefined : { start, end: offset };
}

/** `formatSql` with a pause after each statement, for those who have something else to do in between. */
export function* formatInSteps(text: string, options: FormatOptions): Generator<undefined, Formatting> {
  if (text.length > MAX_CHARACTERS) {
    return { edits: [], refusal: `The text is too long to be formatted: it has more than ${MAX_CHARACTERS / 1024} Ki characters.` };
  }
  const read = readParts(text);
  const range = options.range && wholeIfEmpty(options.range, read);
  const parts: Part[] = [];
  let refusal: string | undefined;
  for (const part of read) {
    if (!('whole' in part)) {
      parts.push(part);
      continue;
    }
    const isWhole = options.accepts ? options.accepts(part.whole.text) : part.pieces.length < 2;
    // Where a semicolon is missing, a piece that is wrong may have taken its neighbours with it.
    const areParted = !isWhole && part.pieces.every(({ text: own }) => options.accepts?.(own) !== false);
    for (const { tokens, text: own } of isWhole ? [part.whole] : part.pieces) {
      const start = tokens[0]?.start ?? 0;
      const end = tokens.at(-1)?.end ?? 0;
      const isAsked = !range || (start < range.end && range.start < end);
      if (isAsked && own.length > MAX_STATEMENT_CHARACTERS) {
        refusal = `A statement is too long to be formatted: it has more than ${MAX_STATEMENT_CHARACTERS / 1024} Ki characters.`;
      }
      const isTaken = isAsked && own.length <= MAX_STATEMENT_CHARACTERS && (isWhole || areParted);
      const laidOut = isTaken ? layOutOnce(text, tokens, options) : undefined;
      const gaps = laidOut && (options.accepts || isOneStatement(text, tokens, laidOut)) ? laidOut : undefined;
      parts.push(gaps ? { kind: 'statement', start, end, gaps, tokens } : { kind: 'untouched', start, end });
      if (isTaken) yield undefined;
    }
  }
  const edits = editsOf(text, parts, options).filter(({ end }) => !range || (range.start <= end && end < range.end));
  const isPartOfLine = range && !/[\r\n]/.test(text.slice(range.start, range.end));
  const around = isPartOfLine && parts.find(({ kind, start, end }) => kind === 'statement' && start <= range.start && range.end <= end);
  const isInside = around && (around.start < range.start || range.end < around.end);
  return { edits: isInside ? edits.flatMap((edit) => withoutBreak(text, edit)) : edits, refusal };
}

/** What is pasted into a line stays in it. */
function withoutBreak(text: string, { start, end, text: wanted }: FormatEdit): FormatEdit[] {
  if (!wanted.includes('\n')) return [{ start, end, text: wanted }];
  const isTight = start === end && (text.charAt(start - 1) === '(' || text.charAt(end) === ')');
  const own = isTight ? '' : ' ';
  return text.slice(start, end) === own ? [] : [{ start, end, text: own }];
}

/** Statements, with what parts them if a semicolon was forgotten, and what stands around them. */
type ReadPart = Part | { readonly whole: Candidate; readonly pieces: readonly Candidate[] };

const readParts: (text: string) => readonly ReadPart[] = readOnce((text) => {
  const masked = maskDotCommands(text);
  const tokens = tokensOf(masked);
  const safeEnd = unsafeFrom(masked, tokens);
  const parts: ReadPart[] = [];
  let own: Token[] = [];
  const finish = () => {
    for (const part of cut(masked, own)) parts.push(part);
    own = [];
  };
  for (const token of tokens) {
    if (token.start >= safeEnd) break;
    const isMarker = token.kind === 'lineComment' && CELL_MARKER.test(masked.slice(token.start, token.end));
    const isSemicolon = token.kind === 'punctuation' && masked.charAt(token.start) === ';';
    if (isMarker && /(?:^|[\r\n])[ \t]*$/.test(masked.slice(Math.max(0, token.start - 200), token.start))) {
      finish();
      parts.push({ kind: 'comment', start: token.start, end: token.end });
    } else if (isSemicolon) {
      finish();
      parts.push({ kind: 'semicolon', start: token.start, end: token.end });
    } else own.push(token);
  }
  if (safeEnd < text.length) {
    for (const { start, end } of own) parts.push({ kind: 'untouched', start, end });
    parts.push({ kind: 'untouched', start: safeEnd, end: text.length });
  } else finish();
  return parts;
});

/** A quote that is not closed may mean that any quote before it, back to the first that spans lines, was read the wrong way round. */
function unsafeFrom(text: string, tokens: readonly Token[]): number {
  if (!tokens.at(-1)?.unterminated) return text.length;
  return (
    tokens.find(({ kind, start, end, unterminated }) => {
      if (kind !== 'string' && kind !== 'quotedName' && kind !== 'blockComment') return false;
      return unterminated || text.slice(start, end).includes('\n');
    })?.start ?? text.length
  );
}

/** The tokens between two semicolons: comments around the statement are no part of it. */
function cut(text: string, tokens: readonly Token[]): ReadPart[] {
  const plain = tokens.filter(({ kind }) => !isComment(kind));
  const first = plain[0];
  const last = plain.at(-1);
  if (!first || !last) return tokens.map(({ start, end }) => ({ kind: 'comment', start, end }));
  const comment = ({ start, end }: Token): Part => ({ kind: 'comment', start, end });
  const candidate = (from: number, to: number): Candidate => {
    const inner = tokens.filter(({ start, end }) => from <= start && end <= to);
    return { tokens: inner, text: text.slice(from, to) };
  };
  const whole = candidate(first.start, last.end);
  const scopes = whole.text.length > MAX_STATEMENT_CHARACTERS ? [] : parseScopes(text, plain, first.start, last.end);
  // A piece begins with a token of its own; a scope may begin inside of one (`a:b`).
  const starts = scopes.flatMap(({ start }, index) => {
    const own = index === 0 ? first.start : plain.find((token) => token.start >= start)?.start;
    return own === undefined ? [] : [own];
  });
  const pieces = [...new Set(starts)].map((start, index, all) => {
    const next = all[index + 1];
    return candidate(start, plain.findLast((token) => next === undefined || token.start < next)?.end ?? last.end);
  });
  const around = (from: number, to: number) =>
    tokens.filter(({ kind, start }) => isComment(kind) && from <= start && start < to).map(comment);
  if (pieces.length < 2) return [...around(0, first.start), { whole, pieces: [whole] }, ...around(last.end, text.length)];
  return [...around(0, first.start), { whole, pieces }, ...around(last.end, text.length)];
}

/** A line that would begin like a statement would be taken for one the next time. */
function isOneStatement(text: string, tokens: readonly Token[], gaps: readonly string[]): boolean {
  const laidOut = tokens.map(({ start, end }, index) => `${gaps[index]}${text.slice(start, end)}`).join('');
  const plain = tokenize(laidOut).filter(({ kind }) => !isComment(kind));
  return parseScopes(laidOut, plain, 0, laidOut.length).length < 2;
}

function isComment(kind: Token['kind']): boolean {
  return kind === 'lineComment' || kind === 'blockComment';
}

/** The statement around an empty range, with its semicolon. */
function wholeIfEmpty({ start, end }: TextRange, parts: readonly ReadPart[]): TextRange {
  if (end > start) return { start, end };
  for (const [index, part] of parts.entries()) {
    if (!('whole' in part)) continue;
    const next = parts[index + 1];
    for (const [at, { tokens }] of part.pieces.entries()) {
      const from = tokens[0]?.start ?? 0;
      const own = tokens.at(-1)?.end ?? 0;
      const to = at === part.pieces.length - 1 && next && 'kind' in next && next.kind === 'semicolon' ? next.end : own;
      if (from <= start && start <= to) return { start: from, end: to };
    }
  }
  return { start, end };
}

function editsOf(text: string, parts: readonly Part[], options: FormatOptions): FormatEdit[] {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: FormatEdit[] = [];
  const put = (start: number, end: number, wanted: string) => {
    const own = wanted.replaceAll('\n', eol);
    if (text.slice(start, end) !== own) edits.push({ start, end, text: own });
  };
  const isLong = (part: Part | undefined) => part?.gaps?.some((gap) => gap.includes('\n')) === true;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    const start = before?.end ?? 0;
    put(start, part.start, between(text.slice(start, part.start), before, part, isLong(part) && isLong(parts[index - 2])));
    for (const [at, token] of part.tokens?.entries() ?? []) {
      if (at > 0) put(part.tokens?.[at - 1]?.end ?? 0, token.start, part.gaps?.[at] ?? '');
    }
  }
  const end = parts.at(-1)?.end ?? 0;
  if (parts.at(-1)?.kind !== 'untouched') put(end, text.length, atEnd(text.slice(end).replaceAll('\r\n', '\n'), options, text.length > 0));
  return edits;
}

/** White space between two parts, lines ending with `\n`. What holds dot commands stays. */
function between(gap: string, before: Part | undefined, part: Part, bothLong: boolean): string {
  const own = gap.replaceAll('\r\n', '\n');
  if (gap.trim() !== '' || gap.includes('\uFEFF') || part.kind === 'untouched' || before?.kind === 'untouched') return own;
  if (part.kind === 'semicolon' && before?.kind === 'statement') return '';
  const lines = own.split('\n').length - 1;
  if (lines > 0 || !before) return '\n'.repeat(lines);
  if (before.kind !== 'semicolon') return own;
  if (part.kind === 'statement') return bothLong ? '\n\n' : '\n';
  return part.kind === 'comment' && own === '' ? ' ' : own;
}

function atEnd(gap: string, { trimTrailingWhitespace, trimFinalNewlines, insertFinalNewline }: FormatOptions, isText: boolean): string {
  if (gap.trim() !== '') return gap;
  let own = trimTrailingWhitespace ? gap.replace(/[^\n]+/g, '') : gap;
  if (trimFinalNewlines) own = own.replace(/\n+(?=[^\n]*$)/, (lines) => (lines === '' ? '' : '\n'));
  if (insertFinalNewline && isText && !own.endsWith('\n')) own += '\n';
  return own;
}
