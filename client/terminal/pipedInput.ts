import type { Readable } from 'node:stream';
import { visibleLines } from '../text/displayText.ts';
import { runDotCommand } from './dotCommands.ts';
import { pipedLines } from './pipedLines.ts';
import type { Outcome, Shell } from './shell.ts';
import { type InputPiece, SqlInput } from './sqlInput.ts';

/** Runs SQL and dot commands from a pipe, each as soon as it is complete, until one fails and the shell bails out then. */
export async function runPipedInput(shell: Shell, stdin: Readable, signal: AbortSignal, name = '<stdin>'): Promise<Outcome> {
  const input = new SqlInput();
  let failed = false;
  const run = async (pieces: readonly InputPiece[]): Promise<Outcome | 'exit'> => {
    for (const piece of pieces) {
      if (shell.echo) await shell.standard.writeLines([visibleLines(piece.kind === 'command' ? piece.line : piece.text.trimEnd())]);
      const outcome =
        piece.kind === 'command'
          ? await runDotCommand(shell, piece.line, signal)
          : await shell.runStatements({ name, text: piece.text, linesBefore: piece.linesBefore }, piece.statements, signal);
      if (outcome === 'failed' && !shell.bail) failed = true;
      else if (outcome !== 'done') return outcome;
    }
    return 'done';
  };
  const ended = (outcome: Outcome | 'exit') => (outcome === 'done' || outcome === 'exit' ? (failed ? 'failed' : 'done') : outcome);
  for await (const line of pipedLines(stdin, signal)) {
    const outcome = await run(input.feed(line));
    if (outcome !== 'done') return ended(outcome);
  }
  if (signal.aborted) return 'cancelled';
  // A last statement without a semicolon is run, as one of `echo` has none.
  return ended(await run(input.finish()));
}
