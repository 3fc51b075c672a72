import type { CodeLens } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { RUN_STATEMENT_COMMAND, type RunSqlResult } from '../protocol/requests.ts';
import { sqlTextOf } from './sqlText.ts';

/** A file with more statements is a dump, not a script to be run piece by piece. */
const MAX_STATEMENTS = 1_000;

/** Above each statement of a file: Run, and how its last run ended. */
export class CodeLenses {
  readonly #outcomes = new Map<string, Map<string, string>>();

  /** Remembers how the run of a statement ended, as long as its text stays and the document is open. */
  ran(uri: string, statement: string, result: RunSqlResult): void {
    const outcomes = this.#outcomes.get(uri) ?? new Map<string, string>();
    this.#outcomes.set(uri, outcomes.set(statement, summary(result)));
  }

  closed(uri: string): void {
    this.#outcomes.delete(uri);
  }

  of(document: TextDocument): CodeLens[] {
    const { statements } = sqlTextOf(document);
    if (statements.length > MAX_STATEMENTS) return [];
    return statements.flatMap(({ start, end, text }) => {
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      const run = { title: '▷ Run', command: RUN_STATEMENT_COMMAND, arguments: [{ uri: document.uri, start: range.start }] };
      const outcome = this.#outcomes.get(document.uri)?.get(text);
      return outcome === undefined
        ? [{ range, command: run }]
        : [
            { range, command: run },
            { range, command: { title: outcome, command: '' } },
          ];
    });
  }
}

/** `42 rows · 12 ms · proved`. */
function summary({ error, columns, rowCount, rowsChanged, elapsedMs, provenance }: RunSqlResult): string {
  if (error) return error.code === 'cancelled' ? 'cancelled' : `failed: ${error.message.split('\n', 1)[0]}`;
  const rows = columns === undefined || columns.length === 0 ? 'done' : rowCounted(rowCount ?? 0);
  const count = rowsChanged === undefined ? rows : `${rowCounted(rowsChanged)} changed`;
  return [
    count,
    `${elapsedMs < 10 ? elapsedMs.toFixed(1) : Math.round(elapsedMs)} ms`,
    ...(provenance?.kind === 'proved' ? ['proved'] : []),
  ].join(' · ');
}

function rowCounted(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}
