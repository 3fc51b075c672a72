import type { RequestDescriptor } from './requests.ts';

/** A cell of a script that no editor has open. */
export interface ScriptCell {
  readonly sql: string;
  /** Later cells read the rows of its last statement under this name. */
  readonly resultName?: string;
}

export interface CheckScriptParams {
  /** A notebook's code cells in their order, or the one text of a file. */
  readonly cells: readonly ScriptCell[];
  /** Absolute folder against which relative file paths are read. */
  readonly cwd: string;
}

/** What is wrong in a cell. Offsets are UTF-16 code units of its text. */
export interface ScriptFinding {
  readonly severity: 'error' | 'info';
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

export interface CheckScriptResult {
  /** For each cell, in the order of the text. */
  readonly cells: readonly (readonly ScriptFinding[])[];
}

export interface FormatScriptParams {
  readonly sql: string;
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

export interface FormatScriptResult {
  readonly sql: string;
  /** A sentence when something is too long to be formatted. */
  readonly refusal?: string;
}

/** What the language server would say of texts; runs nothing. */
export const checkScript: RequestDescriptor<CheckScriptParams, CheckScriptResult> = { method: 'kodiak/checkScript' };
/** The text as the language server lays it out; what is no SQL stays as it is. */
export const formatScript: RequestDescriptor<FormatScriptParams, FormatScriptResult> = { method: 'kodiak/formatScript' };
