import { formatBytes } from '../monitor/statsText.ts';
import { decodeUtf8 } from '../notebook/decodeUtf8.ts';
import { importDib } from './importDib.ts';
import { type ImportedCell, type ImportedNotebook, ImportProblem } from './importedNotebook.ts';
import { importIpynb } from './importIpynb.ts';
import { markdownText } from './markdownText.ts';

/** A file that is larger is refused: all of it, and what it becomes, has to be in memory. */
const MAX_BYTES = 100 * 1024 * 1024;

/** What the file dialog offers. */
export const IMPORTED_ENDINGS = ['ipynb', 'dib'];

/** Converts the content of a notebook file with this name. Throws an `ImportProblem` that says what is wrong and what to do. */
export function importNotebook(content: Uint8Array, name: string): ImportedNotebook {
  checkSize(content.length);
  let text: string;
  try {
    text = decodeUtf8(content);
  } catch (cause) {
    throw new ImportProblem((cause as Error).message, { cause });
  }
  const imported = /\.dib$/i.test(name) ? importDib(text) : importIpynb(text, name);
  if (imported.cells.length === 0) throw new ImportProblem('This notebook has no cells with text: there is nothing to import.');
  return imported;
}

/** To be asked before a file is read at all. */
export function checkSize(bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  throw new ImportProblem(
    `The file has ${formatBytes(bytes)}; at most ${formatBytes(MAX_BYTES)} can be imported. Clear its outputs in the program that made it ("Clear All Outputs"), save it, and import it then.`,
  );
}

/** The cells, with the notes in a cell of their own before them. What Kodiak itself had exported comes back as it was. */
export function withNotes({ producer, cells, notes }: ImportedNotebook, name: string): readonly ImportedCell[] {
  if (notes.length === 0 || producer === 'Kodiak') return cells;
  const lines = notes.map((note) => `- ${markdownText(note)}`);
  return [{ kind: 'markup', text: [`Imported from ${markdownText(name)} (${producer}).`, '', ...lines].join('\n'), outputs: [] }, ...cells];
}
