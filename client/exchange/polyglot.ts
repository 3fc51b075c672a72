import { foreignCode, languageName } from './foreignCode.ts';
import type { ImportedCell } from './importedNotebook.ts';
import type { ImportNotes } from './importNotes.ts';
import { type Json, jsonOf, textOf } from './readIpynb.ts';
import { isSqlLanguage, sqlCell } from './sqlCell.ts';

/** The kernels of a Polyglot notebook. */
export interface PolyglotKernels {
  readonly defaultName: string;
  /** Language by kernel. */
  readonly languages: ReadonlyMap<string, string>;
}

/** A line such as `#!sql-orders --name rows`, which chooses a kernel or is a command. */
const DIRECTIVE = /^#!([\w.-]+)[ \t]*(.*)$/;
const COMMANDS: ReadonlySet<string> = new Set([
  'connect',
  'set',
  'value',
  'share',
  'import',
  'time',
  'who',
  'whos',
  'lsmagic',
  'about',
  'meta',
]);
const MARKDOWN: ReadonlySet<string> = new Set(['markdown', 'md']);

export function isPolyglot(metadata: Json): boolean {
  const kernel = textOf(jsonOf(metadata['kernelspec'])['name']) ?? '';
  return metadata['polyglot_notebook'] !== undefined || metadata['dotnet_interactive'] !== undefined || kernel.startsWith('.net-');
}

/** From a notebook's metadata, or from the `#!meta` of a `.dib` file. */
export function polyglotKernels(metadata: Json): PolyglotKernels {
  const info = jsonOf(jsonOf(metadata['polyglot_notebook'])['kernelInfo'] ?? metadata['kernelInfo']);
  const items = Array.isArray(info['items']) ? info['items'].map(jsonOf) : [];
  const languages = new Map<string, string>();
  for (const item of items) {
    const language = textOf(item['languageName']) ?? '';
    for (const name of [item['name'], ...(Array.isArray(item['aliases']) ? item['aliases'] : [])]) {
      if (typeof name === 'string') languages.set(name, language);
    }
  }
  const byKernelspec = textOf(jsonOf(metadata['kernelspec'])['name'])?.replace('.net-', '');
  return { defaultName: textOf(info['defaultKernelName']) ?? byKernelspec ?? 'csharp', languages };
}

/** The cells that a text stands for, cut at each line that chooses a kernel. */
export function polyglotSubmissions(
  text: string,
  kernel: string | undefined,
  kernels: PolyglotKernels,
  notes: ImportNotes,
): Pick<ImportedCell, 'kind' | 'text' | 'marker'>[] {
  const cells: Pick<ImportedCell, 'kind' | 'text' | 'marker'>[] = [];
  let chosen = kernel ?? kernels.defaultName;
  let resultName: string | undefined;
  let lines: string[] = [];
  const flush = () => {
    const body = lines
      .join('\n')
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd();
    lines = [];
    if (body !== '') cells.push(cellOf(body, chosen, resultName, kernels, notes));
    resultName = undefined;
  };
  for (const line of text.split('\n')) {
    const [, name, rest = ''] = DIRECTIVE.exec(line) ?? [];
    if (name === undefined) lines.push(line);
    else if (!COMMANDS.has(name)) {
      flush();
      chosen = name;
      resultName = /--name[ \t=]+"?(\w+)/.exec(rest)?.[1];
    } else if (name === 'connect') notes.connections.add(connectionText(rest));
    else notes.magics.add(`#!${name}`);
  }
  flush();
  return cells;
}

function cellOf(
  text: string,
  kernel: string,
  resultName: string | undefined,
  { languages }: PolyglotKernels,
  notes: ImportNotes,
): Pick<ImportedCell, 'kind' | 'text' | 'marker'> {
  if (MARKDOWN.has(kernel)) return { kind: 'markup', text };
  const language = languages.get(kernel) || kernel;
  if (isSqlLanguage(language) || /^sql(?:-|$)/.test(kernel)) {
    return sqlCell(text, notes, { marker: resultName === undefined ? undefined : `name=${resultName}` });
  }
  notes.foreign(languageName(language));
  return { kind: 'markup', text: foreignCode(text, language) };
}

/** `mssql (adventureworks)`; never the connection string, which may hold a password. */
function connectionText(rest: string): string {
  const kind = /^[\w-]+/.exec(rest)?.[0] ?? 'a database';
  const name = /--kernel-name[ \t=]+"?([\w-]+)/.exec(rest)?.[1];
  return name === undefined ? kind : `${kind} (${name})`;
}
