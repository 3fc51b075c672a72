import { tokenize } from './lexer.ts';
import { unquoteName } from './sqlNames.ts';

/**
 * Names of the columns that a CREATE TABLE statement, as DuckDB writes it, computes from others: no value can be given for them. Read
 * from the tokens alone, because the terminal program would load the parser of scope trees for it whenever it starts.
 */
export function generatedColumns(sql: string): string[] {
  const tokens = tokenize(sql);
  const names: string[] = [];
  let depth = 0;
  let column: string | undefined;
  for (const [at, token] of tokens.entries()) {
    const text = sql.slice(token.start, token.end);
    const before = tokens[at - 1];
    const isFirst = before !== undefined && /^[(,]$/.test(sql.slice(before.start, before.end));
    if (depth === 1 && isFirst) column = unquoteName(text);
    else if (depth === 1 && token.kind === 'word' && /^generated$/i.test(text) && column !== undefined) names.push(column);
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
  }
  return names;
}
