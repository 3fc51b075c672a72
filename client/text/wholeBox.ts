import type { WireColumn } from '../../server/protocol/values.ts';
import { isNumber, parseColumnType } from './columnType.ts';
import { type Alignment, cutToWidth, displayWidth, fitToWidth, visible } from './displayText.ts';
import type { RowWriter } from './rowWriter.ts';
import type { Style } from './style.ts';
import { plainText } from './valueText.ts';

/** A value is cut here, however much room there is. */
const MAX_CELL = 10_000;

/**
 * The same frame as `renderBox`, with all rows and all columns in their full width, for a reader who can scroll. Every row is
 * measured before the first is written.
 */
export function wholeBoxWriter(columns: readonly WireColumn[], style: Style, nullText = 'NULL'): RowWriter {
  const types = columns.map(({ type }) => parseColumnType(type));
  const names = columns.map(({ name }) => visible(name));
  const typeTexts = columns.map(({ type }) => visible(type));
  const alignments = types.map((type): Alignment => (isNumber(type) ? 'right' : 'left'));
  const widths = names.map((name, at) => Math.max(1, displayWidth(name), displayWidth(typeTexts[at] ?? '')));
  const cell = (text: string | undefined) => (text === undefined ? undefined : cutToWidth(visible(text.slice(0, MAX_CELL)), MAX_CELL));
  const border = (left: string, middle: string, right: string) =>
    `${style.dim(left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right)}\n`;
  const bar = style.dim('│');
  const line = (texts: readonly string[]) => `${bar} ${texts.join(` ${bar} `)} ${bar}\n`;
  const centered = (text: string, at: number) => fitToWidth(text, widths[at] ?? 0, 'center');
  return {
    measure: (row) => {
      for (const [at, type] of types.entries()) {
        widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell(plainText(row[at] ?? null, type)) ?? nullText));
      }
    },
    get head() {
      const heads =
        line(names.map((name, at) => style.bold(centered(name, at)))) + line(typeTexts.map((text, at) => style.dim(centered(text, at))));
      return border('┌', '┬', '┐') + heads + border('├', '┼', '┤');
    },
    row: (row) =>
      line(
        types.map((type, at) => {
          const text = cell(plainText(row[at] ?? null, type));
          const fitted = fitToWidth(text ?? nullText, widths[at] ?? 0, alignments[at] ?? 'left');
          return text === undefined ? style.dim(fitted) : fitted;
        }),
      ),
    tail: () => border('└', '┴', '┘'),
  };
}
