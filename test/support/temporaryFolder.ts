import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Registers what is done when something ends: a test, unless it is told otherwise. */
export type AtEnd = (clean: () => void) => void;

/** A folder of its own, mode 0700, that goes with the test. Its path is short enough for sockets in it. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kodiak-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
