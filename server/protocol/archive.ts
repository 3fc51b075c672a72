import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RunQueryResult } from './requests.ts';

/**
 * Results of notebook cells on disk, so that a notebook that is opened again shows them at once. The server writes them; a client
 * reads a cell's own file by itself, before the server answers, and asks the server for rows by their handle.
 *
 * `cells/<key>.json` has two lines: an `ArchiveHead` and an `ArchivedCell`. `rows/<fingerprint>.duckdb` are rows, once for all
 * results that have the same. All files appear complete under their names and are never changed.
 */

const VERSION = 1;

/** Where a cell stands: what its kept outputs are found by. */
export interface CellPlace {
  /** URI of the notebook. */
  readonly notebook: string;
  /** `:memory:` or the file's absolute path. */
  readonly database: string;
  readonly sql: string;
  /** Cells above it in the notebook that have the same text. */
  readonly occurrence: number;
  /** The handle of a result that a person has pinned there: it is kept beside what the cell shows. */
  readonly pin?: string;
}

/** What must be known of a file without reading it all. */
export interface ArchiveHead {
  readonly version: typeof VERSION;
  /** Rows on disk: the handle by which a client asks for them, and their file's name. */
  readonly rows: readonly { readonly resultId: string; readonly fingerprint: string }[];
  /** Handles of all results, also of those without rows on disk. */
  readonly results: readonly string[];
}

/** What a cell showed after its last run. */
export interface ArchivedCell {
  /** Unix milliseconds at which the run ended. */
  readonly ranAt: number;
  /** With previews; `resultId` is the handle for rows on disk. */
  readonly outcome: RunQueryResult;
  /** By handle: how many rows of the result are on disk, where that is not all, and their estimated size. */
  readonly stored: Readonly<Record<string, { readonly rows: number; readonly bytes: number }>>;
  /** What the statements read, for the server; in the order of the statements. */
  readonly readings: readonly unknown[];
}

/** A name that says nothing of what is in the file. */
export function cellKey({ notebook, database, sql, occurrence, pin }: CellPlace): string {
  const place = [notebook, database === '' ? ':memory:' : database, sql.replaceAll('\r\n', '\n'), occurrence, ...(pin ? [pin] : [])];
  return createHash('sha256').update(JSON.stringify(place)).digest('hex');
}

export function cellFile(folder: string, key: string): string {
  return join(folder, 'cells', `${key}.json`);
}

/** The texts of all cells → for each how many before it have the same text. */
export function occurrencesOf(texts: readonly string[]): number[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return count;
  });
}

export function archiveText(head: Omit<ArchiveHead, 'version'>, cell: ArchivedCell): string {
  return `${JSON.stringify({ version: VERSION, ...head })}\n${JSON.stringify(cell)}\n`;
}

/** `undefined` for what is damaged or written by another version. */
export function readHead(text: string): ArchiveHead | undefined {
  const head = parsed(text.split('\n', 1)[0] ?? '');
  if (!isObject(head) || head['version'] !== VERSION || !Array.isArray(head['rows']) || !Array.isArray(head['results'])) return undefined;
  const rows = head['rows'] as readonly unknown[];
  const isRows = rows.every(
    (row) => isObject(row) && typeof row['resultId'] === 'string' && /^[0-9a-f]{64}$/.test(String(row['fingerprint'])),
  );
  return isRows ? (head as unknown as ArchiveHead) : undefined;
}

/** `undefined` for what is damaged, incomplete or written by another version. */
export function readCell(text: string): ArchivedCell | undefined {
  if (readHead(text) === undefined) return undefined;
  const cell = parsed(text.split('\n')[1] ?? '');
  if (!isObject(cell) || typeof cell['ranAt'] !== 'number' || !isObject(cell['outcome']) || !isObject(cell['stored'])) return undefined;
  const { statements } = cell['outcome'];
  const isOutcome = Array.isArray(statements) && (statements as unknown[]).every(isStatement);
  return isOutcome && Array.isArray(cell['readings']) ? (cell as unknown as ArchivedCell) : undefined;
}

function isStatement(statement: unknown): boolean {
  if (!isObject(statement) || typeof statement['kind'] !== 'string' || !isObject(statement['result'])) return false;
  const { resultId, columns, preview, rowCount, provenance } = statement['result'];
  const hasRows = Array.isArray(columns) && Array.isArray(preview) && typeof rowCount === 'number';
  return typeof resultId === 'string' && hasRows && isObject(provenance);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
