import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own, mode 0700, that goes with the test. Its path is short enough for sockets in it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kodiak-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
