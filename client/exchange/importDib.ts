import { type ImportedNotebook, ImportProblem } from './importedNotebook.ts';
import { ImportNotes } from './importNotes.ts';
import { polyglotKernels, polyglotSubmissions } from './polyglot.ts';
import { jsonOf } from './readIpynb.ts';

const META = /^#!meta[ \t]*\n([\s\S]*?)(?=^#!|(?![\s\S]))/m;

/** Converts a `.dib` file of Polyglot Notebooks: cells behind lines such as `#!sql`, without outputs. */
export function importDib(given: string): ImportedNotebook {
  const text = given.replace(/^\uFEFF/, '').replaceAll(/\r\n|\r/g, '\n');
  if (text.trim() === '') throw new ImportProblem('The file is empty.');
  const meta = META.exec(text);
  const notes = new ImportNotes();
  const body = meta === null ? text : text.slice(0, meta.index) + text.slice(meta.index + meta[0].length);
  const cells = polyglotSubmissions(body, undefined, polyglotKernels(metaOf(meta?.[1] ?? '')), notes);
  const imported = cells.map((cell) => ({ ...cell, outputs: [] }));
  return { producer: 'Polyglot Notebooks', cells: imported, notes: notes.sentences(imported) };
}

/** What cannot be read only tells less about kernels. */
function metaOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return jsonOf(JSON.parse(text));
  } catch {
    return {};
  }
}
