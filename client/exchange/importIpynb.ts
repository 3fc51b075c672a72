import { foreignCode, languageName } from './foreignCode.ts';
import type { ImportedCell, ImportedNotebook } from './importedNotebook.ts';
import { ImportNotes } from './importNotes.ts';
import { isPolyglot, polyglotKernels, polyglotSubmissions } from './polyglot.ts';
import { type IpynbCell, type IpynbFile, type Json, jsonOf, readIpynb, textOf } from './readIpynb.ts';
import { savedOutputs } from './savedOutputs.ts';
import { isSqlLanguage, sqlCell } from './sqlCell.ts';
import { withoutSqlcmd } from './sqlDialect.ts';
import { isMagicSetUp, magicSql } from './sqlMagic.ts';

/** Metadata of a cell in which an export by Kodiak keeps its marker line. */
export const KODIAK_KEY = 'kodiak';

/** An image that a markdown cell shows from its own attachments. */
const ATTACHED = /!\[([^\]]*)\]\(\s*<?attachment:([^)>]*)>?\s*\)/g;

type Source = Pick<ImportedCell, 'kind' | 'text' | 'marker'>;

/** Converts a notebook file of Jupyter's format; `name` is the file's. Throws an `ImportProblem` for what is none. */
export function importIpynb(text: string, name: string): ImportedNotebook {
  const file = readIpynb(text);
  const notes = new ImportNotes();
  const producer = producerOf(file);
  noteConnections(file, notes);
  const language = notebookLanguage(file.metadata);
  const cells = file.cells.flatMap((cell): ImportedCell[] => {
    const { outputs, dropped } = savedOutputs(cell, name);
    notes.picturesDropped += dropped;
    notes.shortened += outputs.filter(({ table }) => table !== undefined && table.rows.length < table.rowCount).length;
    const sources = sourcesOf(cell, file, language, notes);
    // Where one cell became several, what it showed belongs to the last.
    return sources.map((source, index) => ({ ...source, outputs: index === sources.length - 1 ? outputs : [] }));
  });
  return { producer, cells, notes: notes.sentences(cells) };
}

function producerOf({ metadata, cells }: IpynbFile): string {
  if (metadata[KODIAK_KEY] !== undefined) return 'Kodiak';
  if (isPolyglot(metadata)) return 'Polyglot Notebooks';
  const isAzure = metadata['multi_connection_mode'] !== undefined || cells.some((cell) => cell.metadata['azdata_cell_guid'] !== undefined);
  if (isAzure || jsonOf(metadata['kernelspec'])['name'] === 'SQL') return 'Azure Data Studio';
  return 'Jupyter';
}

/** Empty where the notebook does not say it. */
function notebookLanguage(metadata: Json): string {
  const kernel = jsonOf(metadata['kernelspec']);
  const language = textOf(kernel['language']) ?? textOf(jsonOf(metadata['language_info'])['name']) ?? '';
  return /duckdb|^x?sql(?:ite)?$/i.test(textOf(kernel['name']) ?? '') ? 'sql' : language;
}

/** Azure Data Studio lets each cell have a connection of its own. */
function noteConnections({ metadata, cells }: IpynbFile, notes: ImportNotes): void {
  const names = [metadata, ...cells.map((cell) => cell.metadata)].flatMap((place) => textOf(place['connection_name']) ?? []);
  for (const connection of names) notes.connections.add(connection);
}

function sourcesOf(cell: IpynbCell, file: IpynbFile, language: string, notes: ImportNotes): Source[] {
  const text = cell.source.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  if (text === '') return [];
  if (file.metadata[KODIAK_KEY] !== undefined) return [{ kind: cell.type === 'code' ? 'code' : 'markup', text, ...markerOf(cell) }];
  if (cell.type === 'markdown') return [markdownCell(cell, text, notes)];
  if (cell.type === 'raw') return [{ kind: 'markup', text: foreignCode(text, '') }];
  if (isPolyglot(file.metadata)) return polyglotSubmissions(text, cellKernel(cell), polyglotKernels(file.metadata), notes);
  return codeCell(cell, text, language, notes);
}

function markdownCell(cell: IpynbCell, text: string, notes: ImportNotes): Source {
  notes.imagesDropped += cell.attachments.length;
  const written = text.replaceAll(ATTACHED, (_, label: string, file: string) => `*(image ${label || file}: in the original notebook)*`);
  return { kind: 'markup', text: written, ...markerOf(cell) };
}

function codeCell(cell: IpynbCell, text: string, language: string, notes: ImportNotes): Source[] {
  const other = /^\s*%%lang_(\w+)[^\n]*\n?/.exec(text);
  if (other !== null) return [foreign(text.slice(other[0].length), other[1] === 'py' ? 'python' : (other[1] ?? ''), notes)];
  const magic = magicSql(text);
  if (magic !== undefined) {
    if (magic.ignored !== undefined) notes.magics.add(magic.ignored);
    if (magic.sql.trim() === '') return [];
    const marker = magic.resultName === undefined ? undefined : `name=${magic.resultName}`;
    return [sqlCell(magic.sql, notes, { marker, fromMagic: true })];
  }
  const own = textOf(jsonOf(cell.metadata['vscode'])['languageId']) ?? textOf(cell.metadata['language']) ?? language;
  if (isSqlLanguage(own)) {
    const { text: sql, ...found } = withoutSqlcmd(text);
    notes.sqlcmd(found);
    return [sqlCell(sql, notes, { marker: markerOf(cell).marker })];
  }
  if (isMagicSetUp(text)) {
    notes.setUps++;
    return [];
  }
  return [foreign(text, own, notes)];
}

function foreign(text: string, language: string, notes: ImportNotes): Source {
  notes.foreign(languageName(language));
  return { kind: 'markup', text: foreignCode(text, language) };
}

function cellKernel({ metadata }: IpynbCell): string | undefined {
  return textOf(jsonOf(metadata['polyglot_notebook'])['kernelName']) ?? textOf(jsonOf(metadata['dotnet_interactive'])['language']);
}

function markerOf({ metadata }: IpynbCell): { readonly marker?: string } {
  const marker = textOf(jsonOf(metadata[KODIAK_KEY])['marker']);
  return marker === undefined || /[\r\n]/.test(marker) ? {} : { marker };
}
