import type { Statement } from './splitStatements.ts';
import { copiesToFile } from './statementClass.ts';

/**
 * True for statements that make something anew from what they read, so that it is out of date when that has changed: CREATE TABLE …
 * AS and COPY … TO. An INSERT, UPDATE or DELETE changes what is there, once: to run it again gives something else.
 */
export function isRepeatable(statement: Statement, script: string): boolean {
  return copiesToFile(statement, script) || asOfTable(statement, script) > 0;
}

/** The query inside of a repeatable statement; undefined for the COPY of a table. */
export function queryIn(statement: Statement, script: string): string | undefined {
  const { tokens } = statement;
  const as = asOfTable(statement, script);
  if (as > 0) return textBetween(statement, script, as + 1, tokens.length);
  if (!isAt(statement, script, 0, 'copy') || !isAt(statement, script, 1, '(')) return undefined;
  let depth = 0;
  for (let index = 1; index < tokens.length; index++) {
    if (isAt(statement, script, index, '(')) depth++;
    else if (isAt(statement, script, index, ')')) depth--;
    if (depth === 0) return textBetween(statement, script, 2, index);
  }
  return undefined;
}

/** Index of the AS of CREATE TABLE … AS; -1 for others. */
function asOfTable(statement: Statement, script: string): number {
  if (!isAt(statement, script, 0, 'create')) return -1;
  const table = statement.tokens.findIndex((_, index) => isAt(statement, script, index, 'table'));
  const isTable = table > 0 && table <= MAX_WORDS_BEFORE_TABLE;
  let depth = 0;
  return statement.tokens.findIndex((_, index) => {
    if (isAt(statement, script, index, '(')) depth++;
    else if (isAt(statement, script, index, ')')) depth--;
    return isTable && depth === 0 && index > table && isAt(statement, script, index, 'as');
  });
}

/** CREATE OR REPLACE TEMP */
const MAX_WORDS_BEFORE_TABLE = 4;

function isAt(statement: Statement, script: string, index: number, text: string): boolean {
  const token = statement.tokens[index];
  return (token?.kind === 'word' || token?.kind === 'punctuation') && script.slice(token.start, token.end).toLowerCase() === text;
}

function textBetween(statement: Statement, script: string, from: number, to: number): string | undefined {
  const [first, last] = [statement.tokens[from], statement.tokens[to - 1]];
  return first && last && to > from ? script.slice(first.start, last.end) : undefined;
}
