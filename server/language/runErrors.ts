import type { TextDocument } from 'vscode-languageserver-textdocument';
import { KodiakError } from '../../engine/base/errors.ts';
import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { placeError } from '../../engine/sql/errorPlaces.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import type { ScriptRun } from '../session.ts';
import { sqlTextOf } from './sqlText.ts';

/** An error of a run, at a place relative to its statement. */
interface RunError {
  readonly error: KodiakError;
  readonly start: number;
  readonly length: number;
}

/** What stopped statements when they ran, by document or notebook: until their text changes, or they run again without it. */
export class RunErrors {
  readonly #groups = new Map<string, Map<string, RunError>>();

  /** Takes a run; true when it changed what is remembered. */
  ran({ sessionId, sql, failure }: ScriptRun): boolean {
    const script = maskDotCommands(sql);
    const statements = splitStatements(script);
    const errors = this.#groups.get(sessionId) ?? new Map<string, RunError>();
    const before = errors.size;
    // A script that could not be split did not run at all; one that was cancelled tells nothing.
    const ended = failure ? failure.statementIndex : statements.length;
    for (const { text } of statements.slice(0, ended)) errors.delete(text);
    const stopped = failure?.error.code === 'sql' ? findStopped(failure, statements) : undefined;
    if (stopped && failure) {
      const { error } = failure;
      const range = placeError(error.message, error.position?.offset, stopped, script);
      errors.set(stopped.text, { error, start: range.start - stopped.start, length: range.end - range.start });
    }
    if (errors.size > 0) this.#groups.set(sessionId, errors);
    else this.#groups.delete(sessionId);
    return before > 0 || errors.size > 0;
  }

  /** Those of the statements that a document still has. */
  of(group: string, document: TextDocument): KodiakError[] {
    const errors = this.#groups.get(group);
    if (!errors) return [];
    const seen = new Set<string>();
    return sqlTextOf(document).statements.flatMap(({ text, start }) => {
      const found = errors.get(text);
      if (!found || seen.has(text)) return [];
      seen.add(text);
      const { line, character } = document.positionAt(start + found.start);
      const position = { offset: start + found.start, line, column: character, length: Math.max(1, found.length) };
      return [new KodiakError('sql', found.error.message, { position, candidates: found.error.candidates })];
    });
  }

  closed(group: string): void {
    this.#groups.delete(group);
  }
}

function findStopped(
  { error, statementIndex }: NonNullable<ScriptRun['failure']>,
  statements: readonly Statement[],
): Statement | undefined {
  const offset = error.position?.offset;
  const around = offset === undefined ? undefined : statements.find(({ start, end }) => start <= offset && offset <= end);
  return around ?? statements[statementIndex];
}
