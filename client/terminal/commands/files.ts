import { resolve } from 'node:path';
import { DATA_FILE } from '../arguments.ts';
import { databaseLine } from '../databaseLine.ts';
import { fileTarget } from '../serverLink.ts';
import { readSqlFile, runSqlFile } from '../sqlFile.ts';
import { type CommandGroup, say } from './dotCommand.ts';

export const FILES: CommandGroup = {
  title: 'Files and databases',
  commands: [
    {
      name: 'open',
      usage: '[file|:memory:]',
      summary: 'open another database; without a name, a new one in memory',
      explanation:
        'Leaves the database and opens another one, which is created if it is not there. Temporary tables, variables and an open transaction of this session end. If the file cannot be opened, the database before stays open.',
      example: ['.open sales.duckdb', '.open'],
      takes: [0, 1],
      run: async (shell, [file]) => {
        if (DATA_FILE.test(file ?? '')) throw new Error(`${file} is data, not a database; query it with from '${file}';`);
        await shell.open(fileTarget(file ?? ':memory:', shell.cwd, false));
        return say(shell, databaseLine(shell));
      },
    },
    {
      name: 'read',
      usage: 'file',
      summary: 'run a script or a notebook',
      explanation: 'Runs the statements of a file until one fails. Relative paths in it start at the folder of this terminal.',
      example: ['.read load.sql', '.read report.kodiak.sql'],
      takes: [1, 1],
      run: async (shell, [file = ''], signal) => {
        const outcome = await runSqlFile(shell, file, readSqlFile(resolve(shell.cwd, file)), signal);
        return outcome === 'gone' ? 'exit' : outcome;
      },
    },
  ],
};
