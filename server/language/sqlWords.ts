import type { TextRange } from '../../engine/sql/scopeTree.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';

/** A token that is no comment. */
export interface Word extends TextRange {
  /** Lower case; quoted names and strings as they are written. */
  readonly word: string;
  /** Brackets open around it, counted from where the reading began; a bracket counts as outside of itself. */
  readonly depth: number;
}

/** The tokens of a piece of a script that lie wholly inside of it. */
export function wordsIn(script: SqlScript, { start, end }: TextRange): Word[] {
  const words: Word[] = [];
  let depth = 0;
  for (let at = script.tokenBefore(start) + 1; at < script.tokens.length; at++) {
    const token = script.tokens[at];
    if (!token || token.end > end) break;
    if (token.kind === 'lineComment' || token.kind === 'blockComment') continue;
    const text = script.text.slice(token.start, token.end);
    const isQuoted = token.kind === 'string' || token.kind === 'quotedName';
    if (text === ')' || text === ']' || text === '}') depth--;
    words.push({ start: token.start, end: token.end, word: isQuoted ? text : text.toLowerCase(), depth });
    if (text === '(' || text === '[' || text === '{') depth++;
  }
  return words;
}

/** A keyword in the case in which the text writes its own: `SELECT` where that is all upper case. */
export function keywordLike(text: string, keyword: string): string {
  const own = /\b(?:select|from|with|insert|update|delete|create|where)\b/i.exec(text)?.[0];
  return own === undefined || own === own.toUpperCase() ? keyword.toUpperCase() : keyword.toLowerCase();
}
