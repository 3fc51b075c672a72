const MAX_TEXTS = 4;
/** Shorter ones are read faster than they are looked for, and would push the long ones out. */
const MIN_CHARACTERS = 4 * 1024;
/** Of all texts that a reader remembers. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Makes a reader of texts remember its last answers, which must not be changed: at a keystroke, diagnostics, colours and completion
 * read the same long text.
 */
export function readOnce<Answer>(read: (text: string) => Answer): (text: string) => Answer {
  /** The last used first. */
  let last: { readonly text: string; readonly answer: Answer }[] = [];
  return (text) => {
    if (text.length < MIN_CHARACTERS) return read(text);
    const found = last.find((other) => other.text === text) ?? { text, answer: read(text) };
    let left = MAX_CHARACTERS;
    last = [found, ...last.filter((other) => other !== found)].slice(0, MAX_TEXTS).filter((other) => {
      left -= other.text.length;
      return left >= 0;
    });
    return found.answer;
  };
}
