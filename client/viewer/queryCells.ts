import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { ShownFile } from '../../server/protocol/dataViewer.ts';
import { markdownText } from '../exchange/markdownText.ts';
import { attachSql, fileSource, tableRowsSql } from './readSql.ts';

const PREVIEW_ROWS = 200;

/** What a notebook about a file begins with: its name, what opens it, its first rows and its statistics. */
export function queryCells(
  { name, options, tables, table }: ShownFile,
  { path, pattern }: { readonly path: string; readonly pattern: string },
): { readonly kind: 'markup' | 'code'; readonly text: string }[] {
  const heading = { kind: 'markup', text: `# ${markdownText(name)}` } as const;
  if (options.kind !== 'database') {
    const source = fileSource(pattern, options);
    return [heading, { kind: 'code', text: `FROM ${source} LIMIT ${PREVIEW_ROWS};` }, { kind: 'code', text: `SUMMARIZE FROM ${source};` }];
  }
  const alias = name.replace(/\.[^.]*$/, '').replaceAll(/[^\p{L}\p{N}_]+/gu, '_') || 'file';
  const chosen = table === undefined ? undefined : tables?.[table];
  const rows = chosen === undefined ? `SHOW TABLES FROM ${quoteName(alias)};` : `${tableRowsSql(alias, chosen)} LIMIT ${PREVIEW_ROWS};`;
  return [heading, { kind: 'code', text: attachSql(path, alias) }, { kind: 'code', text: rows }];
}
