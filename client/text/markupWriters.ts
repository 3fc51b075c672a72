import type { WireColumn } from '../../server/protocol/values.ts';
import { type ColumnType, isNumber } from './columnType.ts';
import { visible } from './displayText.ts';
import { escapeHtml } from './escapeHtml.ts';
import type { RowWriter } from './rowWriter.ts';
import { plainText } from './valueText.ts';
import type { WriterOptions } from './writerOptions.ts';

const LATEX_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** A `<table>` in which every value is text; line breaks in values are `<br>`. */
export function htmlWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, nullText = 'NULL' }: WriterOptions,
): RowWriter {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${htmlText(cell)}</${tag}>`).join('')}</tr>\n`;
  const names = columns.map(({ name }) => name);
  return {
    head: `<table>\n${headers ? line('th', names) : ''}`,
    row: (row) =>
      line(
        'td',
        types.map((type, at) => plainText(row[at] ?? null, type) ?? nullText),
      ),
    tail: () => '</table>\n',
  };
}

/** A `tabular` environment; numbers stand to the right. */
export function latexWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, nullText = 'NULL' }: WriterOptions,
): RowWriter {
  const line = (cells: readonly string[]) => `${cells.map(latexText).join(' & ')} \\\\\n`;
  const alignments = types.map((type) => (isNumber(type) ? 'r' : 'l')).join('');
  const names = columns.map(({ name }) => name);
  return {
    head: `\\begin{tabular}{|${alignments}|}\n\\hline\n${headers ? `${line(names)}\\hline\n` : ''}`,
    row: (row) => line(types.map((type, at) => plainText(row[at] ?? null, type) ?? nullText)),
    tail: () => '\\hline\n\\end{tabular}\n',
  };
}

function htmlText(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => escapeHtml(visible(line)));
  return lines.join('<br>');
}

function latexText(text: string): string {
  return visible(text).replace(/[\\~^&%$#_{}]/g, (char) => LATEX_ESCAPES[char] ?? `\\${char}`);
}
