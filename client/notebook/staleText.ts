import { basename, dirname, relative } from 'node:path';
import type { WireSourceChange } from '../../server/protocol/freshness.ts';
import type { CellState, StaleReason } from './staleCells.ts';

/** How to call what a reason speaks of. */
export interface ReasonNames {
  /** Of the cell at that place among the notebook's code cells. */
  readonly cell: (index: number) => string;
  /** Of the cell whose run that was, if it is one of this notebook. */
  readonly origin: (runId: string) => string | undefined;
  /** The notebook's own session. */
  readonly sessionId: string;
  /** Files below it are called by their path in it. */
  readonly folder: string | undefined;
}

/** A state in a few words, and in sentences for those who point at it. */
export interface StateText {
  readonly text: string;
  readonly detail: string;
}

/** What the line below a cell says of its output; undefined where nothing is to be said. */
export function stateText(state: CellState, names: ReasonNames): StateText | undefined {
  switch (state.kind) {
    case 'neverRun':
    case 'failed':
    case 'done':
      return undefined;
    case 'fresh':
      return { text: 'fresh', detail: 'What this result was computed from is proved to be unchanged.' };
    case 'unknown':
      if (state.passing) return undefined;
      return { text: `may differ: ${state.reason}`, detail: `Whether a run would give the same is not known: ${state.reason}.` };
    case 'stale': {
      const reason = reasonText(state.reason, names);
      const { reason: stale } = state;
      const statement = stale.kind === 'changed' && stale.change.by ? `\nThe statement: ${stale.change.by.sql}` : '';
      return { text: `stale: ${reason}`, detail: `This result is out of date: ${reason}.${statement}` };
    }
  }
}

function reasonText(reason: StaleReason, names: ReasonNames): string {
  switch (reason.kind) {
    case 'edited':
      return "the cell's text was edited";
    case 'builtOn':
      return `${names.cell(reason.cell)}, which it depends on, is stale`;
    case 'changed':
      return changeText(reason.change, names);
  }
}

function changeText(change: WireSourceChange, names: ReasonNames): string {
  const { kind, name = '' } = change;
  const by = authorText(change, names);
  switch (kind) {
    case 'table':
      return `${tableText(name)} was changed by ${by}`;
    case 'database':
      return `tables of ${name} were changed by ${by}`;
    case 'file':
      return `${fileText(name, names.folder)} changed on disk at ${clockTime(change.at)}`;
    case 'names':
      return `a name or setting that it uses was changed by ${by}`;
    case 'anything':
      return `anything may have been changed by ${by}`;
  }
}

function authorText({ by }: WireSourceChange, names: ReasonNames): string {
  if (by === undefined) return 'something outside of Kodiak';
  const cell = by.origin === undefined ? undefined : names.origin(by.origin);
  if (cell !== undefined) return cell;
  if (by.session === names.sessionId) return 'this notebook';
  if (by.session.startsWith('terminal-')) return 'a terminal';
  const file = /^[a-z][a-z0-9+.-]+:.*?([^/\\]+)$/i.exec(by.session)?.[1];
  return file === undefined ? by.session : decoded(file);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A table or `file:<path>` as people call it. */
export function nameText(name: string, folder: string | undefined): string {
  return name.startsWith('file:') ? fileText(name.slice('file:'.length), folder) : tableText(name);
}

/** The database is left out: nearly always there is one. */
function tableText(name: string): string {
  const [kind, own] = name.split(':');
  if (own !== undefined) return kind === 'result' ? `the result ${own}` : `the variable ${own}`;
  const [catalog = '', ...rest] = name.split('.');
  if (/^temp of session \d+$/.test(catalog)) return `the temporary table ${rest.at(-1)}`;
  return rest.length > 1 ? rest.join('.') : name;
}

function fileText(name: string, folder: string | undefined): string {
  const pattern = /^names like (.*) in (.*)$/.exec(name);
  if (pattern) return `the list of files ${pattern[1]} in ${short(pattern[2] ?? '', folder)}`;
  return short(name, folder);
}

function short(path: string, folder: string | undefined): string {
  const below = folder === undefined ? path : relative(folder, path);
  if (below === '') return basename(path);
  return below.startsWith('..') ? (dirname(path) === '/' ? path : basename(path)) : below.replaceAll('\\', '/');
}

function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}
