import { grammarText } from '../../engine/duckdb/grammarText.ts';
import { compileGrammar, type Grammar } from '../../engine/sql/grammar/grammar.ts';
import { type GrammarToken, grammarTokens, symbolsOf } from '../../engine/sql/grammar/grammarTokens.ts';
import { type GrammarMatch, matchGrammar } from '../../engine/sql/grammar/matchGrammar.ts';
import { tokenize } from '../../engine/sql/lexer.ts';

let grammar: Promise<Grammar> | undefined;

/** The grammar of the installed DuckDB, read once. */
export function duckdbGrammar(): Promise<Grammar> {
  grammar ??= grammarText().then(compileGrammar);
  return grammar;
}

/** One statement without a semicolon, matched against the grammar. */
export async function matchSql(
  sql: string,
  expects = false,
): Promise<{ match: GrammarMatch | undefined; tokens: readonly GrammarToken[] }> {
  const duckdb = await duckdbGrammar();
  const tokens = grammarTokens(duckdb, sql, tokenize(sql));
  return { match: matchGrammar(duckdb, symbolsOf(tokens.map(({ symbol }) => symbol)), { expects }), tokens };
}
