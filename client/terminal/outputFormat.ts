import type { RowFormat } from '../text/rowWriter.ts';

/** `box` shows the first and last rows of a result in a frame with a summary below; the others write all rows. */
export type OutputFormat = 'box' | RowFormat;

/** What each is, in a line; in the order in which they are listed. */
const DESCRIPTIONS: Readonly<Record<OutputFormat, string>> = {
  box: 'a frame with types and a summary; of long results the ends',
  table: 'a frame of + - |',
  markdown: 'a table of Markdown',
  csv: 'comma-separated values',
  tsv: 'tab-separated values',
  json: 'one JSON array',
  jsonl: 'a JSON object on each line',
  line: 'a line for each value',
  list: 'values with | between them',
  column: 'columns below a line of dashes',
  html: 'a <table>',
  insert: 'INSERT statements for a table',
  quote: 'values as in SQL',
  latex: 'a tabular environment of LaTeX',
  ascii: 'values with 0x1F, rows with 0x1E between them',
  tcl: 'a list of Tcl',
  trash: 'nothing',
};

/** Names that the DuckDB CLI has for the same. */
const ALIASES: Readonly<Record<string, OutputFormat>> = { duckbox: 'box', tabs: 'tsv', jsonlines: 'jsonl', ndjson: 'jsonl', lines: 'line' };

export const OUTPUT_FORMATS: readonly OutputFormat[] = Object.keys(DESCRIPTIONS) as OutputFormat[];

/** The format with this name; undefined where there is none. */
export function formatNamed(text: string): OutputFormat | undefined {
  const name = text.toLowerCase();
  return OUTPUT_FORMATS.find((format) => format === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
}

/** The one format whose name begins so, as for somebody who types `.mode ma`. */
export function formatBeginning(text: string): OutputFormat | undefined {
  const names = [...OUTPUT_FORMATS, ...Object.keys(ALIASES)].filter((name) => name.startsWith(text.toLowerCase()));
  const formats = new Set(names.map(formatNamed));
  return formatNamed(text) ?? (formats.size === 1 ? [...formats][0] : undefined);
}

/** A line for each format: its name, its other names, what it is. */
export function formatLines(): string[] {
  const names = OUTPUT_FORMATS.map((format) => [format, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === format)].join(', '));
  const width = Math.max(...names.map((name) => name.length));
  return OUTPUT_FORMATS.map((format, at) => `${(names[at] ?? '').padEnd(width)}  ${DESCRIPTIONS[format]}`);
}
