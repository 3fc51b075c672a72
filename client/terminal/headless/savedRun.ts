import { createHash } from 'node:crypto';
import type { StatementOutcome } from '../../../server/protocol/requests.ts';
import type { WireColumn } from '../../../server/protocol/values.ts';
import { givesRows } from '../../notebook/resultOutput.ts';
import type { CellOutcome, CellState } from './cellOutcome.ts';
import type { SourcePrint, SourcePrints } from './sourcePrints.ts';

export const SAVED_FORMAT = 'kodiak-run/1';

/** What `--save` writes, as JSON. */
export interface SavedRun {
  readonly format: typeof SAVED_FORMAT;
  /** The notebook's file name. */
  readonly notebook: string;
  readonly ranAt: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly cells: readonly SavedCell[];
}

export interface SavedCell {
  /** Its place in the notebook, from 1. */
  readonly cell: number;
  readonly title?: string;
  readonly name?: string;
  /** SHA-256 of its text. */
  readonly text: string;
  readonly status: CellState;
  /** Of each statement that gave rows. */
  readonly results: readonly SavedResult[];
  /** What its statements read; null where that cannot be known. */
  readonly sources: readonly SourcePrint[] | null;
  /** SHA-256 of `results` and `sources`. */
  readonly fingerprint: string;
}

export interface SavedResult {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  /** Of columns and all rows, in any order of the rows. */
  readonly digest: string;
}

/** A cell whose answer or sources are not those that were saved. */
export interface StaleCell {
  /** `cell 3`, or `the cell "Orders per day"`. */
  readonly cell: string;
  readonly reasons: readonly string[];
}

/** Sums up what a cell gave. Its results must still be held. */
export async function savedCell(
  { cell, state, run }: CellOutcome,
  digest: (resultId: string) => Promise<string>,
  prints: SourcePrints,
): Promise<SavedCell> {
  const statements = run?.statements ?? [];
  const results: SavedResult[] = [];
  for (const statement of statements.filter(isAnswer)) {
    const { resultId, columns, rowCount } = statement.result;
    results.push({ columns, rowCount, digest: await digest(resultId) });
  }
  const reads = statements.map(({ effects }) => effects?.reads ?? 'unknown');
  const known = reads.filter((names) => names !== 'unknown');
  const sources = known.length === reads.length ? await prints.of(known.flat()) : null;
  const { title } = cell.marker;
  return {
    cell: cell.number,
    ...(title !== '' && { title }),
    ...(cell.resultName !== undefined && { name: cell.resultName }),
    text: sha256(cell.text),
    status: state,
    results,
    sources,
    fingerprint: sha256(JSON.stringify([results, sources])),
  };
}

/** Reads a saved run; throws an error that says what the text is not. */
export function readSavedRun(text: string, path: string): SavedRun {
  let saved: Partial<SavedRun> | null;
  try {
    saved = JSON.parse(text) as Partial<SavedRun> | null;
  } catch (thrown) {
    throw new Error(`${path} is no saved run: it is not JSON. Write one with --save.`, { cause: thrown });
  }
  if (saved?.format !== SAVED_FORMAT || !Array.isArray(saved.cells) || !saved.cells.every(isSavedCell)) {
    throw new Error(`${path} is no saved run of this version (${SAVED_FORMAT}). Write one with --save.`);
  }
  return saved as SavedRun;
}

/** What is not as it was saved. With `part`, cells that were saved and did not run are no difference. */
export function staleCells(before: SavedRun, now: readonly SavedCell[], part: boolean): StaleCell[] {
  const pairs = pairedCells(before.cells, now);
  const found = now.flatMap((cell): StaleCell[] => {
    const saved = pairs.get(cell);
    const reasons = saved === undefined ? ['is not in the saved run'] : differences(saved, cell);
    return reasons.length === 0 ? [] : [{ cell: nameOf(cell), reasons }];
  });
  if (part) return found;
  const paired = new Set(pairs.values());
  return [
    ...found,
    ...before.cells
      .filter((cell) => !paired.has(cell))
      .map((cell) => ({ cell: nameOf(cell), reasons: ['is not in the notebook any more'] })),
  ];
}

/** Which saved cell each one was: by its name or title, else by its text, else the next that nothing else is. */
function pairedCells(before: readonly SavedCell[], now: readonly SavedCell[]): Map<SavedCell, SavedCell> {
  const pairs = new Map<SavedCell, SavedCell>();
  const left = new Set(before);
  const pair = (key: (cell: SavedCell) => string | undefined) => {
    for (const cell of now) {
      const wanted = pairs.has(cell) ? undefined : key(cell);
      const match = wanted === undefined ? undefined : [...left].find((saved) => key(saved) === wanted);
      if (match === undefined) continue;
      pairs.set(cell, match);
      left.delete(match);
    }
  };
  pair(({ name }) => name?.toLowerCase());
  pair(({ title, text }) => title && `${title} ${text}`);
  pair(({ title }) => title);
  pair(({ text, title }) => (title === undefined ? text : undefined));
  pair(({ title, name }) => (title === undefined && name === undefined ? 'unnamed' : undefined));
  return pairs;
}

function differences(saved: SavedCell, now: SavedCell): string[] {
  const reasons: string[] = [];
  if (saved.text !== now.text) reasons.push('its text was edited');
  if (saved.status !== now.status) reasons.push(`it was "${saved.status}" and is "${now.status}"`);
  else if (JSON.stringify(saved.results) !== JSON.stringify(now.results)) reasons.push(answerChange(saved.results, now.results));
  return [...reasons, ...sourceChanges(saved.sources, now.sources)];
}

function answerChange(saved: readonly SavedResult[], now: readonly SavedResult[]): string {
  if (saved.length !== now.length) return `it gives ${now.length} results, and gave ${saved.length}`;
  const at = now.findIndex((result, index) => JSON.stringify(result) !== JSON.stringify(saved[index]));
  const [before, after] = [saved[at], now[at]];
  if (before && after && JSON.stringify(before.columns) !== JSON.stringify(after.columns)) return 'its answer has other columns';
  if (before && after && before.rowCount !== after.rowCount) return `its answer has ${after.rowCount} rows, and had ${before.rowCount}`;
  return 'its answer has other values';
}

function sourceChanges(saved: readonly SourcePrint[] | null, now: readonly SourcePrint[] | null): string[] {
  if (saved === null || now === null) return [];
  const before = new Map(saved.map((source) => [nameOfSource(source), JSON.stringify(source)]));
  const after = new Map(now.map((source) => [nameOfSource(source), JSON.stringify(source)]));
  return [
    ...[...after].flatMap(([name, text]) => {
      const old = before.get(name);
      if (old === undefined) return [`${name} is read, and was not`];
      return old === text ? [] : [`${name} changed`];
    }),
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `${name} is not read any more`),
  ];
}

function nameOfSource(source: SourcePrint): string {
  return 'table' in source ? source.table : source.file;
}

function nameOf({ cell, title }: SavedCell): string {
  return title === undefined ? `cell ${cell}` : `the cell "${title}"`;
}

/** Plans tell how long they took: no two are the same. */
function isAnswer(statement: StatementOutcome): boolean {
  return givesRows(statement) && statement.kind !== 'EXPLAIN';
}

function isSavedCell(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { cell, text, status, results, sources } = value as Partial<SavedCell>;
  const isKnown = typeof cell === 'number' && typeof text === 'string' && typeof status === 'string';
  return isKnown && Array.isArray(results) && (sources === null || Array.isArray(sources));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
