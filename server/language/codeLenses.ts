import type { CodeLens } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import { EXPLAIN_STATEMENT_COMMAND, RUN_STATEMENT_COMMAND, type RunQueryResult, type StatementOutcome } from '../protocol/requests.ts';
import type { WireFailure } from '../protocol/values.ts';
import { lowerText, sqlTextOf } from './sqlText.ts';

/** A file with more statements is a dump, not a script to be run piece by piece. */
const MAX_STATEMENTS = 1_000;

/** First words of statements whose plan says something. */
const PLANNED = new Set('select from with values table insert update delete merge copy pivot unpivot summarize ('.split(' '));

/** Above each statement of a file: Run, Explain, and how its last run ended. */
export class CodeLenses {
  readonly #outcomes = new Map<string, Map<string, string>>();

  /** Remembers how a script's statements ended, each as long as its text stays and the document is open. */
  ran(uri: string, script: string, { statements, failure }: RunQueryResult): void {
    const outcomes = this.#outcomes.get(uri) ?? new Map<string, string>();
    this.#outcomes.set(uri, outcomes);
    const remember = (statement: string, outcome: string) => {
      outcomes.delete(statement);
      outcomes.set(statement, outcome);
    };
    for (const statement of statements) remember(script.slice(statement.start, statement.end), summary(statement));
    if (failure !== undefined) {
      const from = statements.at(-1)?.end ?? 0;
      const stopped = splitStatements(script).find(({ start }) => start >= from);
      if (stopped !== undefined) remember(stopped.text, failureSummary(failure));
    }
    for (const oldest of outcomes.keys()) {
      if (outcomes.size <= MAX_STATEMENTS) break;
      outcomes.delete(oldest);
    }
  }

  closed(uri: string): void {
    this.#outcomes.delete(uri);
  }

  of(document: TextDocument): CodeLens[] {
    const { text: script, statements } = sqlTextOf(document);
    if (statements.length > MAX_STATEMENTS) return [];
    return statements.flatMap((statement) => {
      const range = { start: document.positionAt(statement.start), end: document.positionAt(statement.end) };
      const place = [{ uri: document.uri, start: range.start }];
      const outcome = this.#outcomes.get(document.uri)?.get(statement.text);
      return [
        { range, command: { title: '▷ Run', command: RUN_STATEMENT_COMMAND, arguments: place } },
        ...(hasPlan(statement, script)
          ? [{ range, command: { title: 'Explain', command: EXPLAIN_STATEMENT_COMMAND, arguments: place } }]
          : []),
        ...(outcome === undefined ? [] : [{ range, command: { title: outcome, command: '' } }]),
      ];
    });
  }
}

/** Queries, changes of rows, and tables that are made from a query. */
function hasPlan({ tokens }: Statement, script: string): boolean {
  const first = lowerText(script, tokens[0]);
  const has = (word: string) => tokens.some((token) => lowerText(script, token) === word);
  return PLANNED.has(first) || (first === 'create' && has('table') && has('as'));
}

/** `42 rows · 12 ms · proved`. */
function summary({ result: { columns, rowCount, provenance }, rowsChanged, elapsedMs }: StatementOutcome): string {
  const rows = columns.length === 0 ? 'done' : rowCounted(rowCount);
  const count = rowsChanged === undefined ? rows : `${rowCounted(rowsChanged)} changed`;
  return [
    count,
    `${elapsedMs < 10 ? elapsedMs.toFixed(1) : Math.round(elapsedMs)} ms`,
    ...(provenance.kind === 'proved' ? ['proved'] : []),
  ].join(' · ');
}

function failureSummary({ code, message }: WireFailure): string {
  return code === 'cancelled' ? 'cancelled' : `failed: ${message.split('\n', 1)[0]}`;
}

function rowCounted(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}
