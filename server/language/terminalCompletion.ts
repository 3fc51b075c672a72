import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { CompleteSqlParams, CompleteSqlResult, SqlCompletion } from '../protocol/completion.ts';
import type { ServerSession } from '../session.ts';
import { complete } from './completion/complete.ts';
import type { Completion, FolderEntry } from './completion/item.ts';
import { DatabaseSnapshot } from './databaseSnapshot.ts';
import { openDocument } from './languageDocument.ts';
import { opensQuote } from './openQuote.ts';
import { MAX_SCOPED_CHARACTERS } from './sqlText.ts';

const MAX_FOLDER_ENTRIES = 2_000;

/** The language server's completion for texts that no editor has open: what is typed in terminals. */
export class TerminalCompletion {
  readonly #server: ServerSession;
  readonly #snapshot: DatabaseSnapshot;
  readonly #sessions = new Set<string>();

  constructor(server: ServerSession) {
    this.#server = server;
    this.#snapshot = new DatabaseSnapshot(server);
    server.ranListeners.add(({ sessionId, sql }) => this.#snapshot.ran(sessionId, sql));
  }

  async complete({ text, offset, sessionId, cwd }: CompleteSqlParams): Promise<CompleteSqlResult> {
    const nothing = { items: [], start: offset, end: offset };
    if (text.length > MAX_SCOPED_CHARACTERS || offset < 0 || offset > text.length) return nothing;
    this.#forgetClosed();
    this.#sessions.add(sessionId);
    const catalog = await this.#snapshot.read(sessionId);
    const sql = maskDotCommands(text);
    const added = opensQuote(sql, offset) ? 1 : 0;
    const script = new SqlScript([added === 0 ? sql : `${sql.slice(0, offset)}"${sql.slice(offset)}`]);
    const document = await openDocument(
      script,
      offset,
      catalog,
      (path) => this.#snapshot.describeFile(path, cwd).catch(() => undefined),
      (name, call) => this.#snapshot.describeFunction(name, call).catch(() => undefined),
    );
    const listFolder = async (path: string) => (this.#server.trusted ? await entriesOf(resolve(cwd, path || '.')) : []);
    const { items, start, end } = await complete(document, offset, listFolder);
    const isQuoted = script.text.charAt(start) === '"';
    return { items: items.map((item) => toItem(item, isQuoted)), start, end: Math.max(start, end - added) };
  }

  #forgetClosed(): void {
    for (const sessionId of this.#sessions) {
      if (this.#server.hasSession(sessionId)) continue;
      this.#snapshot.forget(sessionId);
      this.#sessions.delete(sessionId);
    }
  }
}

function toItem({ label, kind, insert, detail, also }: Completion, isQuoted: boolean): SqlCompletion {
  const text = isQuoted && !insert.endsWith('"') && kind !== 'keyword' ? `"${insert}"` : insert;
  return { label, kind, insert: text, ...(detail !== undefined && { detail }), ...(also && { also }) };
}

async function entriesOf(path: string): Promise<FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.slice(0, MAX_FOLDER_ENTRIES).map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
}
