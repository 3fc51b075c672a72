import { extname } from 'node:path';
import { commands, type NotebookCell, NotebookCellKind, type NotebookDocument, Uri, window, workspace } from 'vscode';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import type { CellPictures } from '../exchange/cellPictures.ts';
import {
  type CellToExport,
  type ExportedNotebook,
  exportedNotebook,
  notebookTitle,
  type OutputItems,
} from '../exchange/exportedNotebook.ts';
import { htmlExport } from '../exchange/htmlExport.ts';
import { ipynbExport } from '../exchange/ipynbExport.ts';
import { markdownExport } from '../exchange/markdownExport.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { cellSource } from '../notebook/serializer.ts';
import { showFailure } from '../showFailure.ts';

/** What a notebook can be written as, by the ending of the file. */
const FORMATS = {
  html: { label: 'HTML page', filter: ['html', 'htm'] },
  md: { label: 'Markdown', filter: ['md'] },
  ipynb: { label: 'Jupyter notebook', filter: ['ipynb'] },
} as const;

type Format = keyof typeof FORMATS;

/** Writes the notebook that is worked in, with what its cells show, to a file that the person names. */
export function exportNotebook(pictures: CellPictures): () => Promise<void> {
  return async () => {
    const notebook = window.activeNotebookEditor?.notebook;
    if (notebook === undefined || notebook.notebookType !== NOTEBOOK_TYPE) {
      void window.showInformationMessage('Open a Kodiak notebook to export it.');
      return;
    }
    try {
      const file = await askForFile(notebook);
      if (file === undefined) return;
      const cells = await Promise.all(notebook.getCells().map((cell) => cellToExport(cell, pictures)));
      await write(file, exportedNotebook(notebookTitle(notebook.uri.path), cells));
      void tellExported(file);
    } catch (error) {
      const message = `The notebook was not exported: ${error instanceof Error ? error.message : String(error)}`;
      await showFailure({ code: 'unavailable', message });
    }
  };
}

async function askForFile(notebook: NotebookDocument): Promise<{ readonly uri: Uri; readonly format: Format } | undefined> {
  const formats = Object.keys(FORMATS) as Format[];
  const choices = formats.map((format) => ({ label: FORMATS[format].label, description: `.${format}`, format }));
  const choice = await window.showQuickPick(choices, { title: 'Export the Notebook', placeHolder: 'Format' });
  if (choice === undefined) return undefined;
  const { format } = choice;
  const name = `${notebookTitle(notebook.uri.path)}.${format}`;
  const folder = notebook.isUntitled ? workspace.workspaceFolders?.[0]?.uri : Uri.joinPath(notebook.uri, '..');
  const uri = await window.showSaveDialog({
    title: `Export the Notebook as ${FORMATS[format].label}`,
    saveLabel: 'Export',
    ...(folder !== undefined && { defaultUri: Uri.joinPath(folder, name) }),
    filters: { [FORMATS[format].label]: [...FORMATS[format].filter] },
  });
  if (uri === undefined) return undefined;
  return { format, uri: extname(uri.path) === '' ? uri.with({ path: `${uri.path}.${format}` }) : uri };
}

async function write({ uri, format }: { readonly uri: Uri; readonly format: Format }, notebook: ExportedNotebook): Promise<void> {
  switch (format) {
    case 'html':
      await writeText(uri, htmlExport(notebook));
      return;
    case 'ipynb':
      await writeText(uri, ipynbExport(notebook));
      return;
    case 'md': {
      const folder = `${(uri.path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '')}-files`;
      const { text, pictures } = markdownExport(notebook, folder);
      for (const { name, svg } of pictures) await writeText(Uri.joinPath(uri, '..', folder, name), svg);
      await writeText(uri, text);
    }
  }
}

async function writeText(uri: Uri, text: string): Promise<void> {
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

async function tellExported({ uri }: { readonly uri: Uri }): Promise<void> {
  const open = 'Open';
  const name = uri.path.split('/').at(-1) ?? '';
  const choice = await window.showInformationMessage(`The notebook is in ${name}.`, open);
  if (choice === open) await commands.executeCommand('vscode.open', uri);
}

async function cellToExport(cell: NotebookCell, pictures: CellPictures): Promise<CellToExport> {
  const source = cellSource(cell.metadata);
  const outputs = cell.outputs.map(
    ({ items }): OutputItems => items.map(({ mime, data }) => ({ mime, text: new TextDecoder().decode(data) })),
  );
  const results = outputs.flatMap((items) => items.find(({ mime }) => mime === RESULT_MIME)?.text ?? []);
  const drawn = await Promise.all(results.map((text) => pictures.draw(readMarker(source), JSON.parse(text) as ResultOutput)));
  return {
    kind: cell.kind === NotebookCellKind.Markup ? 'markup' : 'code',
    text: cell.document.getText(),
    source,
    outputs,
    pictures: drawn.filter((picture) => picture !== undefined),
  };
}
