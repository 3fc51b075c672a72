import { type BigIntStats, statSync } from 'node:fs';
import { type FileState, readFileState, type SearchFolders } from './filePatterns.ts';
import { changeTimeOf, MAX_STAMPED_FILES, settledTimeOf, stampOf } from './fileStamps.ts';

/** The files that a result was computed from. */
export interface FileSources {
  /** Exact paths, as a plan names them. */
  readonly files: readonly string[];
  /** Paths and globs as a statement names them, to be looked for in `folders`. */
  readonly patterns: readonly string[];
  readonly folders: SearchFolders;
}

/** The state of all files of a result at one moment, in one turn of the event loop. */
export function readSources({ files, patterns, folders }: FileSources): FileState {
  if (files.length > MAX_STAMPED_FILES) return { kind: 'uncheckable', reason: `it reads more than ${MAX_STAMPED_FILES} files` };
  const state = patterns.length === 0 ? undefined : readFileState(patterns, folders);
  if (state?.kind === 'uncheckable') return state;
  const lines: string[] = [];
  const stamps = new Map(state?.stamps);
  let changedAtMs = state?.changedAtMs ?? 0;
  let settledAtMs = state?.settledAtMs ?? 0;
  for (const file of files) {
    const stats = statOf(file);
    if (!stats?.isFile()) return { kind: 'uncheckable', reason: 'a file it reads is gone', path: file };
    const stamp = stampOf(stats);
    lines.push(`${file}:${stamp}`);
    stamps.set(file, stamp);
    changedAtMs = Math.max(changedAtMs, changeTimeOf(stats));
    settledAtMs = Math.max(settledAtMs, settledTimeOf(stats));
  }
  const exact = lines.join('\n');
  return {
    kind: 'known',
    stamp: state ? `${exact}\n${state.stamp}` : exact,
    guard: state ? `${exact}\n${state.guard}` : exact,
    fileCount: files.length + (state?.fileCount ?? 0),
    changedAtMs,
    settledAtMs,
    stamps,
  };
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}
