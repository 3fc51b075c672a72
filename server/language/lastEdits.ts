import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** Where each document was edited last, which is where the cursor is. */
export class LastEdits {
  readonly #offsets = new WeakMap<TextDocument, number>();

  /** The offset after the last edit; `undefined` when the text was replaced as a whole, or not edited. */
  offset(document: TextDocument): number | undefined {
    return this.#offsets.get(document);
  }

  /** For `TextDocuments`. */
  create(uri: string, languageId: string, version: number, content: string): TextDocument {
    return TextDocument.create(uri, languageId, version, content);
  }

  update(document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number): TextDocument {
    const last = changes.at(-1);
    const start = last && 'range' in last ? last.range.start : undefined;
    const updated = TextDocument.update(document, changes, version);
    if (last && start) this.#offsets.set(updated, updated.offsetAt(start) + last.text.length);
    else this.#offsets.delete(updated);
    return updated;
  }
}
