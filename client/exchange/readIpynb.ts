import { ImportProblem } from './importedNotebook.ts';

/** An object of a JSON file, of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** A notebook file of Jupyter's format 4, as far as an import looks at it. */
export interface IpynbFile {
  readonly metadata: Json;
  readonly cells: readonly IpynbCell[];
}

export interface IpynbCell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly metadata: Json;
  readonly outputs: readonly Json[];
  /** Names of images and other files that a markdown cell carries. */
  readonly attachments: readonly string[];
}

const CONFLICT = /^(?:<{7}|={7}|>{7})(?:\s|$)/m;

/** Reads the text of an `.ipynb` file. Throws an `ImportProblem` that says what is wrong with it. */
export function readIpynb(text: string): IpynbFile {
  const file = parse(text);
  if (!isJson(file)) throw new ImportProblem('This is no Jupyter notebook: the file does not hold a JSON object.');
  checkFormat(file);
  const cells = file['cells'];
  if (!Array.isArray(cells)) throw new ImportProblem('This is no Jupyter notebook: it has no list "cells".');
  return { metadata: jsonOf(file['metadata']), cells: cells.map(readCell) };
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one for anything else. */
export function jsonOf(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** The value if it is a text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Jupyter stores texts as they are or cut into lines. Anything else is undefined. */
export function joinedText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('') : undefined;
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new ImportProblem('The file is empty.');
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    if (CONFLICT.test(text)) {
      throw new ImportProblem('The file has unresolved conflicts of a merge (<<<<<<<): resolve them first, then import it.', { cause });
    }
    const message = String((cause as Error).message);
    const place = placeOf(text, message);
    const end = /end of JSON|Unterminated/i.test(message) ? ' It seems to have been cut off.' : '';
    throw new ImportProblem(
      `The file is not valid JSON${place === undefined ? '' : ` at ${place}`}.${end} Open it as text to put it right, or take it from a backup.`,
      { cause },
    );
  }
}

/** Where the parser of V8 gave up: it names an offset, or shows some characters around it. */
function placeOf(text: string, message: string): string | undefined {
  const offset = /position (\d+)/.exec(message)?.[1];
  const around = /, (?:\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1];
  const at = offset !== undefined ? Number(offset) : around === undefined ? -1 : text.indexOf(around) + around.search(/\S/);
  if (at < 0) return undefined;
  const lines = text.slice(0, at).split('\n');
  return offset === undefined ? `line ${lines.length}` : `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

function checkFormat(file: Json): void {
  const version = file['nbformat'];
  if (version === 4) return;
  if (typeof version !== 'number') throw new ImportProblem('This is no Jupyter notebook: it does not say its format ("nbformat").');
  const advice =
    version < 4
      ? 'Open it in Jupyter and save it, or run "jupyter nbconvert --to notebook --nbformat 4", then import it.'
      : 'Save it in format 4 first.';
  throw new ImportProblem(`This notebook is of Jupyter's format ${version}; only format 4 can be imported. ${advice}`);
}

function readCell(given: unknown, index: number): IpynbCell {
  const cell = jsonOf(given);
  const source = joinedText(cell['source']);
  const type = cell['cell_type'];
  if (source === undefined || (type !== 'code' && type !== 'markdown' && type !== 'raw')) {
    throw new ImportProblem(`Cell ${index + 1} of this notebook is damaged: it has no ${source === undefined ? 'source' : 'known type'}.`);
  }
  const outputs = Array.isArray(cell['outputs']) ? cell['outputs'].filter(isJson) : [];
  const attachments = Object.keys(jsonOf(cell['attachments']));
  return { type, source: source.replaceAll(/\r\n|\r/g, '\n'), metadata: jsonOf(cell['metadata']), outputs, attachments };
}
