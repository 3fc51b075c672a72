import { type CustomDocument, type CustomReadonlyEditorProvider, type Disposable, type Uri, type WebviewPanel, window } from 'vscode';
import { VIEWER_TYPE } from '../../server/protocol/dataViewer.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { ViewedFile } from './viewedFile.ts';

/** The custom editor for data files: shows their rows in a grid and changes nothing. Each editor has a session of its own. */
export class DataViewer implements CustomReadonlyEditorProvider, Disposable {
  readonly #server: ServerProcess;
  readonly #views: ResultViews;
  readonly #extensionUri: Uri;
  readonly #open = new Set<ViewedFile>();
  readonly #registration: Disposable;

  constructor(server: ServerProcess, views: ResultViews, extensionUri: Uri) {
    this.#server = server;
    this.#views = views;
    this.#extensionUri = extensionUri;
    this.#registration = window.registerCustomEditorProvider(VIEWER_TYPE, this, {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: true },
    });
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor(document: CustomDocument, panel: WebviewPanel): void {
    const file = new ViewedFile(document.uri, panel, { server: this.#server, views: this.#views, extensionUri: this.#extensionUri });
    this.#open.add(file);
    panel.onDidDispose(() => {
      this.#open.delete(file);
      file.dispose();
    });
  }

  dispose(): void {
    for (const file of this.#open) file.dispose();
    this.#registration.dispose();
  }
}
