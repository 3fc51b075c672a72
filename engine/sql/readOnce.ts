/** Texts that are remembered by each reader. */
const MAX_TEXTS = 4;
/** Shorter ones are read faster than they are looked for, and would push the long ones out. */
const MIN_CHARACTERS = 4 * 1024;
/** Longer ones would take too much memory. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Makes a reader of texts remember its last answers, which must not be changed: at a keystroke, diagnostics, colours and completion
 * read the same long text.
 */
export function readOnce<Answer>(read: (text: string) => Answer): (text: string) => Answer {
  const last: { readonly text: string; readonly answer: Answer }[] = [];
  return (text) => {
    if (text.length < MIN_CHARACTERS || text.length > MAX_CHARACTERS) return read(text);
    const known = last.findIndex((other) => other.text === text);
    const found = last[known] ?? { text, answer: read(text) };
    if (known >= 0) last.splice(known, 1);
    last.unshift(found);
    if (last.length > MAX_TEXTS) last.pop();
    return found.answer;
  };
}
