import type { WireRow, WireValue } from './values.ts';

/**
 * A page of rows by columns, in bytes. Numbers, truths and texts are typed arrays or one text for the whole column, anything else is JSON:
 * what a page costs is then mostly what its values need, and a column that nobody looks at is not read.
 *
 * Head: magic, number of rows, number of columns (32 bits each). Directory: for each column its kind, whether it has NULLs, and the
 * places where its data begins and ends. Data: with NULLs first one bit per row (1 is NULL); then the values, those that are NULL as 0 or
 * as nothing. Texts have the place of each end, in UTF-16 code units of the text that the column's UTF-8 makes. Numbers of the machine's
 * own byte order, which is the same on all that VS Code runs on; all data begin at multiples of 8.
 */

/** Characters of a value that travel in a frame. A value that is longer is cut to one more, so that it is known to be a beginning. */
export const MAX_SHOWN_TEXT = 10_000;

const MAGIC = 0x3146434b;
const HEAD_BYTES = 12;
const ENTRY_BYTES = 12;

const KINDS = { nothing: 0, truth: 1, integer: 2, double: 3, text: 4, json: 5 } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** Texts that UTF-8 cannot hold. */
const HALF_CHARACTER = /\p{Surrogate}/u;

export function encodeFrame(rows: readonly WireRow[], columnCount: number): Uint8Array {
  const directory = new Uint32Array(3 + 3 * columnCount);
  directory.set([MAGIC, rows.length, columnCount]);
  const parts: Uint8Array[] = [];
  let end = HEAD_BYTES + columnCount * ENTRY_BYTES;
  const add = (part: Uint8Array) => {
    const start = end + 7 - ((end + 7) % 8);
    if (start > end) parts.push(new Uint8Array(start - end));
    parts.push(part);
    end = start + part.byteLength;
    return start;
  };
  for (let column = 0; column < columnCount; column++) {
    const values = rows.map((row) => row[column] ?? null);
    const { kind, nulls, data } = encodeColumn(values);
    const start = add(nulls ?? data[0] ?? EMPTY);
    for (const part of nulls ? data : data.slice(1)) add(part);
    directory.set([kind | (nulls ? 0x100 : 0), start, end], 3 + 3 * column);
  }
  const bytes = new Uint8Array(end);
  bytes.set(bytesOf(directory));
  let at = HEAD_BYTES + columnCount * ENTRY_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

const EMPTY = new Uint8Array(0);

interface EncodedColumn {
  readonly kind: Kind;
  readonly nulls: Uint8Array | undefined;
  readonly data: readonly Uint8Array[];
}

function encodeColumn(values: readonly WireValue[]): EncodedColumn {
  const kind = kindOf(values);
  const nulls = kind !== KINDS.nothing && values.includes(null) ? nullBits(values) : undefined;
  switch (kind) {
    case KINDS.nothing:
      return { kind, nulls, data: [] };
    case KINDS.truth:
      return { kind, nulls, data: [Uint8Array.from(values, (value) => (value === true ? 1 : 0))] };
    case KINDS.integer:
      return { kind, nulls, data: [bytesOf(Int32Array.from(values, Number))] };
    case KINDS.double:
      return { kind, nulls, data: [bytesOf(Float64Array.from(values, Number))] };
    case KINDS.text: {
      const data = encodeTexts(values.map((value) => (value === null ? '' : cutText(String(value)))));
      return data === undefined ? encodeJson(values, nulls) : { kind, nulls, data };
    }
    case KINDS.json:
      return encodeJson(values, nulls);
  }
}

/** JSON escapes whatever UTF-8 cannot hold. */
function encodeJson(values: readonly WireValue[], nulls: Uint8Array | undefined): EncodedColumn {
  const texts = values.map((value) => (value === null ? '' : jsonText(value)));
  return { kind: KINDS.json, nulls, data: encodeTexts(texts) ?? [] };
}

function jsonText(value: WireValue): string {
  if (typeof value === 'string') return JSON.stringify(cutText(value));
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN_TEXT ? JSON.stringify(cutText(text)) : text;
}

function cutText(text: string): string {
  return text.length > MAX_SHOWN_TEXT ? text.slice(0, MAX_SHOWN_TEXT + 1) : text;
}

function kindOf(values: readonly WireValue[]): Kind {
  let kind: Kind = KINDS.nothing;
  for (const value of values) {
    if (value === null) continue;
    const own = kindOfValue(value);
    if (kind === KINDS.nothing || kind === own) kind = own;
    else if (isNumber(kind) && isNumber(own)) kind = KINDS.double;
    else return KINDS.json;
  }
  return kind;
}

function isNumber(kind: Kind): boolean {
  return kind === KINDS.integer || kind === KINDS.double;
}

function kindOfValue(value: WireValue): Kind {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Object.is(value, -0)) return KINDS.json;
    return (value | 0) === value ? KINDS.integer : KINDS.double;
  }
  if (typeof value === 'string') return KINDS.text;
  return typeof value === 'boolean' ? KINDS.truth : KINDS.json;
}

function nullBits(values: readonly WireValue[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [index, value] of values.entries()) if (value === null) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}

/** Where each text ends, and all of them; undefined where UTF-8 would change one. */
function encodeTexts(texts: readonly string[]): Uint8Array[] | undefined {
  const whole = texts.join('');
  if (HALF_CHARACTER.test(whole)) return undefined;
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += text.length;
    ends[index] = end;
  }
  return [bytesOf(ends), new TextEncoder().encode(whole)];
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Rows that are read from a frame when they are looked at. */
export class ColumnFrame {
  readonly length: number;
  readonly #columns: FrameColumn[];
  readonly #rows: WireRow[] = [];

  /** Throws for bytes that are no frame. */
  constructor(bytes: ArrayBuffer) {
    const head = bytes.byteLength >= HEAD_BYTES ? new Uint32Array(bytes, 0, 3) : new Uint32Array(3);
    const [magic = 0, rowCount = 0, columnCount = 0] = head;
    if (magic !== MAGIC || HEAD_BYTES + columnCount * ENTRY_BYTES > bytes.byteLength) throw new Error('These bytes are no rows.');
    const directory = new Uint32Array(bytes, HEAD_BYTES, 3 * columnCount);
    this.length = rowCount;
    this.#columns = Array.from({ length: columnCount }, (_, column) => {
      const [entry = 0, start = 0, end = 0] = directory.subarray(3 * column, 3 * column + 3);
      return new FrameColumn(bytes, rowCount, entry, start, end);
    });
  }

  row(index: number): WireRow | undefined {
    if (index < 0 || index >= this.length) return undefined;
    this.#rows[index] ??= this.#columns.map((column) => column.value(index));
    return this.#rows[index];
  }
}

class FrameColumn {
  readonly #kind: number;
  readonly #nulls: Uint8Array | undefined;
  readonly #bytes: ArrayBuffer;
  readonly #rowCount: number;
  readonly #start: number;
  readonly #end: number;
  #read: ((row: number) => WireValue) | undefined;

  constructor(bytes: ArrayBuffer, rowCount: number, entry: number, start: number, end: number) {
    this.#bytes = bytes;
    this.#rowCount = rowCount;
    this.#kind = entry & 0xff;
    const nullBytes = (entry & 0x100) === 0 ? 0 : Math.ceil(rowCount / 8);
    this.#nulls = nullBytes === 0 ? undefined : new Uint8Array(bytes, start, nullBytes);
    this.#start = nullBytes === 0 ? start : start + nullBytes + 7 - ((start + nullBytes + 7) % 8);
    this.#end = end;
  }

  value(row: number): WireValue {
    if (((this.#nulls?.[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) return null;
    this.#read ??= this.#reader();
    return this.#read(row);
  }

  #reader(): (row: number) => WireValue {
    switch (this.#kind) {
      case KINDS.truth: {
        const values = new Uint8Array(this.#bytes, this.#start, this.#rowCount);
        return (row) => values[row] === 1;
      }
      case KINDS.integer: {
        const values = new Int32Array(this.#bytes, this.#start, this.#rowCount);
        return (row) => values[row] ?? null;
      }
      case KINDS.double: {
        const values = new Float64Array(this.#bytes, this.#start, this.#rowCount);
        return (row) => values[row] ?? null;
      }
      case KINDS.text:
        return this.#texts();
      case KINDS.json: {
        const text = this.#texts();
        return (row) => JSON.parse(text(row)) as WireValue;
      }
      default:
        return () => null;
    }
  }

  #texts(): (row: number) => string {
    const ends = new Uint32Array(this.#bytes, this.#start, this.#rowCount);
    const first = this.#start + 4 * this.#rowCount;
    const aligned = first + 7 - ((first + 7) % 8);
    // A text that begins with a byte order mark keeps it.
    const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(this.#bytes, aligned, this.#end - aligned));
    return (row) => whole.slice(ends[row - 1] ?? 0, ends[row]);
  }
}
