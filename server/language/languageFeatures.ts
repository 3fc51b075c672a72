import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type ClientCapabilities,
  type CompletionList,
  type DocumentHighlight,
  DocumentHighlightKind,
  type Hover,
  type Location,
  type NotebookDocuments,
  type Position,
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
import { after } from '../../engine/base/timers.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { ScriptPlace } from '../../engine/types.ts';
import type { RpcConnection } from '../client.ts';
import { filePath } from '../filePath.ts';
import { guarded } from '../guarded.ts';
import type { ServerSession } from '../session.ts';
import type { Catalog } from './catalog.ts';
import { complete } from './completion/complete.ts';
import type { FolderEntry } from './completion/item.ts';
import { type ItemPlace, toCompletionItem } from './completion/toCompletionItem.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { DatabaseSnapshot } from './databaseSnapshot.ts';
import { findDefinition } from './definition.ts';
import { documentHighlights } from './highlights.ts';
import { hover } from './hover.ts';
import { type LanguageDocument, openDocument } from './languageDocument.ts';
import { cellOf, withNamedResults } from './namedCells.ts';
import { opensQuote } from './openQuote.ts';
import { completeParameter, parameterAt, parameterItem, parameterText, setVariables } from './parameterHelp.ts';
import { withQueryTypes } from './queryTypes.ts';
import { findReferences } from './references.ts';
import { relatedScripts } from './relatedScripts.ts';
import { prepareRename, rename } from './rename.ts';
import { RenameProof } from './renameProof.ts';
import { signatureHelp } from './signatureHelp.ts';
import { isReadable } from './sqlText.ts';

/** What the features that rest on scopes offer to the editor. */
export const languageCapabilities: ServerCapabilities = {
  completionProvider: { triggerCharacters: ['.', "'", '"', '/', '$'] },
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

/** A position in a script, with what its names mean. */
export interface PlaceInScript {
  readonly open: OpenScript;
  readonly document: LanguageDocument;
  /** In the script. */
  readonly offset: number;
  readonly folder: string;
  readonly version: number;
}

/** A document, or all cells of its notebook in order, as one script. */
export interface OpenScript {
  readonly documents: readonly TextDocument[];
  readonly bases: readonly number[];
  readonly script: SqlScript;
  readonly key: string;
}

/** A position in a script. */
interface Place {
  readonly open: OpenScript;
  readonly document: LanguageDocument;
  readonly offset: number;
  /** Where relative paths are looked for. */
  readonly folder: string;
}

const MAX_FOLDER_ENTRIES = 2_000;
/** How long a hover waits for types that only DuckDB knows. */
const TYPE_PATIENCE_MS = 2_000;
/** Open documents beside one that are read for what they make. */
const MAX_OTHER_DOCUMENTS = 50;

/** Answers the editor's requests that rest on scopes: it finds the document, calls the feature and translates positions. */
export class LanguageFeatures {
  readonly #server: ServerSession;
  readonly #checker: DatabaseChecker;
  readonly #editor: EditorDocuments;
  readonly #items: Pick<ItemPlace, 'snippets' | 'chooses'>;
  readonly #snapshot: DatabaseSnapshot;
  readonly #proof: RenameProof;
  readonly #scripts = new Map<string, OpenScript>();

  constructor(server: ServerSession, checker: DatabaseChecker, editor: EditorDocuments, capabilities: ClientCapabilities) {
    this.#server = server;
    this.#checker = checker;
    this.#editor = editor;
    const { snippetSupport, insertReplaceSupport } = capabilities.textDocument?.completion?.completionItem ?? {};
    this.#items = { snippets: snippetSupport === true, chooses: insertReplaceSupport === true };
    this.#snapshot = new DatabaseSnapshot(server);
    this.#proof = new RenameProof(server);
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
    on('textDocument/documentHighlight', (params) => this.#highlights(params));
    on('textDocument/references', (params: ReferenceParams) => this.#references(params));
    on('textDocument/prepareRename', (params) => this.#prepareRename(params));
    on('textDocument/rename', (params: RenameParams) => this.#rename(params));
  }

  /** A script has ended: what it may have changed is read again. */
  ran(sessionId: string, sql: string): void {
    this.#snapshot.ran(sessionId, sql);
  }

  /** What is known of the database for a document. */
  catalogOf(uri: string): Promise<Catalog> {
    return this.#snapshot.read(this.#server.notebookOf(uri) ?? uri);
  }

  /** The document or notebook is closed. */
  forget(uri: string): void {
    this.#scripts.delete(uri);
    this.#snapshot.forget(uri);
  }

  async #complete(params: TextDocumentPositionParams): Promise<CompletionList | null> {
    const place = await this.#open(params, { closesQuote: true });
    if (!place) return null;
    const { open, document, offset, folder } = place;
    const parameters = completeParameter(document.script, offset);
    if (parameters) {
      const replaced = rangeOf(open, parameters).range;
      return { isIncomplete: false, items: parameters.variables.map((variable) => parameterItem(variable, replaced)) };
    }
    const list = async (path: string) => (this.#server.trusted ? listFolder(resolve(folder, path || '.')) : []);
    const plain = await complete(document, offset, list);
    // Behind a dot there may be a struct whose type only DuckDB knows.
    const isUntyped = plain.items.length === 0 && document.script.text.charAt(plain.start - 1) === '.';
    const { items, start, end, wordEnd, incomplete } = isUntyped
      ? await complete(await this.#typed(place, params.textDocument.uri), offset, list)
      : plain;
    const added = document.script === open.script ? 0 : 1;
    const range = (until: number) => rangeOf(open, { start, end: until - added }).range;
    const itemPlace: ItemPlace = {
      ...this.#items,
      insert: range(end),
      replace: range(wordEnd ?? end),
      quoted: document.script.text.charAt(start) === '"',
      at: (offset) => rangeOf(open, { start: offset, end: offset }).range,
    };
    return { isIncomplete: incomplete, items: items.map((item, index) => toCompletionItem(item, index, itemPlace)) };
  }

  async #hover(params: TextDocumentPositionParams): Promise<Hover | null> {
    const place = await this.#open(params);
    if (!place) return null;
    const parameter = parameterAt(place.document.script, place.offset);
    if (parameter)
      return {
        ...(await this.#parameterHover(place, parameter.name, params.textDocument.uri)),
        range: rangeOf(place.open, parameter).range,
      };
    const plain = hover(place.document, place.offset);
    // A name that means nothing may be a field of what only DuckDB has the type of.
    const mayHaveType = plain ? plain.isUntyped : isInColumn(place);
    const found = (mayHaveType && hover(await this.#typed(place, params.textDocument.uri), place.offset)) || plain;
    if (!found) return null;
    const values = found.column && (await this.#snapshot.describeValues(found.column.table, found.column.name).catch(() => undefined));
    const value = values === undefined ? found.markdown : `${found.markdown}\n\nValues: ${values}`;
    return { contents: { kind: 'markdown', value }, range: rangeOf(place.open, found.range).range };
  }

  /** What a `$name` stands for: the value that is set, with the type that DuckDB finds. */
  async #parameterHover(place: PlaceInScript, name: string, uri: string): Promise<{ readonly contents: Hover['contents'] }> {
    const { document, open, offset } = place;
    const variable = setVariables(document.script, offset).find((other) => other.name.toLowerCase() === name.toLowerCase());
    const controller = new AbortController();
    const root = this.#server.notebookOf(uri) ?? uri;
    const asking =
      variable && this.#checker.describe(root, placeOf(open, variable.start), [`SELECT ${variable.value} AS v`], controller.signal);
    const described = await within(TYPE_PATIENCE_MS, asking ?? Promise.resolve([]), [], () => controller.abort());
    return { contents: { kind: 'markdown', value: parameterText(name, variable, described[0]?.[0]?.type) } };
  }

  /** The document with the types that DuckDB finds in the statement at the place, if it answers soon. */
  async #typed({ document, offset, open }: PlaceInScript, uri: string): Promise<LanguageDocument> {
    const statement = document.script.statementAt(offset);
    if (!statement) return document;
    const controller = new AbortController();
    const root = this.#server.notebookOf(uri) ?? uri;
    const asking = withQueryTypes(document, statement, (queries) =>
      this.#checker.describe(root, placeOf(open, statement.start), queries, controller.signal),
    );
    return await within(TYPE_PATIENCE_MS, asking, document, () => controller.abort());
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
    if (!place) return null;
    const found = findDefinition(place.document, place.offset);
    if (found) return rangeOf(place.open, found);
    const wide = await this.#widen(place, params.textDocument.uri, () => false);
    const there = wide && findDefinition(wide.document, wide.offset);
    return there ? rangeOf(wide.open, there) : null;
  }

  /** The same name in this document; where it is not understood, the same word. */
  async #highlights(params: TextDocumentPositionParams): Promise<DocumentHighlight[]> {
    const { uri } = params.textDocument;
    const text = this.#editor.documents.get(uri);
    if (!text) return [];
    const place = await this.#open(params, { whole: true });
    const named = place ? findReferences(place.document, place.offset, true) : [];
    const found = named.filter((range) => place && !isInStand(place.open, range));
    const uses = new Set(place ? findReferences(place.document, place.offset, false).map(({ start }) => start) : []);
    const here = found.flatMap((name) => {
      const location = place && rangeOf(place.open, name);
      const kind = uses.has(name.start) ? DocumentHighlightKind.Read : DocumentHighlightKind.Write;
      return location?.uri === uri ? [{ range: location.range, kind }] : [];
    });
    return here.length > 0 ? here : documentHighlights(text, params.position);
  }

  async #references(params: ReferenceParams): Promise<Location[]> {
    const place = await this.#open(params, { whole: true });
    if (!place) return [];
    const { open, document, offset } = (await this.#widen(place, params.textDocument.uri, () => false)) ?? place;
    return findReferences(document, offset, params.context?.includeDeclaration ?? true).map((range) => rangeOf(open, range));
  }

  async #prepareRename(params: TextDocumentPositionParams): Promise<{ range: Range; placeholder: string } | null> {
    const place = await this.#open(params);
    if (!place) return null;
    const target = prepareRename(place.document, place.offset);
    if ('refusal' in target) throw new KodiakError('unavailable', target.refusal);
    return { range: rangeOf(place.open, target.range).range, placeholder: target.name };
  }

  async #rename(params: RenameParams): Promise<WorkspaceEdit | null> {
    const near = await this.#open(params, { whole: true });
    if (!near) return null;
    const { uri } = params.textDocument;
    const isInDatabase = (name: string) => near.document.catalog.tablesByName.has(name.toLowerCase());
    const place = (await this.#widen(near, uri, isInDatabase)) ?? near;
    const parts = place.open.documents.map((document) => document.getText());
    const renaming = rename(place.document, parts, place.offset, params.newName);
    if ('refusal' in renaming) throw new KodiakError('unavailable', renaming.refusal);
    if (renaming.edits.some((edit) => isInStand(place.open, edit)))
      throw new KodiakError(
        'unavailable',
        'The name comes from the result of a named cell. Change it there: its text, or name=… behind -- %%.',
      );
    const doubt = await this.#proof.refute(this.#server.notebookOf(uri) ?? uri, parts, renaming);
    if (doubt !== undefined) throw new KodiakError('unavailable', doubt);
    const changes: Record<string, TextEdit[]> = {};
    for (const edit of renaming.edits) {
      const { uri, range } = rangeOf(place.open, edit);
      changes[uri] ??= [];
      changes[uri].push({ range, newText: edit.text });
    }
    return { changes };
  }

  /** The place in its script that a request is about, for features in other files; undefined when its document is not open. */
  place(params: TextDocumentPositionParams): Promise<PlaceInScript | undefined> {
    return this.#open(params, { whole: true });
  }

  /** The offset in the script of a position in one of its documents. */
  offsetOf({ open }: PlaceInScript, uri: string, position: Position): number {
    const index = open.documents.findIndex((document) => document.uri === uri);
    return (open.bases[index] ?? 0) + (open.documents[index]?.offsetAt(position) ?? 0);
  }

  /** The place with the other open documents that make what it names or name what it makes; `undefined` when there are none. */
  async #widen(place: Place, uri: string, isElsewhere: (name: string) => boolean): Promise<Place | undefined> {
    const root = this.#server.notebookOf(uri) ?? uri;
    const roots = new Set(this.#editor.documents.all().map((document) => this.#server.notebookOf(document.uri) ?? document.uri));
    roots.delete(root);
    const others = [...roots].slice(0, MAX_OTHER_DOCUMENTS).flatMap((other) => this.#script(other, other) ?? []);
    const { before, after } = relatedScripts(place.open.script, others, isElsewhere);
    if (before.length + after.length === 0) return undefined;
    const open = joined([
      ...before.flatMap(({ documents }) => documents),
      ...place.open.documents,
      ...after.flatMap(({ documents }) => documents),
    ]);
    const shift = before.reduce((sum, { script }) => sum + script.text.length + 1, 0);
    const offset = place.offset + shift;
    const describeFile = (path: string) => this.#snapshot.describeFile(path, place.folder).catch(() => undefined);
    const document = await openDocument(open.script, offset, place.document.catalog, describeFile, undefined, true);
    return { open, document, offset, folder: place.folder };
  }

  async #open(
    params: TextDocumentPositionParams,
    { closesQuote = false, whole = false }: { readonly closesQuote?: boolean; readonly whole?: boolean } = {},
  ): Promise<PlaceInScript | undefined> {
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
    const script = closesQuote ? closedQuote(open, index, text.offsetAt(params.position)) : open.script;
    const document = await openDocument(
      script,
      offset,
      catalog,
      (path) => this.#snapshot.describeFile(path, folder).catch(() => undefined),
      (name, call) => this.#snapshot.describeFunction(name, call).catch(() => undefined),
      whole,
    );
    return { open, document, offset, folder, version: text.version };
  }

  #script(root: string, uri: string): OpenScript | undefined {
    const { documents, notebooks } = this.#editor;
    const cells = notebooks
      .getNotebookDocument(root)
      ?.cells.flatMap((cell) => notebooks.getCellTextDocument(cell) ?? [])
      .filter(({ languageId }) => /sql|duckdb/i.test(languageId));
    const own = cells ?? [documents.get(uri)].flatMap((document) => document ?? []);
    const texts = withNamedResults(own, this.#server.namesIn(root));
    if (texts.length === 0 || !texts.every((text) => isReadable(text.getText()))) return undefined;
    const known = this.#scripts.get(root);
    if (known?.key === keyOf(texts) && known.documents.every((document, index) => document === texts[index])) return known;
    const open = joined(texts, known?.script);
    this.#scripts.set(root, open);
    return open;
  }
}

/** The place in its cells where the statement that begins at an offset of the script stands. */
export function placeOf({ documents, bases }: OpenScript, start: number): ScriptPlace {
  const cell = Math.max(
    0,
    bases.findLastIndex((base) => base <= start),
  );
  return { cells: documents.map((document) => document.getText()), cell, offset: start - (bases[cell] ?? 0) + 1 };
}

/** The script with a quote closed that was opened right before the cursor: else it would reach to the next quote of another name. */
function closedQuote({ documents, script }: OpenScript, index: number, offset: number): SqlScript {
  const text = documents[index]?.getText() ?? '';
  if (!opensQuote(text, offset)) return script;
  return new SqlScript(
    documents.map((document, at) => (at === index ? `${text.slice(0, offset)}"${text.slice(offset)}` : document.getText())),
    script,
  );
}

/** Documents as one script, in their order. */
function joined(texts: readonly TextDocument[], previous?: SqlScript): OpenScript {
  const bases: number[] = [];
  let base = 0;
  for (const document of texts) {
    bases.push(base);
    base += document.getText().length + 1;
  }
  const script = new SqlScript(
    texts.map((document) => document.getText()),
    previous,
  );
  return { documents: texts, bases, script, key: keyOf(texts) };
}

function keyOf(texts: readonly TextDocument[]): string {
  return texts.map((document) => `${document.uri}@${document.version}`).join('\n');
}

/** Whether a piece of the script is in what stands for a named result, which nobody has written. */
function isInStand({ documents, bases }: OpenScript, { start }: TextRange): boolean {
  const document = documents[bases.findLastIndex((base) => base <= start)];
  return document !== undefined && cellOf(document) !== undefined;
}

/** The document and range of a piece of the script, which never reaches from one document into the next. */
export function rangeOf({ documents, bases }: OpenScript, { start, end }: TextRange): Location {
  const index = Math.max(
    0,
    bases.findLastIndex((base) => base <= start),
  );
  const document = documents[index] as TextDocument;
  const cell = cellOf(document);
  if (cell) return { uri: cell.uri, range: { start: cell.positionAt(0), end: cell.positionAt(0) } };
  const base = bases[index] ?? 0;
  return { uri: document.uri, range: { start: document.positionAt(start - base), end: document.positionAt(end - base) } };
}

/** Whether the place is in a column with a qualifier. */
function isInColumn({ document, offset }: PlaceInScript): boolean {
  const blocks = document.script.statementAt(offset)?.blocks ?? [];
  return blocks.some(({ references }) => references.some(({ parts, start, end }) => parts.length > 1 && start <= offset && offset <= end));
}

/** What is asked for, or something else when that takes longer or fails. */
async function within<T>(ms: number, asking: Promise<T>, otherwise: T, stop: () => void): Promise<T> {
  let timer: { dispose(): void } | undefined;
  const late = new Promise<T>((resolve) => {
    timer = after(ms, () => {
      stop();
      resolve(otherwise);
    });
  });
  try {
    return await Promise.race([asking.catch(() => otherwise), late]);
  } finally {
    timer?.dispose();
  }
}

async function listFolder(path: string): Promise<FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.slice(0, MAX_FOLDER_ENTRIES).map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
}
