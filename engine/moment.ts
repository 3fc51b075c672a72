import { readSources } from './cache/fileSources.ts';
import { type Examination, type ExamineContext, type Reads, readsOf } from './examine.ts';
import { DEFINED_MEANWHILE, hasFiles, type Snapshot } from './reading.ts';

/** A statement that defines something moves `Versions.definitions` before and after it. */
const MOVES_OF_ONE = 2;

/** What a result was computed from, at one moment; `undefined` if that cannot be told. Equal versions: nothing changed. */
export function momentOf(context: Pick<ExamineContext, 'versions'>, reads: Pick<Reads, 'dependencies' | 'sources'>): Moment | undefined {
  const files = readSources(reads.sources);
  if (files.kind === 'uncheckable') return undefined;
  const { stamp, guard, fileCount, changedAtMs } = files;
  const tables = context.versions.of(reads.dependencies);
  return { version: `${tables}\n${stamp}`, guard: `${tables}\n${guard}`, fileCount, changedAtMs, files };
}

export interface Moment {
  /** Under which a result is stored. */
  readonly version: string;
  /** Moves also when something came and went meanwhile. */
  readonly guard: string;
  readonly fileCount: number;
  /** Unix milliseconds of the last change of a file. */
  readonly changedAtMs: number;
  readonly files: NonNullable<Snapshot['files']>;
}

/** What there is to compare with later, as it was just before the run. */
export function snapshotOf(
  { versions }: Pick<ExamineContext, 'versions'>,
  examination: Examination & { readonly definitions: number },
  run: { readonly sequence: number; readonly named: number; readonly before: Moment | undefined; readonly beganAt: number },
): Snapshot {
  const reads = readsOf(examination);
  const { sequence, named, before, beganAt } = run;
  const changesNames = examination.effect.definitions;
  const base = { sequence, named: changesNames ? versions.sequence : named, files: before?.files };
  if (!reads) return { ...base, flaw: undefined };
  const defined = changesNames ? 0 : versions.definitions - examination.definitions;
  if (defined > MOVES_OF_ONE) return { ...base, flaw: DEFINED_MEANWHILE };
  const overtaken = defined > 0 ? { overtakenAt: versions.definitions } : {};
  if (!hasFiles(reads)) return { ...base, ...overtaken, flaw: undefined };
  const after = readSources(reads.sources);
  if (before === undefined || after.kind !== 'known' || after.guard !== before.files.guard) {
    return { ...base, flaw: after.kind === 'uncheckable' ? after.reason : 'a file that it reads changed while it ran' };
  }
  const settled = before.files.settledAtMs < beganAt;
  return { ...base, ...overtaken, flaw: settled ? undefined : 'a file that it reads changed just before: a further change might not show' };
}
