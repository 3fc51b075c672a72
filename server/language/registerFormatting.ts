import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  DocumentRangesFormattingParams,
  FormattingOptions,
  ServerCapabilities,
  TextDocuments,
  TextEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { after } from '../../engine/base/timers.ts';
import type { TextRange } from '../../engine/sql/scopeTree.ts';
import type { RpcConnection } from '../client.ts';
import { guarded } from '../guarded.ts';
import type { ServerSession } from '../session.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { type FormatEdit, type FormatOptions, formatInSteps, statementEndedAt, statementTexts } from './formatting.ts';

export const FORMATTING_CAPABILITIES: ServerCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: { rangesSupport: true },
  documentOnTypeFormattingProvider: { firstTriggerCharacter: ';' },
};

/** How long formatting waits for DuckDB to say what is no SQL, in milliseconds; an editor that formats on save waits for it. */
const PATIENCE_MS = 400;
const WARNING = 2;

interface FormattingParts {
  readonly connection: RpcConnection;
  readonly server: ServerSession;
  readonly documents: TextDocuments<TextDocument>;
  readonly checker: DatabaseChecker;
}

/** Makes the requests for formatting answerable: of documents, of ranges (pasted ones too), and of the statement that `;` ends. */
export function registerFormatting({ connection, server, documents, checker }: FormattingParts): void {
  function answer<Params extends { readonly textDocument: { readonly uri: string }; readonly options: FormattingOptions }>(
    method: string,
    rangesOf: (params: Params, document: TextDocument) => readonly (TextRange | undefined)[],
  ): void {
    connection.onRequest(
      method,
      guarded<Params, TextEdit[]>(
        method,
        (line) => server.log(line),
        async (params, signal) => {
          const document = documents.get(params.textDocument.uri);
          return document ? await edits(document, params.options, rangesOf(params, document), signal) : [];
        },
      ),
    );
  }

  async function edits(
    document: TextDocument,
    { tabSize, insertSpaces, ...more }: FormattingOptions,
    ranges: readonly (TextRange | undefined)[],
    signal: AbortSignal,
  ): Promise<TextEdit[]> {
    const text = document.getText();
    if (text.includes('\0')) return [];
    const refused = await refusedOf(statementTexts(text, ranges), signal);
    const found = new Map<number, FormatEdit>();
    for (const range of ranges) {
      const options: FormatOptions = {
        tabSize: Math.min(Math.max(Math.round(tabSize) || 2, 1), 16),
        insertSpaces: insertSpaces !== false,
        accepts: (statement) => !refused.has(statement),
        trimTrailingWhitespace: more.trimTrailingWhitespace === true,
        trimFinalNewlines: more.trimFinalNewlines === true,
        insertFinalNewline: more.insertFinalNewline === true,
        ...(range && { range }),
      };
      const steps = formatInSteps(text, options);
      let step = steps.next();
      while (!step.done) {
        // A long script takes seconds: other requests are answered between its statements.
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (signal.aborted) return [];
        step = steps.next();
      }
      for (const edit of step.value.edits) found.set(edit.start, edit);
      const { refusal } = step.value;
      if (refusal !== undefined) connection.sendNotification('window/showMessage', { type: WARNING, message: refusal }).catch(() => {});
    }
    return [...found.values()].map((edit) => ({
      range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
      newText: edit.text,
    }));
  }

  async function refusedOf(statements: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const controller = new AbortController();
    const timer = after(PATIENCE_MS, () => controller.abort());
    try {
      return await checker.refused(statements, AbortSignal.any([controller.signal, signal]));
    } finally {
      timer.dispose();
    }
  }

  const toRange = (document: TextDocument, { start, end }: DocumentRangeFormattingParams['range']) => ({
    start: document.offsetAt(start),
    end: document.offsetAt(end),
  });
  answer<DocumentFormattingParams>('textDocument/formatting', () => [undefined]);
  answer<DocumentRangeFormattingParams>('textDocument/rangeFormatting', ({ range }, document) => [toRange(document, range)]);
  answer<DocumentRangesFormattingParams>('textDocument/rangesFormatting', ({ ranges }, document) =>
    ranges.map((range) => toRange(document, range)),
  );
  answer<DocumentOnTypeFormattingParams>('textDocument/onTypeFormatting', ({ position }, document) => {
    const ended = statementEndedAt(document.getText(), document.offsetAt(position));
    return ended ? [ended] : [];
  });
}
