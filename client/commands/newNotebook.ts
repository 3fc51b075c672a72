import { openUntitledNotebook } from '../notebook/untitledNotebook.ts';

/** Opens an untitled notebook with one empty cell. */
export async function newNotebook(): Promise<void> {
  await openUntitledNotebook();
}
