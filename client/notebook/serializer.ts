import { randomUUID } from 'node:crypto';
import { type CancellationToken, NotebookCellData, NotebookCellKind, NotebookData, type NotebookSerializer } from 'vscode';
import { showFailure } from '../showFailure.ts';
import { type CellSource, type FileCell, type FileStyle, newFileStyle, parseNotebook, writeNotebook } from './cellFormat.ts';
import { readMarker } from './cellMarker.ts';
import { decodeUtf8 } from './decodeUtf8.ts';
import { paramsOutput, planParams } from './paramsOutput.ts';
import { toOutput } from './toOutput.ts';

const SOURCE_KEY = 'kodiakSource';
const STYLE_KEY = 'kodiakFile';

/** Notebook file ↔ VS Code's notebook. What a file cannot say of itself again travels in metadata. */
export const notebookSerializer: NotebookSerializer = {
  deserializeNotebook(content: Uint8Array, _token: CancellationToken): NotebookData {
    const { cells, prefix, eol } = parseNotebook(decoded(content));
    const data = new NotebookData(cells.map(cellData));
    data.metadata = { [STYLE_KEY]: { prefix, eol } satisfies FileStyle };
    return data;
  },

  serializeNotebook(data: NotebookData, _token: CancellationToken): Uint8Array {
    return new TextEncoder().encode(writeNotebook({ ...fileStyle(data.metadata), cells: data.cells.map(fileCell) }));
  },
};

/** VS Code only says that an editor could not be opened: why, must be said here. */
function decoded(content: Uint8Array): string {
  try {
    return decodeUtf8(content);
  } catch (error) {
    void showFailure({ code: 'unavailable', message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** Where a cell came from, if it is in the file. */
export function cellSource(metadata: { readonly [key: string]: unknown } | undefined): CellSource | undefined {
  return metadata?.[SOURCE_KEY] as CellSource | undefined;
}

/** The metadata of a cell that is to be written with this source. */
export function withSource(metadata: { readonly [key: string]: unknown }, source: CellSource): { [key: string]: unknown } {
  return { ...metadata, [SOURCE_KEY]: source };
}

/** What a notebook's file has beside its cells. */
export function fileStyle(metadata: { readonly [key: string]: unknown } | undefined): FileStyle {
  return (metadata?.[STYLE_KEY] as FileStyle | undefined) ?? newFileStyle;
}

function cellData(cell: FileCell): NotebookCellData {
  const kind = cell.kind === 'markup' ? NotebookCellKind.Markup : NotebookCellKind.Code;
  const data = new NotebookCellData(kind, cell.text, cell.kind === 'markup' ? 'markdown' : 'sql');
  const marker = readMarker(cell.source);
  // The inputs are there before anything has run.
  if (marker.role === 'params') data.outputs = [toOutput(planParams(paramsOutput(randomUUID(), cell.text, marker, true)))];
  data.metadata = { [SOURCE_KEY]: cell.source };
  return data;
}

function fileCell(data: NotebookCellData): FileCell {
  return { kind: data.kind === NotebookCellKind.Markup ? 'markup' : 'code', text: data.value, source: cellSource(data.metadata) };
}
