import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  type Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { CONFLICT_MESSAGE, conflictsIn } from './mergeConflict.ts';

const SOURCE = 'Kodiak (git)';

/** Marks in the cells of notebooks what git could not merge, and leads to the text editor, which has both versions side by side. */
export class ConflictDiagnostics implements Disposable, CodeActionProvider {
  readonly #collection = languages.createDiagnosticCollection('kodiak.conflicts');
  readonly #subscriptions: Disposable;

  constructor() {
    this.#subscriptions = Disposable.from(
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#check(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#check(document)),
      workspace.onDidCloseTextDocument((document) => this.#collection.delete(document.uri)),
      languages.registerCodeActionsProvider({ language: 'sql', notebookType: NOTEBOOK_TYPE }, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
    for (const document of workspace.textDocuments) this.#check(document);
  }

  provideCodeActions(document: TextDocument, _range: Range, { diagnostics }: CodeActionContext): CodeAction[] {
    const conflicts = diagnostics.filter(({ source }) => source === SOURCE);
    const notebook = workspace.notebookDocuments.find((open) => open.getCells().some((cell) => cell.document === document));
    if (conflicts.length === 0 || notebook === undefined) return [];
    const action = new CodeAction('Resolve the conflict in the text editor', CodeActionKind.QuickFix);
    action.command = { command: 'vscode.openWith', title: action.title, arguments: [notebook.uri, 'default'] };
    action.diagnostics = conflicts;
    action.isPreferred = true;
    return [action];
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #check(document: TextDocument): void {
    if (document.uri.scheme !== 'vscode-notebook-cell' || document.languageId !== 'sql') return;
    const text = document.getText();
    const conflicts = text.includes('<<<<<<<') ? conflictsIn(text.split(/\r\n|\r|\n/)) : [];
    this.#collection.set(
      document.uri,
      conflicts.map(({ first }) => {
        const diagnostic = new Diagnostic(document.lineAt(first).range, CONFLICT_MESSAGE, DiagnosticSeverity.Error);
        diagnostic.source = SOURCE;
        return diagnostic;
      }),
    );
  }
}
