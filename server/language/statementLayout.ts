import { duckdb, formatDialect } from 'sql-formatter';
import { isFirmKeyword } from '../../engine/sql/keywords.ts';
import { type Token, tokenize } from '../../engine/sql/lexer.ts';

export interface LayoutOptions {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/** A token with the white space before it. */
interface Piece {
  readonly kind: Token['kind'];
  readonly text: string;
  /** The text in lower case if it is a word, an operator or punctuation; else empty. */
  readonly word: string;
  readonly gap: string;
}

/** Operators that sql-formatter knows; others have stand-ins. */
const KNOWN_OPERATORS = new Set('+ - * / % < > = <> <= >= != || -> ->> :: := =>'.split(' '));
/** Words after which a bracket is no call's. */
const BEFORE_BRACKET = new Set(
  'in values as and or not on using where when then else over between exists by from join select with into any all some lateral having qualify limit offset union except intersect'.split(
    ' ',
  ),
);
/** Words before a list that keep their space. */
const BEFORE_LIST = new Set(['filter', 'replace', 'exclude', 'rename']);
/** First words of statements that stay on one line. */
const SHORT_STATEMENTS = new Set(
  'set reset pragma use attach detach install load call begin start commit rollback abort checkpoint vacuum deallocate execute export import drop alter truncate comment'.split(
    ' ',
  ),
);
/** Calls whose arguments have keywords between them: `extract(year FROM d)`. */
const KEYWORD_CALLS = new Set(['extract', 'trim', 'substring', 'overlay', 'position']);
/** Brackets with more characters inside than this are broken into lines. */
const EXPRESSION_WIDTH = 60;
/** Deeper brackets are left as they are: sql-formatter descends into them by recursion. */
const MAX_DEPTH = 200;

/** Characters of the statements whose layout is remembered. */
const MAX_REMEMBERED = 2 * 1024 * 1024;
let remembered = 0;
const layouts = new Map<string, readonly string[] | undefined>();

/** `layOut`, which takes milliseconds, once for each text: after an edit most statements of a script are the same. */
export function layOutOnce(text: string, tokens: readonly Token[], options: LayoutOptions): readonly string[] | undefined {
  const own = text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
  const key = `${options.tabSize} ${options.insertSpaces} ${own}`;
  if (layouts.has(key)) return layouts.get(key);
  const gaps = layOut(text, tokens, options);
  remembered += key.length;
  if (remembered > MAX_REMEMBERED) {
    layouts.clear();
    remembered = key.length;
  }
  layouts.set(key, gaps);
  return gaps;
}

/**
 * The white space that belongs before each token of a statement, comments included; undefined where none is known to be right.
 * sql-formatter sees the statement with stand-ins of the same length for whatever it might misread (names, literals, operators,
 * comments), and only the white space of its answer is taken: tokens cannot change.
 */
function layOut(text: string, tokens: readonly Token[], options: LayoutOptions): string[] | undefined {
  const pieces = tokens.map((token, index): Piece => {
    const own = text.slice(token.start, token.end);
    const hasWord = token.kind === 'word' || token.kind === 'operator' || token.kind === 'punctuation';
    return {
      kind: token.kind,
      text: own,
      word: hasWord ? own.toLowerCase() : '',
      gap: index === 0 ? '' : text.slice(tokens[index - 1]?.end, token.start),
    };
  });
  if (isRisky(pieces)) return undefined;
  let gaps = arrange(pieces, options);
  if (gaps?.every((gap, index) => gap === pieces[index]?.gap.replaceAll('\r\n', '\n'))) return isSame(pieces, gaps) ? gaps : undefined;
  // What is laid out must stay so.
  for (let pass = 0; gaps && pass < 3; pass++) {
    const now: readonly string[] = gaps;
    const next = arrange(
      pieces.map((piece, index) => ({ ...piece, gap: now[index] ?? '' })),
      options,
    );
    if (next?.every((gap, index) => gap === now[index])) return isSame(pieces, next) ? next : undefined;
    gaps = next;
  }
  return undefined;
}

/** White space around dots has meaning: `a. from` is not `a.from`. So has that before an exponent: `1e` is a BIGINT called e, `1 e` an INTEGER. */
function isRisky(pieces: readonly Piece[]): boolean {
  let depth = 0;
  for (const [index, { word, gap }] of pieces.entries()) {
    if (gap === '' && word.startsWith('e') && pieces[index - 1]?.kind === 'number') return true;
    if (word === '.' && (gap !== '' || (pieces[index + 1]?.gap ?? '') !== '')) return true;
    if (word === '(' || word === '[' || word === '{') depth++;
    if (word === ')' || word === ']' || word === '}') depth--;
    if (depth < 0 || depth > MAX_DEPTH) return true;
  }
  return depth !== 0;
}

function isSame(pieces: readonly Piece[], gaps: readonly string[]): boolean {
  const text = pieces.map((piece, index) => `${gaps[index]}${piece.text}`).join('');
  const tokens = tokenize(text);
  return tokens.length === pieces.length && tokens.every(({ start, end }, index) => text.slice(start, end) === pieces[index]?.text);
}

function arrange(pieces: readonly Piece[], { tabSize, insertSpaces }: LayoutOptions): string[] | undefined {
  const stood = pieces.map((piece, index) => ({ gap: piece.gap, text: standIn(piece, pieces[index - 1], pieces[index + 1]) }));
  if (stood.some(({ text }) => text === '')) return undefined;
  let source = '';
  for (const [index, { text, gap }] of stood.entries()) {
    const merges = gap === '' && /\w$/.test(source) && /^\w/.test(text);
    source += `${index === 0 ? '' : gap.includes('\n') || gap.includes('\r') ? '\n' : gap === '' && !merges ? '' : ' '}${text}`;
  }
  let formatted: string;
  try {
    formatted = formatDialect(source, { dialect: duckdb, tabWidth: tabSize, useTabs: !insertSpaces, expressionWidth: EXPRESSION_WIDTH });
  } catch {
    return undefined;
  }
  const found = tokenize(formatted);
  if (found.length !== stood.length) return undefined;
  const gaps: string[] = [];
  for (const [index, { start, end }] of found.entries()) {
    if (formatted.slice(start, end) !== stood[index]?.text) return undefined;
    gaps.push(index === 0 ? '' : formatted.slice(found[index - 1]?.end, start));
  }
  return refine(pieces, gaps);
}

/** What sql-formatter gets to see for a token: of the same length, so that lines break where they should. Empty for what it cannot read. */
function standIn({ kind, text, word }: Piece, before: Piece | undefined, after: Piece | undefined): string {
  const inner = (open: string, close: string) => open + 'x'.repeat(Math.max(1, text.length - open.length - close.length)) + close;
  switch (kind) {
    case 'word':
      return /^[A-Za-z_]\w*$/.test(text) ? text : 'x'.repeat(text.length);
    case 'quotedName':
      return inner('"', '"');
    case 'string':
      return inner("'", "'");
    case 'number':
      return '1'.repeat(text.length);
    case 'parameter':
      return 'p'.repeat(text.length);
    case 'operator':
      if (KNOWN_OPERATORS.has(word)) return text;
      if (isPrefix(before) && after?.gap === '') return '-';
      return text.length > 1 ? '||' : '+';
    case 'punctuation':
      return /^[()[\]{},.:]$/.test(text) ? text : '';
    case 'lineComment':
      return inner('--', '');
    case 'blockComment':
      return inner('/*', '*/');
  }
}

/** Whether an operator behind this token has no left operand. */
function isPrefix(before: Piece | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'operator') return true;
  if (before.kind === 'punctuation') return before.word !== ')' && before.word !== ']' && before.word !== '}';
  return before.kind === 'word' && isFirmKeyword(before.word) && before.word !== 'end' && before.word !== 'null';
}

/** sql-formatter's white space, with what it does not know about DuckDB put right. */
function refine(pieces: readonly Piece[], gaps: string[]): string[] {
  const first = pieces[0]?.word ?? '';
  const isShort = SHORT_STATEMENTS.has(first);
  const calls: string[] = [];
  /** Brackets around each BETWEEN whose AND is still to come. */
  const betweens: number[] = [];
  let afterPivot = false;
  for (const [index, { kind, text, word, gap }] of pieces.entries()) {
    if (word === 'between') betweens.push(calls.length);
    if (word === 'and' && betweens.at(-1) === calls.length) {
      betweens.pop();
      if (gaps[index]?.includes('\n') && pieces[index - 1]?.kind !== 'lineComment') gaps[index] = ' ';
    }
    // `UNION ALL BY NAME` is one operator.
    if (word === 'by' && pieces[index + 1]?.word === 'name' && /^(?:all|union)$/.test(pieces[index - 1]?.word ?? '')) gaps[index] = ' ';
    if (
      calls.length > 0 &&
      KEYWORD_CALLS.has(calls.at(-1) ?? '') &&
      gaps[index]?.includes('\n') &&
      pieces[index - 1]?.kind !== 'lineComment'
    )
      gaps[index] = word === ')' || pieces[index - 1]?.word === '(' ? '' : ' ';
    if (word === ')') calls.pop();
    const before = pieces[index - 1];
    const next = gaps[index] ?? '';
    const breaks = next.includes('\n');
    const afterLine = before?.kind === 'lineComment';
    if (before && !breaks) {
      if (word === '(' && (before.kind === 'word' || before.kind === 'quotedName') && !BEFORE_BRACKET.has(before.word)) {
        if (gap === '') gaps[index] = '';
        else if (BEFORE_LIST.has(before.word)) gaps[index] = ' ';
      }
      const operand =
        kind === 'word' || kind === 'number' || kind === 'string' || kind === 'parameter' || kind === 'quotedName' || word === '(';
      if (operand && before.kind === 'operator' && !isFirmKeyword(word)) {
        if (isPrefix(pieces[index - 2])) gaps[index] = gap === '' ? '' : ' ';
        else if (before.word === '-' || before.word === '+') gaps[index] = ' ';
      }
      // The name after the colon of `a:b` looks like a parameter.
      if (kind === 'parameter' && gap === '' && text.startsWith(':')) gaps[index] = '';
      if (word === '[' && (before.word === ')' || before.word === ']') && gap === '') gaps[index] = '';
      if (word === '%' && /^(?:tablesample|sample|limit)$/.test(pieces[index - 2]?.word ?? '')) gaps[index] = gap === '' ? '' : ' ';
    }
    if (/^(?:un)?pivot$/.test(first) && calls.length === 0 && !afterLine && !afterPivot) {
      // Its lists stay on the lines of their keywords.
      if (/^(?:group|order|limit)$/.test(word)) afterPivot = true;
      else if (breaks && before?.word === ',') gaps[index] = ' ';
      else if (index > 1 && /^(?:on|using|into)$/.test(word) && pieces.some((_, at) => gaps[at]?.includes('\n'))) gaps[index] = '\n';
    }
    if (first === 'copy' && calls.length === 0 && breaks && !afterLine && (word === 'from' || before?.word === 'from')) gaps[index] = ' ';
    if ((before?.word === 'into' || before?.word === 'do') && breaks) gaps[index] = ' ';
    if (isShort && breaks && !afterLine) gaps[index] = ' ';
    if (first === 'merge' && calls.length === 0 && !afterLine && index > 0) {
      if (word === 'when' || word === 'returning' || (word === 'using' && before?.word !== '(')) gaps[index] = '\n';
      else if (breaks) gaps[index] = ' ';
    }
    // Strings on two lines are one string; on one line the second is an alias.
    if (kind === 'string' && before?.kind === 'string' && breaks !== hasBreak(gap))
      gaps[index] = breaks ? ' ' : `\n${indentation(gaps, index)}`;
    if (word === ',' && afterLine) gaps[index] = `\n${indentation(gaps, index)}`;
    if (before?.word === ',' && pieces[index - 2]?.kind === 'lineComment') gaps[index] = ' ';
    // A comment on lines of its own keeps them.
    if (kind === 'blockComment' && hasBreak(gap)) {
      const own = hasBreak(pieces[index + 1]?.gap);
      if (own && !breaks) gaps[index] = `\n${indentation(gaps, index)}`;
      if (own && !gaps[index + 1]?.includes('\n')) gaps[index + 1] = `\n${indentation(gaps, index + 1)}`;
    }
    if (word === '(') calls.push(before?.word ?? '');
  }
  return gaps;
}

function hasBreak(gap: string | undefined): boolean {
  return gap !== undefined && /[\r\n]/.test(gap);
}

/** The white space at the beginning of the line that the token before this one stands on. */
function indentation(gaps: readonly string[], index: number): string {
  for (let at = index - 1; at > 0; at--) {
    const line = gaps[at]?.lastIndexOf('\n') ?? -1;
    if (line >= 0) return gaps[at]?.slice(line + 1) ?? '';
  }
  return '';
}
