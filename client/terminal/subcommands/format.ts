import type { Subcommand } from './subcommand.ts';

/** The formatter of the language server for files. */
export const format: Subcommand = {
  name: 'format',
  summary: 'lay out .sql and .kodiak.sql files, in place',
  words: 'FILE…',
  wordsArePaths: true,
  options: [
    { name: 'check', about: 'change nothing; list the files that are not formatted, and end with 1 if there are any' },
    { name: 'stdin', about: 'read from standard input and write to standard output' },
    { name: 'indent', value: 'COUNT', about: 'blanks for each level, or tab (4)' },
  ],
  notes: 'Only white space changes. What is no SQL stays as it is, as do markers and markdown of notebooks.',
  async run(given, context) {
    const { formatCommand } = await import('../headless/formatCommand.ts');
    return await formatCommand(given, context);
  },
};
