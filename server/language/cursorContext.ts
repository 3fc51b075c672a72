import type { Token } from '../../engine/sql/lexer.ts';
import { type Block, type ClauseKind, innermostBlock, type StatementScope } from '../../engine/sql/scopeTree.ts';
import { unquoteName } from '../../engine/sql/sqlNames.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';

/** A call whose brackets are open at a place. */
export interface OpenCall {
  /** In lower case; empty for brackets without a name before them. */
  readonly name: string;
  /** The word before the name, in lower case. */
  readonly before: string;
  readonly start: number;
  readonly argument: number;
  /** Names that arguments were given by, in lower case. */
  readonly named: readonly string[];
}

/** Where the cursor stands, as far as tokens and clauses tell. */
export interface CursorContext {
  readonly place: 'code' | 'string' | 'nothing';
  /** What is written of the name up to the cursor, without an opening quote. */
  readonly prefix: string;
  readonly quoted: boolean;
  /** What a completion replaces: what is written up to the cursor. */
  readonly start: number;
  readonly end: number;
  /** Where the word ends that the cursor stands in. */
  readonly wordEnd: number;
  /** Names before the prefix, each followed by a dot. */
  readonly qualifier: readonly string[];
  readonly qualifierStart: number;
  /** Words, operators and punctuation of the statement before the prefix, in lower case; `a` for a name or value. The nearest first. */
  readonly before: readonly string[];
  /** The first words of the statement up to the prefix, as they are written but in lower case, quoted names too. In reading order. */
  readonly words: readonly string[];
  readonly statement: StatementScope | undefined;
  readonly block: Block | undefined;
  readonly clause: ClauseKind | undefined;
  readonly call: OpenCall | undefined;
}

const MAX_LOOK_BACK = 400;
const MAX_WORDS = 200;

export function cursorContext(script: SqlScript, offset: number): CursorContext {
  const { text, tokens } = script;
  let index = script.tokenBefore(offset);
  const token = tokens[index];
  const inside = token !== undefined && offset <= token.end ? token : undefined;
  // `1e` is the beginning of a number.
  const isNumber = inside?.kind === 'word' && tokens[index - 1]?.kind === 'number' && tokens[index - 1]?.end === inside.start;
  const nothing = inside !== undefined && (isNumber || isDead(inside, offset, text));
  let start = offset;
  let end = offset;
  let prefix = '';
  let quoted = false;
  let place: CursorContext['place'] = nothing ? 'nothing' : 'code';
  if (inside && !nothing) {
    if (inside.kind === 'string' && (offset < inside.end || inside.unterminated)) {
      place = 'string';
      const quote = text.indexOf("'", inside.start);
      start = quote + 1;
      end = inside.unterminated ? offset : inside.end - 1;
      prefix = text.slice(start, offset);
      index--;
    } else if (inside.kind === 'word' || (inside.kind === 'quotedName' && (offset < inside.end || inside.unterminated))) {
      quoted = inside.kind === 'quotedName';
      start = inside.start;
      end = quoted && !inside.unterminated ? inside.end : offset;
      prefix = text.slice(start + (quoted ? 1 : 0), offset);
      index--;
    } else if (inside.kind === 'parameter' && text.charAt(inside.start) === ':') {
      start = inside.start + 1;
      prefix = text.slice(start, offset);
    }
  }
  const statement = script.statementAt(start);
  const from = statement?.start ?? 0;
  const qualifier: string[] = [];
  let qualifierStart = start;
  while (index > 0 && at(index) === '.' && (tokens[index - 1]?.end === tokens[index]?.start || qualifier.length === 0)) {
    const name = tokens[index - 1];
    if (name?.kind !== 'word' && name?.kind !== 'quotedName') break;
    qualifier.unshift(unquoteName(text.slice(name.start, name.end)));
    qualifierStart = name.start;
    index -= 2;
  }
  const before: string[] = [];
  for (let i = index; i >= 0 && before.length < 12; i--) {
    const word = at(i);
    if ((tokens[i]?.start ?? 0) < from || word === ';') break;
    if (word !== undefined) before.push(word);
  }
  const words: string[] = [];
  let first = index;
  while (first >= 0 && (tokens[first]?.start ?? 0) >= from && at(first) !== ';') first--;
  for (let i = first + 1; i <= index && words.length < MAX_WORDS; i++) {
    const tok = tokens[i];
    if (tok && at(i) !== undefined) words.push(text.slice(tok.start, tok.end).toLowerCase());
  }
  const block = statement && innermostBlock(statement, start);
  const clause = block?.clauses.findLast((candidate) => candidate.start <= start)?.kind;
  return {
    place,
    prefix,
    quoted,
    start,
    end,
    wordEnd: inside?.kind === 'word' && !nothing ? inside.end : end,
    qualifier,
    qualifierStart,
    before,
    words,
    statement,
    block,
    clause,
    call: openCall(script, index, from),
  };

  /** A token as `before` has it; undefined for a comment. */
  function at(i: number): string | undefined {
    const tok = tokens[i];
    if (!tok || tok.kind === 'lineComment' || tok.kind === 'blockComment') return undefined;
    if (tok.kind === 'word' || tok.kind === 'operator' || tok.kind === 'punctuation') return text.slice(tok.start, tok.end).toLowerCase();
    return 'a';
  }
}

/** The innermost call that is open behind the token at `index`. */
export function openCall(script: SqlScript, index: number, from: number): OpenCall | undefined {
  const { text, tokens } = script;
  const word = (i: number) => {
    const tok = tokens[i];
    return tok ? text.slice(tok.start, tok.end).toLowerCase() : '';
  };
  let depth = 0;
  let argument = 0;
  const named: string[] = [];
  for (let i = index; i >= Math.max(0, index - MAX_LOOK_BACK); i--) {
    const tok = tokens[i];
    if (!tok || tok.start < from) return undefined;
    if (tok.kind !== 'punctuation' && tok.kind !== 'operator') continue;
    const sign = word(i);
    if (sign === ')' || sign === ']' || sign === '}') depth++;
    else if (sign === '(' || sign === '[' || sign === '{') {
      if (depth === 0) {
        if (sign !== '(') return undefined;
        const name = tokens[i - 1];
        const isName = name?.kind === 'word' || name?.kind === 'quotedName';
        return { name: isName ? unquoteName(word(i - 1)) : '', before: word(i - 2), start: name?.start ?? tok.start, argument, named };
      }
      depth--;
    } else if (depth === 0 && sign === ',') argument++;
    else if (depth === 0 && (sign === ':=' || sign === '=>' || sign === '=')) named.push(unquoteName(word(i - 1)));
  }
  return undefined;
}

/** Inside of a comment, a number or a parameter there is nothing to complete. */
function isDead(token: Token, offset: number, text: string): boolean {
  switch (token.kind) {
    case 'lineComment':
      return true;
    case 'blockComment':
      return offset < token.end || token.unterminated;
    case 'number':
      return true;
    case 'string':
      // Dollar quotes hold code and text of all kinds.
      return text.charAt(token.start) === '$' && (offset < token.end || token.unterminated);
    case 'parameter':
      return text.charAt(token.start) !== ':';
    case 'punctuation':
      // The name of a parameter follows.
      return text.charAt(token.start) === '$';
    default:
      return false;
  }
}
