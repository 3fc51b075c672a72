import type { WireFailure } from '../../server/protocol/values.ts';
import { displayWidth, visible, visibleLines } from '../text/displayText.ts';
import type { Style } from '../text/style.ts';

/** The text that a statement was taken from. */
export interface SqlSource {
  /** File name, or undefined for what was typed. */
  readonly name?: string;
  readonly text: string;
  /** Lines of the file before `text`. */
  readonly linesBefore?: number;
}

const MAX_SOURCE = 100;
const BEFORE_CARET = 60;

/**
 * A failure for people: `file:line:column: message`, and for a known place the line itself with a caret below it.
 * `statementStart` is the offset in `source.text` of the text that was sent.
 */
export function formatFailure(failure: WireFailure, source: SqlSource, statementStart: number, style: Style): string[] {
  const message = visibleLines(failure.message).trimEnd();
  const hints = hintLines(failure, message);
  if (!failure.position) {
    const place = source.name === undefined ? '' : `${visible(source.name)}:${lineNumber(source, statementStart)}: `;
    return [`${style.red(`${place}error:`)} ${message}`, ...hints];
  }
  const offset = Math.min(statementStart + failure.position.offset, source.text.length);
  const lineStart = source.text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = source.text.indexOf('\n', offset);
  const line = source.text.slice(lineStart, lineEnd < 0 ? source.text.length : lineEnd).trimEnd();
  const column = offset - lineStart;
  const number = lineNumber(source, offset);
  const place = source.name === undefined ? '' : `${visible(source.name)}:${number}:${column + 1}: `;
  return [`${style.red(`${place}error:`)} ${message}`, ...sourceLines(line, column, failure.position.length, number, style), ...hints];
}

function sourceLines(line: string, column: number, length: number, number: number, style: Style): string[] {
  const from = line.length > MAX_SOURCE ? Math.max(0, Math.min(column - BEFORE_CARET, line.length - MAX_SOURCE)) : 0;
  const shown = line.slice(from, from + MAX_SOURCE);
  const before = `${from > 0 ? '…' : ''}${visible(shown.slice(0, column - from).replaceAll('\t', '  '))}`;
  const marked = visible(shown.slice(column - from, column - from + length).replaceAll('\t', '  '));
  const after = visible(shown.slice(column - from + length).replaceAll('\t', '  ')) + (from + MAX_SOURCE < line.length ? '…' : '');
  const gutter = `${number} | `;
  const blank = `${' '.repeat(gutter.length - 2)}| ${' '.repeat(displayWidth(before))}`;
  return [
    style.dim(gutter) + before + marked + after,
    style.dim(blank.slice(0, gutter.length)) + blank.slice(gutter.length) + style.red('^'.repeat(Math.max(1, displayWidth(marked)))),
  ];
}

function hintLines(failure: WireFailure, message: string): string[] {
  const lines: string[] = [];
  const unnamed = (failure.candidates ?? []).filter((name) => !message.includes(name));
  if (unnamed.length > 0)
    lines.push(
      `Did you mean ${unnamed
        .slice(0, 3)
        .map((name) => visible(name))
        .join(', ')}?`,
    );
  if (failure.setting !== undefined && !message.includes(failure.setting))
    lines.push(`The setting ${visible(failure.setting)} sets this limit.`);
  return lines;
}

function lineNumber(source: SqlSource, offset: number): number {
  return (source.linesBefore ?? 0) + source.text.slice(0, offset).split('\n').length;
}
