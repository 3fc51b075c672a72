import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type Hover,
  InsertTextFormat,
  type Location,
  type NotebookDocuments,
  type Range,
  type ReferenceParams,
  type RenameParams,
  type ServerCapabilities,
  type SignatureHelp,
  type TextDocumentPositionParams,
  type TextDocuments,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { KodiakError } from '../../engine/base/errors.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { RpcConnection } from '../client.ts';
import { filePath } from '../filePath.ts';
import { guarded } from '../guarded.ts';
import type { ServerSession } from '../session.ts';
import { type Completion, type CompletionKind, complete, type FolderEntry } from './completion.ts';
import { DatabaseSnapshot } from './databaseSnapshot.ts';
import { findDefinition } from './definition.ts';
import { hover } from './hover.ts';
import { type LanguageDocument, openDocument } from './languageDocument.ts';
import { findReferences } from './references.ts';
import { prepareRename, rename } from './rename.ts';
import { signatureHelp } from './signatureHelp.ts';

/** What the features that rest on scopes offer to the editor. */
export const languageCapabilities: ServerCapabilities = {
  completionProvider: { triggerCharacters: ['.', "'", '"', '/'] },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
};

interface EditorDocuments {
  readonly documents: TextDocuments<TextDocument>;
  readonly notebooks: NotebookDocuments<TextDocument>;
  /** Where relative paths of documents without a file are looked for. */
  readonly startFolder: string;
}

/** A document, or all cells of its notebook in order, as one script. */
interface OpenScript {
  readonly documents: readonly TextDocument[];
  readonly bases: readonly number[];
  readonly script: SqlScript;
  readonly key: string;
}

const MAX_FOLDER_ENTRIES = 2_000;

/** Answers the editor's requests that rest on scopes: it finds the document, calls the feature and translates positions. */
export class LanguageFeatures {
  readonly #server: ServerSession;
  readonly #editor: EditorDocuments;
  readonly #snippets: boolean;
  readonly #snapshot: DatabaseSnapshot;
  readonly #scripts = new Map<string, OpenScript>();

  constructor(server: ServerSession, editor: EditorDocuments, capabilities: ClientCapabilities) {
    this.#server = server;
    this.#editor = editor;
    this.#snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    this.#snapshot = new DatabaseSnapshot(server);
  }

  register(connection: RpcConnection): void {
    const on = <Params extends TextDocumentPositionParams, Result>(method: string, handle: (params: Params) => Promise<Result>) => {
      connection.onRequest(
        method,
        guarded<Params, Result>(method, (line) => this.#server.log(line), handle),
      );
    };
    on('textDocument/completion', (params) => this.#complete(params));
    on('textDocument/hover', (params) => this.#hover(params));
    on('textDocument/signatureHelp', (params) => this.#signatureHelp(params));
    on('textDocument/definition', (params) => this.#definition(params));
    on('textDocument/references', (params: ReferenceParams) => this.#references(params));
    on('textDocument/prepareRename', (params) => this.#prepareRename(params));
    on('textDocument/rename', (params: RenameParams) => this.#rename(params));
  }

  /** A script has ended: what it may have changed is read again. */
  ran(sessionId: string, sql: string): void {
    this.#snapshot.ran(sessionId, sql);
  }

  /** The document or notebook is closed. */
  forget(uri: string): void {
    this.#scripts.delete(uri);
    this.#snapshot.forget(uri);
  }

  async #complete(params: TextDocumentPositionParams): Promise<CompletionList | null> {
    const place = await this.#open(params);
    if (!place) return null;
    const { open, document, offset, folder } = place;
    const { items, start, end, incomplete } = await complete(document, offset, (path) => listFolder(resolve(folder, path || '.')));
    const range = rangeOf(open, { start, end }).range;
    const quoted = document.script.text.charAt(start) === '"';
    return { isIncomplete: incomplete, items: items.map((item, index) => this.#toItem(open, item, range, index, quoted)) };
  }

  #toItem(open: OpenScript, item: Completion, range: Range, index: number, quoted: boolean): CompletionItem {
    const snippet = this.#snippets ? item.snippet : undefined;
    // Inside of quotes the editor compares what it replaces, quotes included; the name is written with them.
    const text = quoted && !item.insert.endsWith('"') && item.kind !== 'keyword' ? `"${item.insert}"` : item.insert;
    const also = item.also && rangeOf(open, { start: item.also.offset, end: item.also.offset });
    return {
      label: item.label,
      kind: KINDS[item.kind],
      sortText: String(index).padStart(4, '0'),
      filterText: quoted ? `"${item.label}"` : item.label,
      textEdit: { range, newText: quoted ? text : (snippet ?? item.insert) },
      ...(snippet !== undefined && !quoted && { insertTextFormat: InsertTextFormat.Snippet }),
      ...(item.detail !== undefined && { detail: item.detail }),
      ...(item.documentation && { documentation: { kind: 'markdown' as const, value: item.documentation } }),
      ...(also && { additionalTextEdits: [{ range: also.range, newText: item.also?.text ?? '' }] }),
    };
  }

  async #hover(params: TextDocumentPositionParams): Promise<Hover | null> {
    const place = await this.#open(params);
    const found = place && hover(place.document, place.offset);
    if (!found) return null;
    return { contents: { kind: 'markdown', value: found.markdown }, range: rangeOf(place.open, found.range).range };
  }

  async #signatureHelp(params: TextDocumentPositionParams): Promise<SignatureHelp | null> {
    const place = await this.#open(params);
    const found = place && signatureHelp(place.document, place.offset);
    if (!found) return null;
    return {
      signatures: found.signatures.map(({ label, documentation, parameters }) => ({
        label,
        parameters: parameters.map(([start, end]) => ({ label: [start, end] as [number, number] })),
        ...(documentation !== undefined && { documentation: { kind: 'markdown' as const, value: documentation } }),
      })),
      activeSignature: found.active,
      activeParameter: found.activeParameter,
    };
  }

  async #definition(params: TextDocumentPositionParams): Promise<Location | null> {
    const place = await this.#open(params);
    const found = place && findDefinition(place.document, place.offset);
    return found ? rangeOf(place.open, found) : null;
  }

  async #references(params: ReferenceParams): Promise<Location[]> {
    const place = await this.#open(params);
    if (!place) return [];
    return findReferences(place.document, place.offset, params.context?.includeDeclaration ?? true).map((range) =>
      rangeOf(place.open, range),
    );
  }

  async #prepareRename(params: TextDocumentPositionParams): Promise<{ range: Range; placeholder: string } | null> {
    const place = await this.#open(params);
    if (!place) return null;
    const target = prepareRename(place.document, place.offset);
    if ('refusal' in target) throw new KodiakError('unavailable', target.refusal);
    return { range: rangeOf(place.open, target.range).range, placeholder: target.name };
  }

  async #rename(params: RenameParams): Promise<WorkspaceEdit | null> {
    const place = await this.#open(params);
    if (!place) return null;
    const parts = place.open.documents.map((document) => document.getText());
    const renaming = rename(place.document, parts, place.offset, params.newName);
    if ('refusal' in renaming) throw new KodiakError('unavailable', renaming.refusal);
    const changes: Record<string, TextEdit[]> = {};
    for (const edit of renaming.edits) {
      const { uri, range } = rangeOf(place.open, edit);
      changes[uri] ??= [];
      changes[uri].push({ range, newText: edit.text });
    }
    return { changes };
  }

  async #open(
    params: TextDocumentPositionParams,
  ): Promise<{ open: OpenScript; document: LanguageDocument; offset: number; folder: string } | undefined> {
    const { uri } = params.textDocument;
    const root = this.#server.notebookOf(uri) ?? uri;
    const open = this.#script(root, uri);
    const index = open?.documents.findIndex((document) => document.uri === uri) ?? -1;
    const text = open?.documents[index];
    if (!open || !text) return undefined;
    const offset = (open.bases[index] ?? 0) + text.offsetAt(params.position);
    const file = filePath(root);
    const folder = file === undefined ? this.#editor.startFolder : dirname(file);
    const catalog = await this.#snapshot.read(root);
    const document = await openDocument(open.script, offset, catalog, (path) =>
      this.#snapshot.describeFile(path, folder).catch(() => undefined),
    );
    return { open, document, offset, folder };
  }

  #script(root: string, uri: string): OpenScript | undefined {
    const { documents, notebooks } = this.#editor;
    const cells = notebooks.getNotebookDocument(root)?.cells.flatMap((cell) => notebooks.getCellTextDocument(cell) ?? []);
    const texts = cells ?? [documents.get(uri)].flatMap((document) => document ?? []);
    if (texts.length === 0) return undefined;
    const key = texts.map((document) => `${document.uri}@${document.version}`).join('\n');
    const known = this.#scripts.get(root);
    if (known?.key === key && known.documents.every((document, index) => document === texts[index])) return known;
    const bases: number[] = [];
    let base = 0;
    for (const document of texts) {
      bases.push(base);
      base += document.getText().length + 1;
    }
    const open = { documents: texts, bases, script: new SqlScript(texts.map((document) => document.getText())), key };
    this.#scripts.set(root, open);
    return open;
  }
}

/** The document and range of a piece of the script, which never reaches from one document into the next. */
function rangeOf({ documents, bases }: OpenScript, { start, end }: TextRange): Location {
  const index = Math.max(
    0,
    bases.findLastIndex((base) => base <= start),
  );
  const document = documents[index] as TextDocument;
  const base = bases[index] ?? 0;
  return { uri: document.uri, range: { start: document.positionAt(start - base), end: document.positionAt(end - base) } };
}

async function listFolder(path: string): Promise<FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.slice(0, MAX_FOLDER_ENTRIES).map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
}

const KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  column: CompletionItemKind.Field,
  field: CompletionItemKind.Property,
  table: CompletionItemKind.Struct,
  view: CompletionItemKind.Interface,
  query: CompletionItemKind.Variable,
  schema: CompletionItemKind.Module,
  function: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  setting: CompletionItemKind.Property,
  type: CompletionItemKind.TypeParameter,
  variable: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  condition: CompletionItemKind.Snippet,
};
