import { type SpawnedServer, spawnServer } from './serverSpawn.ts';

const VALUE_OPTIONS: ReadonlySet<string> = new Set(['-c', '--command', '-f', '--format']);
const MEMORY_SUBCOMMANDS: ReadonlySet<string | undefined> = new Set(['run', 'format', 'check']);

/**
 * Whether the program will need a server with data in memory, as far as a glance at its arguments tells: it can start then while the rest of
 * the program still loads. Wrong arguments may be taken for good ones, and then the server ends with the program.
 */
export function needsMemoryServer(args: readonly string[]): boolean {
  const isSubcommand = MEMORY_SUBCOMMANDS.has(args[0]);
  if (isSubcommand) return args.length > 1 && !args.some((word) => /^(?:--db\b|--readonly|--help|-h$)/.test(word));
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (VALUE_OPTIONS.has(word)) at++;
    else if (!/^--(?:command|format)=/.test(word) && !/^[^-].*\.sql$/i.test(word)) return false;
  }
  return true;
}

/** Starts the server that will be needed; what goes wrong is told when it is needed. */
export function startEarly(args: readonly string[]): SpawnedServer | undefined {
  if (!needsMemoryServer(args)) return undefined;
  try {
    return spawnServer(':memory:', { readOnly: false });
  } catch {
    return undefined;
  }
}
