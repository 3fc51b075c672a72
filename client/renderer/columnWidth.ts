const MIN_CHARACTERS = 4;
export const MAX_CHARACTERS = 48;
const PADDING = 18;

/** Pixels of a column whose longest text has this many characters, within bounds. */
export function columnWidth(length: number, characterWidth: number): number {
  return Math.ceil(Math.max(MIN_CHARACTERS, Math.min(MAX_CHARACTERS, length)) * characterWidth) + PADDING;
}
