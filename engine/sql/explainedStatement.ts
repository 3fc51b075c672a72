import { type Statement, splitStatements } from './splitStatements.ts';

/** An EXPLAIN statement taken apart. */
export interface ExplainedStatement {
  /** It runs what it explains. */
  readonly analyze: boolean;
  /** The format that was asked for, in lower case. */
  readonly format: string | undefined;
  /** What is explained; its tokens have offsets into its own text. */
  readonly inner: Statement;
  /** Where the inner statement begins in the script that the EXPLAIN stands in. */
  readonly offset: number;
}

const OPTIONS = new Set(['analyze', 'analyse', 'verbose', 'format']);

/** What an EXPLAIN explains and how; `undefined` for every other statement, and for an EXPLAIN of nothing. */
export function explainedStatement(statement: Statement, script: string): ExplainedStatement | undefined {
  const { tokens } = statement;
  const text = (index: number) => {
    const token = tokens[index];
    return token === undefined || token.kind === 'quotedName' ? '' : script.slice(token.start, token.end).toLowerCase();
  };
  if (text(0) !== 'explain') return undefined;
  // Options may stand in quotes.
  const option = (index: number) => {
    const token = tokens[index];
    return token === undefined
      ? ''
      : script
          .slice(token.start, token.end)
          .toLowerCase()
          .replace(/^(["'])(.*)\1$/s, '$2');
  };
  let at = 1;
  let analyze = false;
  let format: string | undefined;
  const isAnalyze = (word: string) => word === 'analyze' || word === 'analyse';
  if (text(1) === '(' && OPTIONS.has(option(2))) {
    for (at = 2; at < tokens.length && text(at) !== ')'; at++) {
      if (isAnalyze(option(at))) analyze = true;
      else if (option(at) === 'format') format = option(at + 1);
    }
    at++;
  } else {
    for (; isAnalyze(text(at)) || (text(at) === 'verbose' && at > 1); at++) if (isAnalyze(text(at))) analyze = true;
  }
  const first = tokens[at];
  const inner = first && splitStatements(script.slice(first.start, statement.end))[0];
  return first && inner && { analyze, format, inner, offset: first.start };
}

/** What a statement runs: itself, or what an EXPLAIN ANALYZE has in it. */
export function ranStatement(statement: Statement, script: string): { readonly statement: Statement; readonly script: string } {
  const explained = explainedStatement(statement, script);
  return explained?.analyze ? { statement: explained.inner, script: explained.inner.text } : { statement, script };
}
