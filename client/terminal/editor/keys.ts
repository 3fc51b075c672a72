/** What a terminal sent: a key by name (`ctrl+a`, `alt+enter`, `shift+tab`, `up`), a run of text, or a paste in brackets. */
export type KeyEvent =
  | {
      readonly kind: 'key';
      readonly key: string;
      /** More input came together with it, as in a paste without brackets. */
      readonly more?: boolean;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string };

const PASTE_END = '\u001b[201~';
const MAX_SEQUENCE = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it reads.
const CSI = /^\u001b\[([0-?]*)[ -/]*([@-~])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters end a run of text.
const TEXT = /[^\u0000-\u001f\u007f-\u009f]+/y;

const BY_FINAL: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  E: 'clear',
  M: 'enter',
};
const BY_NUMBER: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};
const BY_CODE: Readonly<Record<number, string>> = { 9: 'tab', 13: 'enter', 27: 'escape', 32: 'space', 127: 'backspace', 57414: 'enter' };

/**
 * Cuts what a terminal sends into keys, text and pastes. A sequence may be split over several chunks; a lone escape is known as the
 * Escape key only when nothing follows it for a while, which the caller decides by `flush`.
 */
export class KeyDecoder {
  #rest = '';
  #paste: string[] | undefined;

  /** True while an escape waits for what may follow it. */
  get waiting(): boolean {
    return this.#rest !== '' && this.#paste === undefined;
  }

  feed(chunk: string): KeyEvent[] {
    return this.#read(this.#rest + chunk, false);
  }

  /** Nothing followed: what waits is what it looks like. */
  flush(): KeyEvent[] {
    return this.#paste === undefined ? this.#read(this.#rest, true) : [];
  }

  #read(input: string, whole: boolean): KeyEvent[] {
    const events: KeyEvent[] = [];
    this.#rest = '';
    let at = 0;
    const press = (key: string, length: number) => {
      at += length;
      events.push({ kind: 'key', key, ...(at < input.length && { more: true }) });
    };
    while (at < input.length) {
      if (this.#paste) {
        const end = input.indexOf(PASTE_END, at);
        if (end < 0) {
          const kept = partLength(input, at);
          this.#paste.push(input.slice(at, input.length - kept));
          this.#rest = input.slice(input.length - kept);
          return events;
        }
        this.#paste.push(input.slice(at, end));
        events.push({ kind: 'paste', text: this.#paste.join('').replaceAll('\r\n', '\n').replaceAll('\r', '\n') });
        this.#paste = undefined;
        at = end + PASTE_END.length;
        continue;
      }
      const char = input.charAt(at);
      if (char !== '\u001b') {
        TEXT.lastIndex = at;
        const text = TEXT.exec(input)?.[0];
        if (text !== undefined) {
          events.push({ kind: 'text', text });
          at += text.length;
        } else if (char === '\r' && input.charAt(at + 1) === '\n') press('enter', 2);
        else if (char >= '\u0080') at += 1;
        else press(controlName(char), 1);
        continue;
      }
      const rest = input.slice(at, at + MAX_SEQUENCE);
      if (!whole && isOpen(rest)) {
        this.#rest = input.slice(at);
        return events;
      }
      const sequence = CSI.exec(rest);
      if (sequence) {
        const [all, parameters = '', final = ''] = sequence;
        if (final === '~' && parameters === '200') {
          this.#paste = [];
          at += all.length;
          continue;
        }
        const key = sequenceName(parameters, final);
        if (key === undefined) at += all.length;
        else press(key, all.length);
        continue;
      }
      const next = rest.charAt(1);
      if (next === 'O' && /[A-Z]/.test(rest.charAt(2))) {
        const key = BY_FINAL[rest.charAt(2)];
        if (key === undefined) at += 3;
        else press(key, 3);
      } else if (next === '' || next === '\u001b') press('escape', 1);
      else if (next < ' ' || next === '\u007f') press(withAlt(controlName(next)), 2);
      else {
        const letter = String.fromCodePoint(rest.codePointAt(1) ?? 0);
        press(`alt+${letter}`, 1 + letter.length);
      }
    }
    return events;
  }
}

/** True where more input could make another key of it. */
function isOpen(rest: string): boolean {
  if (rest.length >= MAX_SEQUENCE) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it reads.
  return /^\u001b(?:O?|\[[0-?]*[ -/]*)$/.test(rest);
}

/** How much of the end of the input may be the beginning of the end of a paste. */
function partLength(input: string, from: number): number {
  for (let length = Math.min(PASTE_END.length - 1, input.length - from); length > 0; length--) {
    if (input.endsWith(PASTE_END.slice(0, length))) return length;
  }
  return 0;
}

function controlName(char: string): string {
  switch (char) {
    case '\r':
    case '\n':
      return 'enter';
    case '\t':
      return 'tab';
    case '\b':
    case '\u007f':
      return 'backspace';
    case '\u0000':
      return 'ctrl+space';
    default:
      return `ctrl+${String.fromCharCode(char.charCodeAt(0) + 64).toLowerCase()}`;
  }
}

function withAlt(key: string): string {
  return key.startsWith('ctrl+') ? `ctrl+alt+${key.slice(5)}` : `alt+${key}`;
}

/** The key of a control sequence; undefined for one that is no key. */
function sequenceName(parameters: string, final: string): string | undefined {
  const [first = '', second = '', third = ''] = parameters.split(';');
  if (final === 'Z') return 'shift+tab';
  if (final === 'u') return codeName(Number.parseInt(first, 10), second);
  if (final === '~' && first === '27') return codeName(Number(third), second);
  const name = final === '~' ? BY_NUMBER[first] : BY_FINAL[final];
  return name === undefined ? undefined : modified(name, second);
}

function codeName(code: number, modifiers: string): string | undefined {
  if (!Number.isInteger(code) || code < 0 || code > 0x10ffff) return undefined;
  const name = BY_CODE[code] ?? (code >= 32 ? String.fromCodePoint(code).toLowerCase() : undefined);
  return name === undefined ? undefined : modified(name, modifiers);
}

/** `5` means Ctrl: the number is one more than its bits. */
function modified(name: string, modifiers: string): string {
  const bits = Math.max(0, (Number.parseInt(modifiers, 10) || 1) - 1);
  const shift = (bits & 1) !== 0 && name.length > 1;
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${shift ? 'shift+' : ''}${name}`;
}
