import { RUN_FORMATS, RUN_ORDERS } from '../headless/runFormats.ts';
import type { Subcommand } from './subcommand.ts';

/** Runs a notebook without an editor. */
export const run: Subcommand = {
  name: 'run',
  summary: 'run a notebook, with its assertions as tests',
  words: 'NOTEBOOK',
  wordsArePaths: true,
  options: [
    { name: 'db', value: 'PATH', isPath: true, about: 'database; without one, data lives in memory' },
    { name: 'readonly', about: 'open the database read-only' },
    { name: 'param', short: 'p', value: 'NAME=VALUE', repeatable: true, about: "a value for a parameter, in place of the notebook's" },
    { name: 'only', value: 'NAME', repeatable: true, about: 'run this cell (by name, title or number) and what it needs' },
    {
      name: 'order',
      value: 'ORDER',
      choices: RUN_ORDERS,
      about: 'side by side where cells do not depend on each other, or top to bottom',
    },
    { name: 'output', short: 'o', value: 'FORMAT', choices: RUN_FORMATS, about: 'what is written' },
    { name: 'out', value: 'FILE', isPath: true, about: 'where to; else to standard output' },
    { name: 'rows', value: 'COUNT', about: 'at most so many rows of each result in jsonl (200)' },
    { name: 'save', value: 'FILE', isPath: true, about: 'write what each cell gave and read, as digests' },
    { name: 'fail-on-stale', value: 'FILE', isPath: true, about: 'fail where answers or sources are not those saved there' },
  ],
  notes: `Relative paths in the notebook start at its folder, those of options where you are. A cell that fails
stops what depends on it; with --order top, all that comes after it. An assertion that does not hold
stops nothing. Messages and progress go to
standard error. A cell -- %% stale=ignore is neither saved nor compared. HTML is one page with tables and charts that needs neither network nor script.`,
  async run(given, context) {
    const { runCommand } = await import('../headless/runCommand.ts');
    return await runCommand(given, context);
  },
};
