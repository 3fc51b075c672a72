import { Diagnostic, DiagnosticSeverity, Disposable, languages, Range, type TextDocument, workspace } from 'vscode';
import type { WireFailure } from '../../server/protocol/values.ts';
import { presentError } from '../presentError.ts';

/** Marks in a cell the place where its last run failed, until the cell is edited or run again. */
export class RunDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('kodiak.run');
  readonly #subscriptions = Disposable.from(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document);
    }),
    workspace.onDidCloseTextDocument((document) => this.clear(document)),
    this.#collection,
  );

  show(document: TextDocument, failure: WireFailure): void {
    if (failure.position === undefined) return;
    const { line, column, length } = failure.position;
    const range = document.validateRange(new Range(line, column, line, column + length));
    const diagnostic = new Diagnostic(range, presentError(failure).text, DiagnosticSeverity.Error);
    diagnostic.source = 'Kodiak (last run)';
    this.#collection.set(document.uri, [diagnostic]);
  }

  clear(document: TextDocument): void {
    this.#collection.delete(document.uri);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
