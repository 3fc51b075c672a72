import type { WireRow, WireValue } from './values.ts';

/**
 * A page of rows by columns: numbers, truths and NULLs as bytes, texts as one text after another. A page costs what its values need, is
 * read only as far as it is looked at, and goes through JSON, which knows no bytes, as base64 and a text.
 *
 * Head: magic, number of rows, number of columns (32 bits each). Directory: for each column what it holds (kind, width, whether it has
 * NULLs), where its data begin, and where its texts begin in the text. Data: with NULLs first one bit per row (1 is NULL). Whole numbers
 * are the least of them, as a double, and how far each is above it, in as few bytes as the farthest needs. Texts are their lengths, in
 * the same way without a least. NULLs are 0 or nothing. Bytes are in the order that all machines have which VS Code runs on; data begin
 * at multiples of 8.
 */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** An encoded frame in JSON. */
export interface WireFrame {
  /** The bytes in base64. */
  readonly data: string;
  readonly text: string;
}

/** Characters of a value that travel in a frame. A value that is longer is cut to one more, so that it is known to be a beginning. */
export const MAX_SHOWN_TEXT = 10_000;

const MAGIC = 0x3246434b;
const HEAD_WORDS = 3;
const ENTRY_WORDS = 3;
const MAX_WORD = 0xffff_ffff;

const KINDS = { nothing: 0, truth: 1, whole: 2, double: 3, text: 4, json: 5 } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];
type Width = 1 | 2 | 4;

export function encodeFrame(rows: readonly WireRow[], columnCount: number): EncodedFrame {
  const directory = new Uint32Array(HEAD_WORDS + ENTRY_WORDS * columnCount);
  directory.set([MAGIC, rows.length, columnCount]);
  const parts: Uint8Array[] = [bytesOf(directory)];
  let end = directory.byteLength;
  const add = (part: ArrayBufferView) => {
    const gap = -end & 7;
    if (gap > 0) parts.push(new Uint8Array(gap));
    parts.push(bytesOf(part));
    end += gap + part.byteLength;
  };
  const texts: string[] = [];
  let textEnd = 0;
  for (let column = 0; column < columnCount; column++) {
    const facts = factsOf(rows, column);
    const place = HEAD_WORDS + ENTRY_WORDS * column;
    directory[place + 1] = end + (-end & 7);
    directory[place + 2] = textEnd;
    if (facts.nulls && facts.kind !== KINDS.nothing) add(nullBits(rows, column));
    const { kind } = facts;
    let width: Width = 1;
    if (kind === KINDS.truth) add(Uint8Array.from(rows, (row) => (row[column] === true ? 1 : 0)));
    else if (kind === KINDS.double) add(doubles(rows, column));
    else if (kind === KINDS.whole) {
      width = widthOf(facts.greatest - facts.least);
      add(Float64Array.of(facts.least));
      add(distances(rows, column, facts.least, width));
    } else if (kind !== KINDS.nothing) {
      const lengths: number[] = [];
      let longest = 0;
      for (const row of rows) {
        const text = textOf(row[column] ?? null, kind);
        texts.push(text);
        lengths.push(text.length);
        textEnd += text.length;
        if (text.length > longest) longest = text.length;
      }
      width = widthOf(longest);
      add(arrayOf(lengths, width));
    }
    directory[place] = kind | (width << 8) | (facts.nulls ? 0x10000 : 0);
  }
  const bytes = new Uint8Array(end);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return { bytes, text: texts.join('') };
}

interface ColumnFacts {
  readonly kind: Kind;
  readonly nulls: boolean;
  readonly least: number;
  readonly greatest: number;
}

function factsOf(rows: readonly WireRow[], column: number): ColumnFacts {
  let nulls = false;
  let [truths, wholes, doubleCount, texts, others] = [0, 0, 0, 0, 0];
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const value = row[column] ?? null;
    if (value === null) nulls = true;
    else if (typeof value === 'string') texts++;
    else if (typeof value === 'boolean') truths++;
    else if (typeof value !== 'number' || !Number.isFinite(value)) others++;
    else if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      wholes++;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    } else doubleCount++;
  }
  const numbers = wholes + doubleCount;
  const count = truths + numbers + texts + others;
  let kind: Kind = KINDS.json;
  if (count === 0) kind = KINDS.nothing;
  else if (texts === count) kind = KINDS.text;
  else if (truths === count) kind = KINDS.truth;
  else if (numbers === count) kind = doubleCount === 0 && greatest - least <= MAX_WORD ? KINDS.whole : KINDS.double;
  return { kind, nulls, least, greatest };
}

function widthOf(greatest: number): Width {
  if (greatest < 0x100) return 1;
  return greatest < 0x10000 ? 2 : 4;
}

function arrayOf(values: readonly number[], width: Width): ArrayBufferView {
  if (width === 1) return Uint8Array.from(values);
  return width === 2 ? Uint16Array.from(values) : Uint32Array.from(values);
}

function distances(rows: readonly WireRow[], column: number, least: number, width: Width): ArrayBufferView {
  const array = width === 1 ? new Uint8Array(rows.length) : width === 2 ? new Uint16Array(rows.length) : new Uint32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]?.[column];
    if (typeof value === 'number') array[row] = value - least;
  }
  return array;
}

function doubles(rows: readonly WireRow[], column: number): Float64Array {
  const array = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]?.[column];
    if (typeof value === 'number') array[row] = value;
  }
  return array;
}

function nullBits(rows: readonly WireRow[], column: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rows.length / 8));
  for (let row = 0; row < rows.length; row++) {
    if ((rows[row]?.[column] ?? null) === null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}

function textOf(value: WireValue, kind: Kind): string {
  if (value === null) return '';
  if (kind === KINDS.text) return cutText(String(value));
  if (typeof value === 'string') return JSON.stringify(cutText(value));
  // JSON has no negative zero.
  const text = Object.is(value, -0) ? '-0' : JSON.stringify(value);
  return text.length > MAX_SHOWN_TEXT ? JSON.stringify(cutText(text)) : text;
}

function cutText(text: string): string {
  return text.length > MAX_SHOWN_TEXT ? text.slice(0, MAX_SHOWN_TEXT + 1) : text;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Rows that are read from a frame when they are looked at. */
export class ColumnFrame {
  readonly length: number;
  readonly #columns: FrameColumn[];
  readonly #rows: WireRow[] = [];

  /** Throws for bytes that are no frame. They begin with their buffer. */
  constructor({ bytes, text }: EncodedFrame) {
    const buffer = bytes.buffer as ArrayBuffer;
    const [magic = 0, rowCount = 0, columnCount = 0] = bytes.byteLength < 4 * HEAD_WORDS ? [] : new Uint32Array(buffer, 0, HEAD_WORDS);
    const headBytes = 4 * (HEAD_WORDS + ENTRY_WORDS * columnCount);
    if (magic !== MAGIC || headBytes > bytes.byteLength || bytes.byteOffset !== 0) throw new Error('These bytes are no rows.');
    const directory = new Uint32Array(buffer, 4 * HEAD_WORDS, ENTRY_WORDS * columnCount);
    this.length = rowCount;
    this.#columns = [];
    for (let place = 0; place < directory.length; place += ENTRY_WORDS) {
      const [entry = 0, start = 0, textStart = 0] = [directory[place], directory[place + 1], directory[place + 2]];
      this.#columns.push(new FrameColumn({ buffer, text, rowCount, entry, start, textStart }));
    }
  }

  row(index: number): WireRow | undefined {
    if (index < 0 || index >= this.length) return undefined;
    this.#rows[index] ??= this.#columns.map((column) => column.value(index));
    return this.#rows[index];
  }
}

interface ColumnParts {
  readonly buffer: ArrayBuffer;
  readonly text: string;
  readonly rowCount: number;
  readonly entry: number;
  readonly start: number;
  readonly textStart: number;
}

class FrameColumn {
  readonly #parts: ColumnParts;
  #nulls: Uint8Array | undefined;
  #read: ((row: number) => WireValue) | undefined;

  constructor(parts: ColumnParts) {
    this.#parts = parts;
  }

  value(row: number): WireValue {
    this.#read ??= this.#reader();
    if (this.#nulls !== undefined && ((this.#nulls[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) return null;
    return this.#read(row);
  }

  #reader(): (row: number) => WireValue {
    const { buffer, rowCount, entry, start, textStart } = this.#parts;
    const [kind, width] = [entry & 0xff, (entry >> 8) & 0xff];
    if (kind === KINDS.nothing) return () => null;
    const nullBytes = (entry & 0x10000) === 0 ? 0 : Math.ceil(rowCount / 8);
    if (nullBytes > 0) this.#nulls = new Uint8Array(buffer, start, nullBytes);
    const first = start + nullBytes + (-(start + nullBytes) & 7);
    if (kind === KINDS.truth) {
      const values = new Uint8Array(buffer, first, rowCount);
      return (row) => values[row] === 1;
    }
    if (kind === KINDS.double) {
      const values = new Float64Array(buffer, first, rowCount);
      return (row) => values[row] ?? null;
    }
    if (kind === KINDS.whole) {
      const [least = 0] = new Float64Array(buffer, first, 1);
      const above = unsigned(buffer, first + 8, rowCount, width);
      return (row) => least + (above[row] ?? 0);
    }
    const text = this.#texts(unsigned(buffer, first, rowCount, width), textStart);
    return kind === KINDS.text ? text : (row) => JSON.parse(text(row)) as WireValue;
  }

  #texts(lengths: ArrayLike<number>, textStart: number): (row: number) => string {
    const { rowCount, text } = this.#parts;
    const ends = new Uint32Array(rowCount);
    let end = textStart;
    for (let row = 0; row < rowCount; row++) {
      end += lengths[row] ?? 0;
      ends[row] = end;
    }
    return (row) => text.slice(row === 0 ? textStart : ends[row - 1], ends[row]);
  }
}

function unsigned(buffer: ArrayBuffer, start: number, count: number, width: number): ArrayLike<number> {
  if (width === 1) return new Uint8Array(buffer, start, count);
  return width === 2 ? new Uint16Array(buffer, start, count) : new Uint32Array(buffer, start, count);
}
