import type { TableName } from './cache/effect.ts';
import type { Dependencies } from './cache/versions.ts';

export interface ProofParts {
  readonly dependencies: Dependencies;
  readonly files: readonly string[];
  /** Unix milliseconds of the last change of any table. */
  readonly changedAt: number;
}

/** More tables than this are counted instead of named. */
const MAX_NAMED = 2;

/** Why a remembered result is what a run would give, in one sentence. */
export function proofOf({ dependencies, files, changedAt }: ProofParts): string {
  const since = `unchanged since ${new Date(changedAt).toTimeString().slice(0, 8)}`;
  const names = dependencies.tables.map(nameOf);
  const tables = names.length > MAX_NAMED ? `${names.length} tables` : names.join(' and ');
  const parts = ['same plan'];
  if (names.length > 0) parts.push(`${tables} ${since}`);
  if (files.length > 0) parts.push(`${files.length === 1 ? '1 file' : `${files.length} files`} unchanged`);
  if (parts.length === 1) parts.push('it reads no table and no file');
  return parts.join('; ');
}

/** Names of all that a result was computed from. */
export function sourcesOf({ dependencies, files }: ProofParts): string[] {
  return [...dependencies.tables.map(nameOf), ...files];
}

function nameOf({ catalog, schema, table }: TableName): string {
  return `${catalog}.${schema}.${table}`;
}
