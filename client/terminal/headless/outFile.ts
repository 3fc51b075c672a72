import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { writeWholeFile } from '../../../engine/base/wholeFile.ts';
import { Output } from '../output.ts';

/** Lets `write` fill a file, which appears under its name when it is whole. Rejects with what to do where it cannot be written. */
export async function writeOutFile<T>(path: string, environment: NodeJS.ProcessEnv, write: (output: Output) => Promise<T>): Promise<T> {
  const { written } = await writeWholeFile(path, true, async (temporaryPath) => {
    const stream = createWriteStream(temporaryPath, { mode: 0o666 });
    const done = finished(stream);
    // It may fail while nobody waits for it yet.
    done.catch(() => undefined);
    const result = await write(new Output(stream, environment));
    stream.end();
    await done;
    return result;
  });
  return written;
}
