/** Control characters, and those that are invisible or turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;
const MAX_LABEL = 60;

/** A name, type or comment as a label shows it: on one line, with pictures for what would not be seen, and not without end. */
export function shownName(text: string, length = MAX_LABEL): string {
  // No character takes more than two code units.
  const characters = [...text.slice(0, 2 * length + 2).replace(HIDDEN, picture)];
  return characters.length <= length && text.length <= 2 * length + 2
    ? characters.join('')
    : `${characters.slice(0, length - 1).join('')}…`;
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\n') return '↵';
  if (character === '\t') return '⇥';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
