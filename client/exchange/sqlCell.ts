import type { ImportedCell } from './importedNotebook.ts';
import type { ImportNotes } from './importNotes.ts';
import { tsqlSigns } from './sqlDialect.ts';

const SQL_LANGUAGES: ReadonlySet<string> = new Set([
  'sql',
  'tsql',
  't-sql',
  'mssql',
  'postgresql',
  'postgres',
  'mysql',
  'sqlite',
  'duckdb',
  'sparksql',
]);

export function isSqlLanguage(language: string): boolean {
  return SQL_LANGUAGES.has(language.toLowerCase());
}

/** A cell of SQL as it is written into a Kodiak notebook, with what is to be said about it noted. */
export function sqlCell(
  sql: string,
  notes: ImportNotes,
  { marker, fromMagic = false }: { readonly marker?: string | undefined; readonly fromMagic?: boolean } = {},
): Pick<ImportedCell, 'kind' | 'text' | 'marker'> {
  const signs = tsqlSigns(sql);
  if (signs.length > 0) notes.tsql(signs);
  if (fromMagic && /\{\{?\s*\w+\s*\}?\}/.test(sql)) notes.templates++;
  return { kind: 'code', text: sql.replace(/^(?:[ \t]*\n)+/, '').trimEnd(), ...(marker !== undefined && { marker }) };
}
