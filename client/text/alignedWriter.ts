import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import type { ColumnType } from './columnType.ts';
import { type Alignment, displayWidth, fitToWidth, visible } from './displayText.ts';
import type { RowWriter } from './rowWriter.ts';
import { plainText } from './valueText.ts';
import type { WriterOptions } from './writerOptions.ts';

/**
 * Whole values in columns of equal width: between lines of `+--+` for `table`, between two spaces below a line of dashes for
 * `column`. Every row is measured before the first is written.
 */
export function alignedWriter(
  format: 'table' | 'column',
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, nullText = 'NULL', widths: least }: WriterOptions,
): RowWriter {
  const names = columns.map(({ name }) => visible(name));
  const shown = headers || format === 'table';
  const widths = names.map((name, at) => Math.max(1, Math.abs(least[at] ?? 0), shown ? displayWidth(name) : 0));
  const alignments = names.map((_, at): Alignment => ((least[at] ?? 0) < 0 ? 'right' : 'left'));
  const cells = (row: WireRow) => types.map((type, at) => visible(plainText(row[at] ?? null, type) ?? nullText));
  const fitted = (texts: readonly string[], alignment?: Alignment) =>
    texts.map((text, at) => fitToWidth(text, widths[at] ?? 0, alignment ?? alignments[at] ?? 'left'));
  const border = () => `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const tableLine = (texts: readonly string[]) => `| ${texts.join(' | ')} |\n`;
  const columnLine = (texts: readonly string[]) => `${texts.join('  ').trimEnd()}\n`;
  return {
    measure: (row) => {
      for (const [at, text] of cells(row).entries()) widths[at] = Math.max(widths[at] ?? 0, displayWidth(text));
    },
    get head() {
      if (format === 'table') return `${border()}${tableLine(fitted(names, 'center'))}${border()}`;
      return headers ? `${columnLine(fitted(names))}${widths.map((width) => '-'.repeat(width)).join('  ')}\n` : '';
    },
    row: (row) => (format === 'table' ? tableLine : columnLine)(fitted(cells(row))),
    tail: () => (format === 'table' ? border() : ''),
  };
}
