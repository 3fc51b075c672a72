import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { DATA_FILE } from '../arguments.ts';
import { databaseLine } from '../databaseLine.ts';
import { fileTarget } from '../serverLink.ts';
import { readSqlFile, runSqlFile } from '../sqlFile.ts';
import { BACKUP } from './backup.ts';
import { EXPORT_DATABASE } from './databaseFolder.ts';
import { DATABASES } from './databases.ts';
import { type CommandGroup, say, WrongUsage } from './dotCommand.ts';
import { DUMP } from './dump.ts';
import { IMPORT_DATA } from './importData.ts';
import { SYSTEM } from './system.ts';

export const FILES: CommandGroup = {
  title: 'Files and databases',
  commands: [
    {
      name: 'open',
      usage: '[--readonly] [FILE|:memory:]',
      summary: 'open another database; without a name, a new one in memory',
      explanation:
        'Leaves the database and opens another one, which is created if it is not there. Temporary tables, variables and an open transaction of this session end. If the file cannot be opened, the database before stays open.',
      example: ['.open sales.duckdb', '.open'],
      takes: [0, 2],
      touchesFiles: true,
      run: async (shell, words) => {
        const [file, more] = words.filter((word) => word !== '--readonly');
        const readOnly = words.includes('--readonly');
        if (more !== undefined || file?.startsWith('--')) throw new WrongUsage();
        if (DATA_FILE.test(file ?? '')) throw new Error(`${file} is data, not a database; query it with from '${file}';`);
        await shell.open(fileTarget(file ?? ':memory:', shell.cwd, readOnly));
        return say(shell, databaseLine(shell));
      },
    },
    {
      name: 'read',
      usage: 'FILE',
      summary: 'run a script or a notebook',
      explanation:
        'Runs the statements of a file until one fails; .bail off goes on after an error in a script. A script may have dot commands, a notebook has cells. Relative paths in it start at the folder of this terminal.',
      example: ['.read load.sql', '.read report.kodiak.sql'],
      takes: [1, 1],
      touchesFiles: true,
      run: async (shell, [file = ''], signal) => {
        const text = readSqlFile(resolve(shell.cwd, file));
        const isScript = !/^-- %%/m.test(text);
        const outcome = await (isScript && shell.runLines
          ? shell.runLines(Readable.from([Buffer.from(text)]), file, signal)
          : runSqlFile(shell, file, text, signal));
        return outcome === 'gone' ? 'exit' : outcome;
      },
    },
    IMPORT_DATA,
    DUMP,
    ...BACKUP,
    EXPORT_DATABASE,
    ...DATABASES,
    ...SYSTEM,
  ],
};
