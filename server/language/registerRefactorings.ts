import { type CodeAction, type CodeActionContext, CodeActionTriggerKind, type Range } from 'vscode-languageserver/node';
import { KodiakError } from '../../engine/base/errors.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import type { RpcConnection } from '../client.ts';
import { guarded } from '../guarded.ts';
import type { ServerSession } from '../session.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { type LanguageFeatures, type PlaceInScript, placeOf, rangeOf } from './languageFeatures.ts';
import type { Refactoring, RefactoringPlace, TextChange } from './refactoring.ts';
import { provedChanges, refactoringsAt } from './refactorings.ts';

export const REFACTORING_KINDS = ['refactor.rewrite', 'refactor.extract', 'refactor.inline'];

interface RefactoringParts {
  readonly connection: RpcConnection;
  readonly server: ServerSession;
  readonly scopes: LanguageFeatures;
  readonly checker: DatabaseChecker;
  /** True when the editor asks for the edit of an action only when it is chosen. */
  readonly resolvesEdits: boolean;
}

interface Asked {
  readonly uri: string;
  readonly range: Range;
}

/** Offers the refactorings of the statement at a range. */
export interface Refactorings {
  actions(asked: Asked, context: CodeActionContext | undefined): Promise<CodeAction[]>;
}

/** Makes refactorings answerable: what an editor does not resolve later is proved before it is offered. */
export function registerRefactorings({ connection, server, scopes, checker, resolvesEdits }: RefactoringParts): Refactorings {
  async function open({ uri, range }: Asked): Promise<{ found: PlaceInScript; place: RefactoringPlace } | undefined> {
    const found = await scopes.place({ textDocument: { uri }, position: range.start });
    const statement = found?.document.script.statementAt(found.offset);
    if (!found || !statement) return undefined;
    const end = scopes.offsetOf(found, uri, range.end);
    const selection: TextRange = { start: found.offset, end: Math.max(found.offset, Math.min(end, statement.end)) };
    const inScript = placeOf(found.open, statement.start);
    const root = server.notebookOf(uri) ?? uri;
    const place = {
      document: found.document,
      statement,
      selection,
      describe: (queries: readonly string[]) => checker.describe(root, inScript, queries),
    };
    return { found, place };
  }

  function toAction(refactoring: Refactoring, asked: Asked, found: PlaceInScript, changes: readonly TextChange[] | undefined): CodeAction {
    const { id, title, kind } = refactoring;
    const action: CodeAction = { title, kind };
    if (!changes) return { ...action, data: { refactoring: id, ...asked, version: found.version } };
    const edits = changes.map((change) => ({ range: rangeOf(found.open, change).range, newText: change.text }));
    return { ...action, edit: { changes: { [asked.uri]: edits } } };
  }

  connection.onRequest(
    'codeAction/resolve',
    guarded<CodeAction, CodeAction>(
      'codeAction/resolve',
      (line) => server.log(line),
      async (action) => {
        const data = action.data as (Asked & { readonly refactoring: string; readonly version: number }) | undefined;
        if (!data || typeof data.uri !== 'string') return action;
        const opened = await open(data);
        const refactoring = opened && refactoringsAt(opened.place).find(({ id }) => id === data.refactoring);
        if (!refactoring || opened.found.version !== data.version) throw new KodiakError('unavailable', 'The text has changed since.');
        const [changes] = await provedChanges(opened.place, [refactoring]);
        if (!changes)
          throw new KodiakError(
            'unavailable',
            `${refactoring.title}: DuckDB does not find the same result columns after that, so nothing was changed.`,
          );
        return toAction(refactoring, data, opened.found, changes);
      },
    ),
  );

  return {
    async actions(asked, context) {
      const opened = await open(asked);
      if (!opened) return [];
      const offered = refactoringsAt(opened.place).filter(({ kind }) => isAsked(kind, context?.only));
      // What was asked for by hand is offered only with its proof; the light bulb has no time for it.
      if (resolvesEdits && context?.triggerKind !== CodeActionTriggerKind.Invoked)
        return offered.map((refactoring) => toAction(refactoring, asked, opened.found, undefined));
      const proved = await provedChanges(opened.place, offered);
      return offered.flatMap((refactoring, index) => {
        const changes = proved[index];
        return changes ? [toAction(refactoring, asked, opened.found, changes)] : [];
      });
    },
  };
}

/** Whether an editor that asks for certain kinds of actions, and all below them, asks for this one. */
export function isAsked(kind: string | undefined, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((asked) => asked === '' || kind === asked || kind?.startsWith(`${asked}.`));
}
