import type { RunContext } from './queryRun.ts';

/** Everything counts as changed when something changed that no statement of a session did. It should never happen. */
export async function checkTripwires(
  { versions, databaseFiles }: Pick<RunContext, 'versions' | 'databaseFiles'>,
  ranUnnoticed: () => Promise<boolean>,
  log: (line: string) => void,
): Promise<void> {
  // What cannot be asked any more, after a fatal fault, proves nothing either.
  const unnoticed = await ranUnnoticed().catch(() => true);
  if (!unnoticed && !databaseFiles.changedByOthers()) return;
  versions.moveAll();
  log('The database changed without a statement of a session: no cached result is used any more.');
}
