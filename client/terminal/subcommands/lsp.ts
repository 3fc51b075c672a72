import { join } from 'node:path';
import type { Subcommand } from './subcommand.ts';

/** The language server, for editors that start one by a command. */
export const lsp: Subcommand = {
  name: 'lsp',
  summary: 'be a language server on standard input and output, for any editor',
  // Editors add such arguments by themselves.
  options: [
    { name: 'stdio', about: 'accepted; there is no other way' },
    { name: 'clientProcessId', value: 'PID', about: 'accepted' },
  ],
  notes: 'The editor chooses a database with initializationOptions: { "database": "sales.duckdb" }.',
  run() {
    // In this process, which the editor knows and may kill. The server sets the size of its thread pool before anything uses it.
    process.argv.splice(2, process.argv.length, '--stdio');
    require(join(__dirname, '..', '..', 'server', 'main.js'));
    return new Promise(() => undefined);
  },
};
