import { CHECK_FORMATS, SEVERITIES } from '../headless/checkFormats.ts';
import type { Subcommand } from './subcommand.ts';

/** Diagnostics of files, for CI. */
export const check: Subcommand = {
  name: 'check',
  summary: 'say what is wrong in SQL files and notebooks, without running them',
  words: 'FILE…',
  wordsArePaths: true,
  options: [
    { name: 'db', value: 'PATH', isPath: true, about: 'database whose tables are known; it is not changed' },
    { name: 'format', short: 'f', value: 'FORMAT', choices: CHECK_FORMATS, about: 'what is written' },
    { name: 'out', value: 'FILE', isPath: true, about: 'where to; else to standard output' },
    { name: 'fail-on', value: 'SEVERITY', choices: SEVERITIES, about: 'from what on the exit code is 1 (error)' },
  ],
  notes: 'Files are *.sql, *.kodiak.sql and *.ipynb; of folders all of them, but not in node_modules and hidden folders.',
  async run(given, context) {
    const { checkCommand } = await import('../headless/checkCommand.ts');
    return await checkCommand(given, context);
  },
};
