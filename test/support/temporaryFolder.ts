import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const ATTEMPTS = 40;
const PAUSE_MS = 50;

/** Registers what is done when something ends: a test, unless it is told otherwise. */
export type AtEnd = (clean: () => void) => void;

/** A folder of its own, mode 0700, that goes with the test. Its path is short enough for sockets in it. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kodiak-'));
  atEnd(() => removeFolder(folder));
  return folder;
}

/** A program that has just ended may still write what it remembers while its folder goes. */
function removeFolder(folder: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || (error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
