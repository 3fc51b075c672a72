import type { TableName } from './cache/effect.ts';
import type { FileSources } from './cache/fileSources.ts';
import type { Dependencies } from './cache/versions.ts';

export interface ProofParts {
  readonly proof: 'plan' | 'text';
  readonly dependencies: Dependencies;
  readonly fileCount: number;
  /** Unix milliseconds of the last change of any table. */
  readonly changedAt: number;
}

/** More tables than this are counted instead of named. */
const MAX_NAMED = 2;

/** Why a remembered result is what a run would give, in one sentence. */
export function proofOf({ proof, dependencies, fileCount, changedAt }: ProofParts): string {
  const since = `unchanged since ${clockTime(changedAt)}`;
  const names = dependencies.tables.map(nameOf);
  const tables = names.length > MAX_NAMED ? `${names.length} tables` : names.join(' and ');
  const parts = [proof === 'plan' ? 'same plan' : 'same text and definitions'];
  if (names.length > 0) parts.push(`${tables} ${since}`);
  if (fileCount > 0) parts.push(`${fileCount === 1 ? '1 file' : `${fileCount} files`} unchanged`);
  if (parts.length === 1) parts.push('it reads no table and no file');
  return parts.join('; ');
}

/** `14:02:07`, in local time; `at` in Unix milliseconds. */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** Names of all that a result was computed from. */
export function sourcesOf(dependencies: Dependencies, { files, patterns }: FileSources): string[] {
  return [...dependencies.tables.map(nameOf), ...files, ...patterns];
}

export function nameOf({ catalog, schema, table }: TableName): string {
  return `${catalog}.${schema}.${table}`;
}
