import { runProgram } from './program.ts';
import { offerServer, takeOffered } from './serverProgram.ts';
import type { SpawnedServer } from './serverSpawn.ts';

/** Runs the program and ends the process. `early` is a server with data in memory, if one has been started. */
export function start(early: SpawnedServer | undefined): void {
  if (early) {
    offerServer(early);
    process.once('exit', () => {
      const left = takeOffered();
      left?.process.kill();
      left?.dropLog();
    });
  }
  runProgram(process.argv.slice(2), process.env).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
