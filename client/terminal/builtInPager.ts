import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { displayWidth } from '../text/displayText.ts';

/** Lines that are taken from the writer beyond the screen before somebody scrolls there. */
const AHEAD = 500;
/** More is not held; the last line says so. */
const MAX_LINES = 200_000;
const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const KEYS = 'q leaves · space b scroll · ← → sideways · g G ends';

// biome-ignore lint/suspicious/noControlCharactersInRegex: keys that write no character begin with it.
const KEY = /\u001b(?:\[[\d;]*[A-Za-z~]|O[A-Z])?|[^\u001b]/gu;

type Action = 'quit' | 'down' | 'up' | 'pageDown' | 'pageUp' | 'start' | 'end' | 'left' | 'right';

const ACTIONS: Readonly<Record<string, Action>> = {
  q: 'quit',
  Q: 'quit',
  '\u0003': 'quit',
  '\u0004': 'quit',
  '\u001b': 'quit',
  j: 'down',
  '\r': 'down',
  '\n': 'down',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  k: 'up',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  ' ': 'pageDown',
  f: 'pageDown',
  '\u001b[6~': 'pageDown',
  b: 'pageUp',
  '\u001b[5~': 'pageUp',
  g: 'start',
  '\u001b[H': 'start',
  '\u001b[1~': 'start',
  G: 'end',
  '\u001b[F': 'end',
  '\u001b[4~': 'end',
  '\u001b[D': 'left',
  '\u001bOD': 'left',
  '\u001b[C': 'right',
  '\u001bOC': 'right',
};

/** A way to scroll through text where the system has no pager: whole lines without colours, taken as far as somebody scrolls. */
export class BuiltInPager {
  /** Takes the text. Waits while enough is ahead, and fails once the person has left. */
  readonly stream: Writable;
  /** Resolves when the person has left, or when all fits on one screen. */
  readonly shown: Promise<void>;
  readonly #stdin: ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #lines: string[] = [];
  /** The beginning of a line whose end has not come. */
  #partial = '';
  #ended = false;
  #left = false;
  #top = 0;
  #column = 0;
  /** The writer waits for this. */
  #waiting: ((error?: Error) => void) | undefined;
  #takesAll = false;
  #open = false;
  #resolve: () => void = () => undefined;
  #listeners: readonly { readonly event: string; readonly listener: (...values: unknown[]) => void }[] = [];
  readonly #onKey = (data: Buffer | string) => this.#press(String(data));
  readonly #onResize = () => this.#draw();

  constructor(stdin: ReadStream, stdout: NodeJS.WriteStream) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.shown = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.stream = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => this.#take(String(chunk), done),
      final: (done) => {
        done();
        this.#finish();
      },
    });
    this.stream.on('error', () => undefined);
  }

  get #height(): number {
    return Math.max(2, (this.#stdout.rows ?? 24) - 1);
  }

  #take(text: string, done: (error?: Error) => void): void {
    if (this.#left) {
      done(new Error('The reader has left.'));
      return;
    }
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) if (this.#lines.length < MAX_LINES) this.#lines.push(line);
    if (this.#lines.length === MAX_LINES) this.#lines.push('… and more, which is not held here.');
    if (!this.#open && this.#lines.length > this.#height) this.#enter();
    else if (this.#open) this.#draw();
    if (this.#hasEnough()) this.#waiting = done;
    else done();
  }

  #hasEnough(): boolean {
    return !this.#takesAll && this.#open && this.#lines.length > this.#top + this.#height + AHEAD;
  }

  #finish(): void {
    this.#ended = true;
    if (this.#partial !== '') this.#lines.push(this.#partial);
    if (this.#open) {
      this.#draw();
      return;
    }
    if (!this.#left) this.#stdout.write(this.#lines.map((line) => `${line}\n`).join(''));
    this.#resolve();
  }

  /** The keys are ours alone while the pager is on the screen. */
  #enter(): void {
    this.#open = true;
    this.#listeners = ['data', 'keypress', 'readable'].flatMap((event) =>
      this.#stdin.rawListeners(event).map((listener) => ({ event, listener: listener as (...values: unknown[]) => void })),
    );
    for (const { event, listener } of this.#listeners) this.#stdin.off(event, listener);
    this.#stdin.setRawMode(true);
    this.#stdin.on('data', this.#onKey);
    this.#stdin.resume();
    this.#stdout.on('resize', this.#onResize);
    this.#stdout.write(ENTER_SCREEN);
    this.#draw();
  }

  #leave(): void {
    this.#left = true;
    this.#stdout.off('resize', this.#onResize);
    this.#stdin.off('data', this.#onKey);
    this.#stdin.pause();
    this.#stdin.setRawMode(false);
    for (const { event, listener } of this.#listeners) this.#stdin.on(event, listener);
    this.#stdin.pause();
    this.#stdout.write(LEAVE_SCREEN);
    this.#waiting?.(new Error('The reader has left.'));
    this.#waiting = undefined;
    this.#resolve();
  }

  #press(text: string): void {
    for (const key of text.match(KEY) ?? []) {
      const action = ACTIONS[key];
      if (action === 'quit') {
        this.#leave();
        return;
      }
      if (action !== undefined) this.#move(action);
    }
    this.#draw();
    if (this.#waiting && !this.#hasEnough()) {
      const go = this.#waiting;
      this.#waiting = undefined;
      go();
    }
  }

  #move(action: Exclude<Action, 'quit'>): void {
    const half = Math.floor((this.#stdout.columns ?? 80) / 2);
    switch (action) {
      case 'down':
        this.#top += 1;
        break;
      case 'up':
        this.#top -= 1;
        break;
      case 'pageDown':
        this.#top += this.#height;
        break;
      case 'pageUp':
        this.#top -= this.#height;
        break;
      case 'start':
        this.#top = 0;
        break;
      case 'end':
        this.#takesAll = true;
        this.#top = Number.MAX_SAFE_INTEGER;
        break;
      case 'left':
        this.#column = Math.max(0, this.#column - half);
        break;
      case 'right':
        this.#column += half;
        break;
    }
  }

  #draw(): void {
    const last = Math.max(0, this.#lines.length - this.#height);
    const top = Math.max(0, Math.min(this.#top, last));
    // While more lines come, the wish to be at the end stays.
    if (!(this.#takesAll && !this.#ended && this.#top > last)) this.#top = top;
    const width = this.#stdout.columns ?? 80;
    const shown = this.#lines.slice(top, top + this.#height).map((line) => sliceColumns(line, this.#column, width));
    while (shown.length < this.#height) shown.push('~');
    const place = `${top + 1}–${Math.min(this.#lines.length, top + this.#height)} of ${this.#lines.length}${this.#ended ? '' : '+'}`;
    const status = sliceColumns(`lines ${place} · ${KEYS}`, 0, width - 1);
    this.#stdout.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join('\r\n')}\r\n\u001b[7m${status}\u001b[27m\u001b[K`);
  }
}

/** What is seen of a line through a window of some columns. */
function sliceColumns(line: string, from: number, width: number): string {
  let at = 0;
  let text = '';
  for (const char of line) {
    const next = at + displayWidth(char);
    if (at >= from && next <= from + width) text += char;
    else if (at < from && next > from) text += ' ';
    if (next > from + width) break;
    at = next;
  }
  return text;
}
