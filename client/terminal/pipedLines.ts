import type { Readable } from 'node:stream';

/** A longer line is no SQL that somebody wants to run, and would have to be held as a whole. */
const MAX_LINE_CHARACTERS = 128 * 1024 * 1024;

/**
 * The lines of a stream as they come, without their line feeds; the next is read only when one is wanted. Rejects where the bytes are not
 * UTF-8 or hold a NUL: what has a hole would not be what its author wrote. A byte order mark is left out.
 */
export async function* pipedLines(stream: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let begun: string[] = [];
  let size = 0;
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of chunksOf(stream, signal)) {
      const text = decode(decoder, chunk, line);
      const pieces = text.split('\n');
      for (const [at, piece] of pieces.entries()) {
        if (piece.includes('\0'))
          throw new Error(`<stdin>: line ${line} has a NUL character; this is no SQL text. Nothing from there on was run.`);
        begun.push(piece);
        size += piece.length;
        if (size > MAX_LINE_CHARACTERS) throw new Error(`<stdin>: line ${line} is longer than ${MAX_LINE_CHARACTERS} characters.`);
        if (at === pieces.length - 1) break;
        const whole = begun.join('');
        begun = [];
        size = 0;
        line++;
        yield whole.endsWith('\r') ? whole.slice(0, -1) : whole;
      }
    }
    const rest = begun.join('') + decode(decoder, undefined, line);
    if (rest !== '') yield rest;
  } finally {
    signal.removeEventListener('abort', stop);
    // Whoever writes on learns that nobody reads.
    stream.destroy();
  }
}

/** Ends quietly when the signal is aborted. */
async function* chunksOf(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | undefined, line: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new Error(`<stdin>: what follows line ${line} is not UTF-8 text. Nothing from there on was run.`, { cause });
  }
}
