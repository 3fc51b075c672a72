import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runDotCommand } from './dotCommands.ts';
import type { Outcome, Shell } from './shell.ts';
import { type InputPiece, SqlInput } from './sqlInput.ts';

/** Runs SQL and dot commands from a pipe, each as soon as it is complete, until one fails. */
export async function runPipedInput(shell: Shell, stdin: Readable, signal: AbortSignal): Promise<Outcome> {
  const input = new SqlInput();
  const run = async (pieces: readonly InputPiece[]): Promise<Outcome | 'exit'> => {
    for (const piece of pieces) {
      const outcome =
        piece.kind === 'command'
          ? await runDotCommand(shell, piece.line, signal)
          : await shell.runStatements({ name: '<stdin>', text: piece.text, linesBefore: piece.linesBefore }, piece.statements, signal);
      if (outcome !== 'done') return outcome;
    }
    return 'done';
  };
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
  const stop = () => lines.close();
  signal.addEventListener('abort', stop);
  try {
    for await (const line of lines) {
      const outcome = await run(input.feed(line));
      if (outcome !== 'done') return outcome === 'exit' ? 'done' : outcome;
    }
    if (signal.aborted) return 'cancelled';
    const outcome = await run(input.finish());
    return outcome === 'exit' ? 'done' : outcome;
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
}
