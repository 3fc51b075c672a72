import { expect } from 'vitest';
import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { tokenize } from '../../engine/sql/lexer.ts';
import { type FormatOptions, formatSql } from '../../server/language/formatting.ts';

export const FORMAT_OPTIONS: FormatOptions = { tabSize: 2, insertSpaces: true };

/** A text with the formatter's edits applied. */
export function formatted(text: string, options: FormatOptions = FORMAT_OPTIONS): string {
  let result = text;
  for (const { start, end, text: own } of [...formatSql(text, options).edits].reverse())
    result = result.slice(0, start) + own + result.slice(end);
  return result;
}

function words(text: string): string {
  const masked = maskDotCommands(text);
  return tokenize(masked)
    .map(({ start, end }) => masked.slice(start, end))
    .join('\0');
}

/** Formatting changes no token, and nothing the second time. */
export function expectSafe(text: string): void {
  const once = formatted(text);
  expect(words(once)).toBe(words(text));
  expect(formatted(once)).toBe(once);
}
