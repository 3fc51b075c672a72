import type { EntryProof, StoredReads } from './cache/resultCache.ts';
import type { Versions } from './cache/versions.ts';
import { clockTime, nameOf } from './proof.ts';

/** More tables than this are counted instead of named. */
const MAX_NAMED = 3;

/**
 * Why a stored result may stand for a run now, or what has changed since. Files are not looked at here: there may be many, and they
 * are looked at each time the result is asked for.
 */
export function entryProof(versions: Versions, { version, reads }: { readonly version: string; readonly reads: StoredReads }): EntryProof {
  const { dependencies, fileCount, proof } = reads;
  // A version is that of the tables, and on further lines that of the files.
  const outdated = !version.startsWith(`${versions.of(dependencies)}\n`);
  const parts = dependencies.tables.slice(0, MAX_NAMED).map((table) => {
    const since = clockTime(versions.changedAt({ tables: [table], catalogs: [], definitions: false }));
    return `${nameOf(table)} ${outdated ? 'last changed' : 'unchanged since'} ${since}`;
  });
  const more = dependencies.tables.length - MAX_NAMED;
  if (more > 0) parts.push(more === 1 ? '1 more table' : `${more} more tables`);
  if (fileCount > 0) parts.push(`${fileCount === 1 ? '1 file' : `${fileCount} files`}, compared at each use`);
  if (outdated) return { outdated, proof: ['something that it reads has changed', ...parts].join('; ') };
  if (parts.length === 0) parts.push('it reads no table and no file');
  return { outdated, proof: [proof === 'plan' ? 'same plan' : 'same text and definitions', ...parts].join('; ') };
}
