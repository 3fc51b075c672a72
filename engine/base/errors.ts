/** A closed set: the statement, the caller's abort, a time limit, a configured limit, something not there, or our own mistake. */
export type ErrorCode = 'sql' | 'cancelled' | 'timeout' | 'limit' | 'unavailable' | 'bug';

/** Zero-based UTF-16 code units in the text given to `run`; `length` is at least 1. */
export interface ErrorPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What the caller can do at once: run the statement again. */
export type Remedy = 'runAgain';

/** A `$name` without a value. */
export interface MissingParameter {
  readonly name: string;
  readonly type?: string;
}

export interface ErrorDetail {
  readonly position?: ErrorPosition;
  readonly candidates?: readonly string[];
  /** The setting to change, for `limit`. */
  readonly setting?: string;
  readonly remedy?: Remedy;
  /** Parameters that have no value, with the type that DuckDB would take. */
  readonly missing?: readonly MissingParameter[];
  readonly cause?: unknown;
}

/** The only error that leaves the engine. */
export class KodiakError extends Error {
  readonly code: ErrorCode;
  readonly position: ErrorPosition | undefined;
  readonly candidates: readonly string[];
  readonly setting: string | undefined;
  readonly remedy: Remedy | undefined;
  readonly missing: readonly MissingParameter[];

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'KodiakError';
    this.code = code;
    this.position = detail.position;
    this.candidates = detail.candidates ?? [];
    this.setting = detail.setting;
    this.remedy = detail.remedy;
    this.missing = detail.missing ?? [];
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether DuckDB could not read the statement, rather than found something in it that is not so. */
export function isSyntaxError({ message }: { readonly message: string }): boolean {
  return message.startsWith('Parser Error');
}

/** A script that stopped: the failure of one statement, with the results of those before it (the caller releases them). */
export class ScriptError<Result> extends KodiakError {
  readonly results: readonly Result[];
  readonly statementIndex: number;

  constructor(failure: KodiakError, results: readonly Result[], statementIndex: number) {
    super(failure.code, failure.message, {
      candidates: failure.candidates,
      missing: failure.missing,
      cause: failure.cause ?? failure,
      ...(failure.position && { position: failure.position }),
      ...(failure.setting && { setting: failure.setting }),
    });
    this.name = 'ScriptError';
    this.results = results;
    this.statementIndex = statementIndex;
  }
}
