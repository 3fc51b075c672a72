/** A text that goes between two others, with a space where it would otherwise join up with a word or a name. */
export function insertion(before: string, text: string, after: string): string {
  const left = /[\p{L}\p{N}_$"')\]]$/u.test(before) ? ' ' : '';
  const right = /^[\p{L}\p{N}_$"'([]/u.test(after) ? ' ' : '';
  return `${left}${text}${right}`;
}
