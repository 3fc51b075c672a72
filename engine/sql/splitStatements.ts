import { type Token, tokensOf } from './lexer.ts';
import { readOnce } from './readOnce.ts';

/** One statement of a script, without its semicolon and without the comments around it. Offsets are UTF-16 code units. */
export interface Statement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** False for the last statement when no semicolon follows it, or when a quote in it is not closed. */
  readonly terminated: boolean;
  /** The statement's tokens, comments left out; offsets into the whole script. */
  readonly tokens: readonly Token[];
}

/** Cuts a script at its semicolons, as DuckDB does. Pieces that hold only comments or white space are left out. Never fails. */
export const splitStatements: (script: string) => readonly Statement[] = readOnce(split);

function split(script: string): Statement[] {
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  const finish = (terminated: boolean) => {
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first && last) {
      statements.push({ start: first.start, end: last.end, text: script.slice(first.start, last.end), terminated, tokens });
    }
    tokens = [];
  };
  for (const token of tokensOf(script)) {
    // A block comment that is not closed stays: DuckDB reports it.
    if (token.kind === 'lineComment' || (token.kind === 'blockComment' && !token.unterminated)) continue;
    if (token.kind === 'punctuation' && script.charAt(token.start) === ';') finish(true);
    else tokens.push(token);
  }
  finish(false);
  return statements;
}
