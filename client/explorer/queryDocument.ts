import { EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode';
import type { RunRequest } from '../results/panelRuns.ts';
import { shortSql } from '../results/runTarget.ts';

const MAX_STATEMENTS = 50;
const SEPARATOR = ';\n\n';

/**
 * What a view ran, as documents that can be read: one for each folder that relative paths start at, with a session of its own.
 * A run of the results panel leads back to its statement there.
 */
export class QueryDocument implements TextDocumentContentProvider {
  readonly #scheme: string;
  readonly #name: string;
  readonly #statements = new Map<string, readonly string[]>();
  readonly #changed = new EventEmitter<Uri>();

  readonly onDidChange = this.#changed.event;

  /** `name` is what people read: that of the view. */
  constructor(scheme: string, name: string) {
    this.#scheme = scheme;
    this.#name = name;
  }

  provideTextDocumentContent(uri: Uri): string {
    const statements = this.#statements.get(uri.toString()) ?? [];
    return statements.map((sql) => sql + SEPARATOR).join('');
  }

  /** Writes a statement down and gives the request to run it. */
  request(sql: string, cwd: string | undefined): RunRequest {
    const uri = Uri.from({ scheme: this.#scheme, path: `${Uri.file(cwd ?? '/').path.replace(/\/$/, '')}/${this.#name}.sql` });
    const key = uri.toString();
    const known = this.#statements.get(key) ?? [];
    const statements = known.includes(sql) ? known : [...known, sql].slice(-MAX_STATEMENTS);
    this.#statements.set(key, statements);
    this.#changed.fire(uri);
    const before = statements.slice(0, statements.indexOf(sql));
    const offset = before.reduce((length, statement) => length + statement.length + SEPARATOR.length, 0);
    const text = this.provideTextDocumentContent(uri);
    return { uri: key, text, target: { sql, offset }, title: shortSql(sql), name: this.#name, cwd };
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
