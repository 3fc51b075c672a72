/** Bidirectional controls, invisible separators, tags and lone surrogates: they would change how the text around them looks. */
const HOSTILE = /[\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const CONTROLS_WITHIN_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\u1160-\u11ff\u200c-\u200f]$/u;
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
const REGIONAL_INDICATOR = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Columns that a terminal gives to a text without control characters: the sum over its code points, as `wcwidth` counts.
 * Joined emoji are therefore as wide as their parts, which is what most terminals draw.
 */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The text itself if it fits, else its beginning with `…`, never wider than `width`. */
export function cutToWidth(text: string, width: number): string {
  if (text.length <= width && PRINTABLE_ASCII.test(text)) return text;
  let used = 0;
  let end = 0;
  let at = 0;
  for (const char of text) {
    used += charWidth(char);
    if (used > width) return width < 1 ? '' : `${text.slice(0, end)}…`;
    at += char.length;
    // A mark has no width and so stays with its letter.
    if (used < width) end = at;
  }
  return text;
}

export type Alignment = 'left' | 'right' | 'center';

/** Cuts or pads the text to exactly `width` columns. */
export function fitToWidth(text: string, width: number, alignment: Alignment): string {
  const cut = cutToWidth(text, width);
  const missing = Math.max(0, width - displayWidth(cut));
  switch (alignment) {
    case 'left':
      return cut + ' '.repeat(missing);
    case 'right':
      return ' '.repeat(missing) + cut;
    case 'center':
      return ' '.repeat(missing >> 1) + cut + ' '.repeat(missing - (missing >> 1));
  }
}

/** The text on one line: control characters become pictures (`↵`, `␛`), so that data can neither move the cursor nor change colours. */
export function visible(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(CONTROLS, picture).replace(HOSTILE, escaped);
}

/** As `visible`, but line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS_WITHIN_LINES, picture).replace(HOSTILE, escaped);
}

/** Whether the text has characters that `visible` would replace. */
export function hasHiddenCharacters(text: string): boolean {
  return !PRINTABLE_ASCII.test(text) && visible(text) !== text;
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO_WIDTH.test(char)) return 0;
  return WIDE.test(char) && !REGIONAL_INDICATOR.test(char) ? 2 : 1;
}

function picture(char: string): string {
  const code = char.charCodeAt(0);
  if (char === '\n') return '↵';
  if (char === '\t') return '⇥';
  if (code === 0x7f) return '␡';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\x${code.toString(16)}`;
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
