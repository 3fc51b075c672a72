import { KodiakError, messageOf } from '../base/errors.ts';

/** What DuckDB says of an error when `errors_as_json` is on. */
interface DuckdbFailure {
  readonly type: string;
  readonly message: string;
  /** UTF-8 bytes, or code points for parser errors. */
  readonly position: number | undefined;
  /** The unknown name, where the error is about one. */
  readonly name: string | undefined;
  readonly candidates: readonly string[];
}

/** Where DuckDB's text came from: `text` was executed, and its offset `n` stands at `toScript(n)` of the user's script. */
export interface FailureOrigin {
  readonly text: string;
  readonly script: string;
  toScript(offset: number): number;
}

/**
 * Translates anything that DuckDB throws. `origin` makes positions possible; without it the error has none.
 * Interrupts become `cancelled`, memory and disk limits `limit`, locks and missing files of the database `unavailable`.
 */
export function translateFailure(thrown: unknown, origin?: FailureOrigin): KodiakError {
  if (thrown instanceof KodiakError) return thrown;
  const failure = readFailure(messageOf(thrown));
  const text = `${failure.type} Error: ${failure.message}`;
  switch (failure.type) {
    case 'INTERRUPT':
    case 'Interrupt':
      return new KodiakError('cancelled', 'The query was cancelled.', { cause: thrown });
    case 'Out of Memory':
      return new KodiakError(
        'limit',
        `The query needs more memory than kodiak.memory.limitMegabytes allows, and could not spill to disk. ${failure.message}`,
        { setting: 'kodiak.memory.limitMegabytes', cause: thrown },
      );
    case 'INTERNAL':
    case 'FATAL':
      if (/database has been invalidated/i.test(failure.message)) return invalidatedError(failure.message, thrown);
      return new KodiakError('bug', `DuckDB reports a fault of its own: ${text}`, { cause: thrown });
    default:
      break;
  }
  if (/Could not set lock on file|Conflicting lock is held/.test(failure.message)) return lockedError(failure.message, thrown);
  const position = origin && locate(failure, origin);
  return new KodiakError('sql', text, { cause: thrown, candidates: failure.candidates, ...(position && { position }) });
}

/** After a fatal fault DuckDB refuses every statement, of all connections, until the database is opened anew. */
function invalidatedError(message: string, cause: unknown): KodiakError {
  const original = /Original error: "(.*)"/s.exec(message)?.[1];
  return new KodiakError(
    'unavailable',
    'DuckDB has closed the database after a fatal fault of its own, and nothing can run until it is opened again: restart the server ' +
      `("Kodiak: Restart the Server"). What was committed is kept.${original ? ` The fault was: ${original}` : ''}`,
    { cause },
  );
}

function lockedError(message: string, cause: unknown): KodiakError {
  const file = /lock on file "([^"]+)"/.exec(message)?.[1] ?? 'The database file';
  const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
  const who = holder ? `${holder[1]} (process ${holder[2]})` : 'another program';
  return new KodiakError(
    'unavailable',
    `${file} is locked by ${who}. Close it there, or open the file read-only in both programs (kodiak.database.readOnly). DuckDB says: ${message}`,
    { cause },
  );
}

function readFailure(message: string): DuckdbFailure {
  const json = /(\{"exception_type".*\})\s*$/s.exec(message)?.[1];
  if (json) {
    try {
      const fields = JSON.parse(json) as Record<string, string | undefined>;
      const position = Number(fields['position']);
      return {
        type: fields['exception_type'] ?? 'Unknown',
        message: fields['exception_message'] ?? message,
        position: fields['position'] !== undefined && Number.isSafeInteger(position) ? position : undefined,
        name: fields['name'],
        candidates: (fields['candidates'] ?? '')
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      };
    } catch {
      // Not JSON after all: read as plain text below.
    }
  }
  const plain = /^([A-Za-z ]+?) Error: (.*)$/s.exec(message);
  return { type: plain?.[1] ?? 'DuckDB', message: plain?.[2] ?? message, position: undefined, name: undefined, candidates: [] };
}

function locate(failure: DuckdbFailure, origin: FailureOrigin) {
  if (failure.position === undefined) return undefined;
  const offset =
    failure.type === 'Parser' ? fromCodePoints(origin.text, failure.position) : fromUtf8Bytes(plainSpaces(origin.text), failure.position);
  if (offset === undefined) return undefined;
  // An error inside a view has its position in the view's own text: believe it only where the unknown name really stands.
  const near = origin.text
    .slice(offset, offset + 2 * (failure.name?.length ?? 0) + 200)
    .toLowerCase()
    .replaceAll('""', '"');
  if (failure.name && !near.includes(lastPart(failure.name).toLowerCase())) return undefined;
  const length = tokenLength(origin.text, offset);
  return positionIn(origin.script, origin.toScript(offset), length);
}

/** The place of an offset in a text as line and column; all zero-based UTF-16 code units. */
function positionIn(script: string, offset: number, length: number) {
  const at = Math.max(0, Math.min(offset, script.length));
  const before = script.slice(0, at);
  const line = before.split(/\r\n|\r|\n/).length - 1;
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { offset: at, line, column: at - lineStart, length: Math.max(1, length) };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A name with its qualifiers, a quoted piece, a number or one character. */
function tokenLength(text: string, offset: number): number {
  const rest = text.slice(offset, offset + 10_000);
  const match = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}\p{N}_$]+(?:\.(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*"))*)/u.exec(rest);
  return match?.[0].length ?? 1;
}

/** As DuckDB reads a text: with plain spaces for Unicode's, outside of quotes and comments. They are shorter in UTF-8. */
function plainSpaces(text: string): string {
  if (!/[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]/.test(text)) return text;
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]/g, (piece) =>
    piece.length === 1 ? ' ' : piece,
  );
}

/** UTF-16 offset of the byte at `bytes` of the text's UTF-8 form; `undefined` beyond its end. */
function fromUtf8Bytes(text: string, bytes: number): number | undefined {
  let seen = 0;
  let offset = 0;
  for (const char of text) {
    if (seen >= bytes) return offset;
    seen += utf8Length(char.codePointAt(0) ?? 0);
    offset += char.length;
  }
  return seen >= bytes ? offset : undefined;
}

/** UTF-16 offset of the code point with index `count`; `undefined` beyond the text's end. */
function fromCodePoints(text: string, count: number): number | undefined {
  let seen = 0;
  let offset = 0;
  for (const char of text) {
    if (seen >= count) return offset;
    seen++;
    offset += char.length;
  }
  return seen >= count ? offset : undefined;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
