import type { Token } from '../../engine/sql/lexer.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { unquoteName } from '../../engine/sql/sqlNames.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';

export interface CallArgument extends TextRange {
  /** Of `name := value`, in lower case. */
  readonly name: string | undefined;
}

/** A round bracket that is open at an offset, with what is written between commas inside of it, also behind the offset. */
export interface OpenBracket {
  /** The name before the bracket; undefined when there is none. */
  readonly callee: Token | undefined;
  /** The token before the callee, or before the bracket without one. */
  readonly before: Token | undefined;
  readonly items: readonly CallArgument[];
  /** Index of the item that the offset lies in. */
  readonly active: number;
}

/** Words that no argument has outside of brackets: the closing bracket is not written yet. */
const CLAUSES = new Set(['from', 'where', 'having', 'qualify', 'limit', 'select', 'union']);
/** Tokens before and behind an offset that are looked at. */
const MAX_TOKENS = 4_000;

/** The round brackets that are open at an offset, the innermost first. Lists and structs inside of an item are stepped out of. */
export function openBrackets(script: SqlScript, offset: number, from: number): OpenBracket[] {
  const { text } = script;
  const tokens = codeTokens(script, offset, from);
  const sign = (token: Token | undefined) => (token ? text.slice(token.start, token.end) : '');
  const found: OpenBracket[] = [];
  let depth = 0;
  for (let at = tokens.findLastIndex(({ start }) => start < offset); at >= 0; at--) {
    const token = tokens[at];
    if (token?.kind !== 'punctuation') continue;
    if (/^[)\]}]$/.test(sign(token))) depth++;
    if (!/^[([{]$/.test(sign(token))) continue;
    if (depth > 0) depth--;
    else if (sign(token) === '(') {
      const before = tokens[at - 1];
      const isNamed = before?.kind === 'word' || before?.kind === 'quotedName';
      const items = itemsBehind(text, tokens, at);
      const active = Math.max(
        0,
        items.findLastIndex(({ start }) => start <= offset),
      );
      found.push({ callee: isNamed ? before : undefined, before: isNamed ? tokens[at - 2] : before, items, active });
    }
  }
  return found;
}

/** Tokens around an offset without comments. */
function codeTokens(script: SqlScript, offset: number, from: number): Token[] {
  const at = script.tokenBefore(offset);
  return script.tokens
    .slice(Math.max(0, at - MAX_TOKENS), at + MAX_TOKENS)
    .filter(({ kind, start }) => kind !== 'lineComment' && kind !== 'blockComment' && start >= from);
}

/** What stands between the commas of a bracket, up to its end, a semicolon, or the end of what is looked at. */
function itemsBehind(text: string, tokens: readonly Token[], open: number): CallArgument[] {
  const items: CallArgument[] = [];
  let depth = 0;
  let start = tokens[open]?.end ?? 0;
  let end = start;
  let first = open + 1;
  let isLambda = false;
  const push = () => {
    const own = tokens[first];
    const sign = tokens[first + 1];
    const isNamed = own && sign && /^(?::=|=>|=)$/.test(text.slice(sign.start, sign.end)) && sign.end <= end;
    items.push({ start, end, name: isNamed ? unquoteName(text.slice(own.start, own.end)).toLowerCase() : undefined });
  };
  for (let at = open + 1; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const word = text.slice(token.start, token.end).toLowerCase();
    const isSign = token.kind === 'punctuation';
    if (isSign && /^[([{]$/.test(word)) depth++;
    if (isSign && /^[)\]}]$/.test(word) && --depth < 0) break;
    if ((isSign && word === ';') || (depth === 0 && token.kind === 'word' && CLAUSES.has(word))) break;
    if (depth === 0) {
      if (token.kind === 'word' && word === 'lambda') isLambda = true;
      if (word.startsWith(':')) isLambda = false;
      if (word === ',' && !isLambda) {
        push();
        start = token.end;
        first = at + 1;
      }
    }
    end = token.end;
  }
  push();
  return items;
}
