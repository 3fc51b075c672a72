import { dirname } from 'node:path';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { sameName, unquoteName } from '../../engine/sql/sqlNames.ts';
import type { Checker, CheckOptions, Column, Engine } from '../../engine/types.ts';
import { filePath } from '../filePath.ts';
import type { ServerSession } from '../session.ts';
import type { RenameEdit } from './rename.ts';

/** Longer scripts are renamed on the word of their scopes alone. */
const MAX_STATEMENTS = 500;

/** A rename as edits of the joined texts. */
export interface ProvableRename {
  readonly edits: readonly RenameEdit[];
  readonly oldName: string;
  readonly newName: string;
}

/** Proves a rename by DuckDB: every statement that it can prepare before has the same result columns afterwards. */
export class RenameProof {
  readonly #server: ServerSession;
  #checker: { readonly engine: Engine; readonly checker: Checker } | undefined;

  constructor(server: ServerSession) {
    this.#server = server;
  }

  /** A sentence that says which statement would change; `undefined` when none does, or nothing can be asked. */
  async refute(group: string, parts: readonly string[], { edits, oldName, newName }: ProvableRename): Promise<string | undefined> {
    if (parts.reduce((sum, part) => sum + splitStatements(part).length, 0) > MAX_STATEMENTS) return undefined;
    const opened = await this.#server.languageEngine();
    if (!opened || opened.namesUnknown) return undefined;
    if (this.#checker?.engine !== opened.engine) this.#checker = { engine: opened.engine, checker: opened.engine.openChecker() };
    const { checker } = this.#checker;
    const session = await this.#server.findSession(group);
    const file = filePath(group);
    const options: CheckOptions = {
      readsFiles: this.#server.trusted,
      ...(session && { session }),
      ...(file !== undefined && { cwd: dirname(file) }),
    };
    const before = await checker.describeScript(parts, options);
    const after = await checker.describeScript(editedParts(parts, edits), options);
    if (after.length !== before.length) return 'After that, the text would be another number of statements.';
    for (const [index, columns] of before.entries()) {
      const now = after[index];
      if (!columns) continue;
      if (!now) return `After that, DuckDB would not understand statement ${index + 1} any more.`;
      const changed = columns.find((column, at) => !isSame(column, now[at], oldName, newName));
      if (changed || now.length !== columns.length) {
        return `After that, the result of statement ${index + 1} would have other columns: ${changed?.name ?? ''} would change.`;
      }
    }
    return undefined;
  }
}

/** A column that keeps its type, and its name unless that is what is renamed: an expression without an alias is named by its text. */
function isSame(column: Column, now: Column | undefined, oldName: string, newName: string): boolean {
  if (!now || now.type !== column.type) return false;
  if (now.name === column.name || (now.name === newName && sameName(column.name, oldName))) return true;
  return /\W/.test(column.name) && isRenamedText(column.name, now.name, oldName, newName);
}

/** Whether two texts differ only in that one name stands for another, quoted or not. */
function isRenamedText(before: string, after: string, oldName: string, newName: string): boolean {
  const words = (text: string) => text.match(/"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|[^\s]/gu)?.map(unquoteName) ?? [];
  const [old, now] = [words(before), words(after)];
  return old.length === now.length && old.every((word, at) => word === now[at] || (sameName(word, oldName) && now[at] === newName));
}

/** The texts with edits whose offsets count through all of them, one character between each. */
export function editedParts(parts: readonly string[], edits: readonly RenameEdit[]): string[] {
  let base = 0;
  return parts.map((part) => {
    let text = part;
    for (const { start, end, text: replacement } of [...edits].reverse()) {
      if (start < base || start > base + part.length) continue;
      text = text.slice(0, start - base) + replacement + text.slice(end - base);
    }
    base += part.length + 1;
    return text;
  });
}
