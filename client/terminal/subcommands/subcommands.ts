import { check } from './check.ts';
import { completionsOf } from './completions.ts';
import { format } from './format.ts';
import { helpOf } from './help.ts';
import { lsp } from './lsp.ts';
import { ps } from './ps.ts';
import { run } from './run.ts';
import { stats } from './stats.ts';
import type { Subcommand } from './subcommand.ts';

/** In the order of the usage. What one needs beyond its options is loaded when it runs. */
const DOING: readonly Subcommand[] = [run, format, check, ps, lsp, stats];

const HELP = helpOf([...DOING, completionsOf([])]);

/** All sub-commands. A file or database of such a name is reached as `./run`. */
export const SUBCOMMANDS: readonly Subcommand[] = [...DOING, completionsOf([...DOING, HELP]), HELP];
