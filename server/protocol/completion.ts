import type { RequestDescriptor } from './requests.ts';

export interface CompleteSqlParams {
  /** What is being written, with the dot commands of a terminal if it has some. */
  readonly text: string;
  /** Of the cursor, in UTF-16 code units, as all offsets. */
  readonly offset: number;
  /** Whose temporary objects and `USE` count. */
  readonly sessionId: string;
  /** Absolute folder against which relative file paths are read. */
  readonly cwd: string;
}

export interface SqlCompletion {
  readonly label: string;
  /** `table`, `column`, `keyword`, `function`, `file` … */
  readonly kind: string;
  /** A type, a signature, where it comes from. */
  readonly detail?: string;
  /** Plain text that replaces what is between `start` and `end`. */
  readonly insert: string;
  /** Text to write elsewhere as well. */
  readonly also?: { readonly offset: number; readonly text: string };
}

export interface CompleteSqlResult {
  /** The likeliest first. */
  readonly items: readonly SqlCompletion[];
  readonly start: number;
  readonly end: number;
}

/** What may be written at the cursor, as the language server offers it to editors; nothing in a text that is too long for it. */
export const completeSql: RequestDescriptor<CompleteSqlParams, CompleteSqlResult> = { method: 'kodiak/completeSql' };
