import { columnOf, lineEnd, lineStart, nextPlace, nextWordEnd, placeInColumn, previousPlace, previousWordStart } from './textMoves.ts';

const MAX_KILLS = 20;
/** Characters that all remembered texts together may have. */
const MAX_UNDO = 4_000_000;
const MAX_UNDO_STEPS = 1_000;

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** What the last action was: alike ones in a row are undone together, and kills in a row are one piece. */
type Action = 'none' | 'type' | 'erase' | 'kill' | 'yank' | 'vertical';

/** A text with a cursor, with undo and a ring of what was killed. Line feeds part its lines. */
export class EditBuffer {
  #text = '';
  #cursor = 0;
  #last: Action = 'none';
  #goal = 0;
  #undo: Snapshot[] = [];
  #redo: Snapshot[] = [];
  readonly #kills: string[] = [];
  #yanked: { readonly start: number; readonly index: number } | undefined;

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Another text, which can be undone. */
  set(text: string, cursor = text.length): void {
    if (text !== this.#text) this.#remember('none');
    this.#put(text, cursor, 'none');
  }

  /** A new text with nothing to undo; what was killed stays. */
  reset(text = ''): void {
    this.#undo = [];
    this.#redo = [];
    this.#put(text, text.length, 'none');
  }

  insert(text: string): void {
    if (text === '') return;
    const isWord = text.length === 1 && /\S/.test(text);
    this.#remember(isWord ? 'type' : 'none');
    this.#splice(this.#cursor, this.#cursor, text, isWord ? 'type' : 'none');
  }

  replace(start: number, end: number, text: string): void {
    this.#remember('none');
    this.#splice(start, end, text, 'none');
  }

  eraseBackward(): boolean {
    return this.#erase(previousPlace(this.#text, this.#cursor), this.#cursor);
  }

  eraseForward(): boolean {
    return this.#erase(this.#cursor, nextPlace(this.#text, this.#cursor));
  }

  moveTo(place: number): boolean {
    const cursor = Math.max(0, Math.min(place, this.#text.length));
    const moved = cursor !== this.#cursor;
    this.#cursor = cursor;
    this.#last = 'none';
    return moved;
  }

  /** To the line above or below, in the column where the first of such moves began; false where there is none. */
  moveLine(direction: -1 | 1): boolean {
    const edge = direction < 0 ? lineStart(this.#text, this.#cursor) : lineEnd(this.#text, this.#cursor);
    if (direction < 0 ? edge === 0 : edge === this.#text.length) return false;
    if (this.#last !== 'vertical') this.#goal = columnOf(this.#text, this.#cursor);
    this.#cursor = placeInColumn(this.#text, edge + direction, this.#goal);
    this.#last = 'vertical';
    return true;
  }

  /** Takes out a piece that has the cursor at one end, and keeps it for `yank`. */
  killTo(place: number): boolean {
    const start = Math.min(place, this.#cursor);
    const end = Math.max(place, this.#cursor);
    if (start === end) return false;
    const piece = this.#text.slice(start, end);
    const isMore = this.#last === 'kill' && this.#kills.length > 0;
    this.#remember('kill');
    if (isMore) this.#kills[0] = place < this.#cursor ? piece + this.#kills[0] : this.#kills[0] + piece;
    else this.#kills.unshift(piece);
    this.#kills.splice(MAX_KILLS);
    this.#splice(start, end, '', 'kill');
    return true;
  }

  yank(): boolean {
    const piece = this.#kills[0];
    if (piece === undefined) return false;
    this.#remember('none');
    this.#yanked = { start: this.#cursor, index: 0 };
    this.#splice(this.#cursor, this.#cursor, piece, 'yank');
    return true;
  }

  /** Puts an older kill in place of the one that was just inserted. */
  yankOlder(): boolean {
    if (this.#last !== 'yank' || !this.#yanked) return false;
    const index = (this.#yanked.index + 1) % this.#kills.length;
    const { start } = this.#yanked;
    this.#yanked = { start, index };
    this.#splice(start, this.#cursor, this.#kills[index] ?? '', 'yank');
    return true;
  }

  /** Swaps the letters around the cursor; at the end of a line, the last two. */
  transpose(): boolean {
    const text = this.#text;
    const start = lineStart(text, this.#cursor);
    const end = lineEnd(text, this.#cursor);
    const middle = this.#cursor === end ? previousPlace(text, this.#cursor) : this.#cursor;
    if (middle <= start || middle >= end) return false;
    const before = previousPlace(text, middle);
    const after = nextPlace(text, middle);
    this.replace(before, after, text.slice(middle, after) + text.slice(before, middle));
    return true;
  }

  /** Swaps the word at the cursor with the one before it. */
  transposeWords(): boolean {
    const text = this.#text;
    const secondEnd = nextWordEnd(text, this.#cursor);
    const secondStart = previousWordStart(text, secondEnd);
    const firstStart = previousWordStart(text, secondStart);
    const firstEnd = nextWordEnd(text, firstStart);
    if (firstEnd > secondStart || secondStart >= secondEnd) return false;
    const between = text.slice(firstEnd, secondStart);
    this.replace(firstStart, secondEnd, text.slice(secondStart, secondEnd) + between + text.slice(firstStart, firstEnd));
    return true;
  }

  /** Changes the letters up to the end of the word. */
  changeWord(change: (word: string) => string): boolean {
    const end = nextWordEnd(this.#text, this.#cursor);
    if (end === this.#cursor) return false;
    this.replace(this.#cursor, end, change(this.#text.slice(this.#cursor, end)));
    return true;
  }

  undo(): boolean {
    return this.#restore(this.#undo, this.#redo);
  }

  redo(): boolean {
    return this.#restore(this.#redo, this.#undo);
  }

  #erase(start: number, end: number): boolean {
    if (start === end) return false;
    this.#remember('erase');
    this.#splice(start, end, '', 'erase');
    return true;
  }

  #splice(start: number, end: number, text: string, action: Action): void {
    this.#put(this.#text.slice(0, start) + text + this.#text.slice(end), start + text.length, action);
  }

  #put(text: string, cursor: number, action: Action): void {
    this.#text = text;
    this.#cursor = Math.max(0, Math.min(cursor, text.length));
    this.#last = action;
  }

  /** Before a change; not again for what goes on with the last one. */
  #remember(action: Action): void {
    this.#redo = [];
    if (action !== 'none' && action === this.#last) return;
    this.#undo.push({ text: this.#text, cursor: this.#cursor });
    let length = 0;
    const tooOld = this.#undo.findLastIndex(({ text }) => {
      length += text.length;
      return length > MAX_UNDO;
    });
    this.#undo.splice(0, Math.max(tooOld + 1, this.#undo.length - MAX_UNDO_STEPS));
  }

  #restore(from: Snapshot[], to: Snapshot[]): boolean {
    const snapshot = from.pop();
    if (!snapshot) return false;
    to.push({ text: this.#text, cursor: this.#cursor });
    this.#put(snapshot.text, snapshot.cursor, 'none');
    return true;
  }
}
