import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { stringValue } from '../../engine/sql/sqlNames.ts';
import type { ServerSession } from '../session.ts';
import type { Catalog } from './catalog.ts';
import type { FixSources } from './codeActions.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { type LanguageFeatures, placeOf } from './languageFeatures.ts';
import { scopeNames } from './scopeNames.ts';

const MAX_FILES = 2_000;

interface FixSourcesParts {
  readonly document: TextDocument;
  readonly catalog: Catalog;
  readonly server: ServerSession;
  readonly scopes: LanguageFeatures;
  readonly checker: DatabaseChecker;
}

/** What quick fixes of one document are made from; a folder is looked into only where the workspace is trusted. */
export function fixSources({ document, catalog, server, scopes, checker }: FixSourcesParts): FixSources {
  const { uri } = document;
  const openAt = (offset: number) => scopes.place({ textDocument: { uri }, position: document.positionAt(offset) });
  return {
    catalog,
    async scopeAt(offset) {
      const found = await openAt(offset);
      return found && scopeNames(found.document, found.offset);
    },
    async filesLike(written) {
      const found = await openAt(0);
      const path = stringValue(written);
      if (!found || !server.trusted || path.includes('://')) return [];
      const folder = dirname(path);
      const entries = await readdir(resolve(found.folder, folder), { withFileTypes: true }).catch(() => []);
      const names = entries.slice(0, MAX_FILES).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
      return names.map((name) => (folder === '.' && !path.startsWith('.') ? name : join(folder, name)));
    },
    refused: (statements) => checker.refused(statements),
    async unbound(queries, offset) {
      const found = await openAt(offset);
      if (!found) return new Set(queries);
      const described = await checker.describe(server.notebookOf(uri) ?? uri, placeOf(found.open, found.offset), queries);
      return new Set(queries.filter((_, index) => described[index] === undefined));
    },
  };
}
