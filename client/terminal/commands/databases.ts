import { basename, resolve } from 'node:path';
import { quoteName } from '../../../engine/sql/sqlNames.ts';
import { visible } from '../../text/displayText.ts';
import { DATA_FILE } from '../arguments.ts';
import { rowsOf, sqlText } from '../quietQuery.ts';
import { type DotCommand, say, WrongUsage } from './dotCommand.ts';

/** Commands about attached databases. */
export const DATABASES: readonly DotCommand[] = [
  {
    name: 'databases',
    usage: '',
    summary: 'list the attached databases and their files',
    explanation: 'The one in which names without a database are looked for is marked with a star.',
    example: ['.databases'],
    takes: [0, 0],
    run: async (shell, _, signal) => {
      const sql = 'select database_name, path, readonly, database_name = current_database() from duckdb_databases() where not internal';
      const rows = await rowsOf(shell, sql, signal);
      const width = Math.max(0, ...rows.map(([name]) => visible(String(name)).length));
      const lines = rows.map(([name, path, readOnly, current]) => {
        const place = path === null || path === undefined ? 'in memory' : visible(String(path));
        return `${current === true ? '*' : ' '} ${visible(String(name)).padEnd(width)}  ${place}${readOnly === true ? ' (read-only)' : ''}`;
      });
      return say(shell, ...lines);
    },
  },
  {
    name: 'attach',
    usage: 'FILE [AS NAME]',
    summary: 'open another database beside this one',
    explanation:
      'The tables of the file can then be read as NAME.table, by everybody who uses this engine, until DETACH. Without a name it is called after the file. A file that is not there is made.',
    example: ['.attach sales.duckdb', '.attach "old sales.duckdb" as old'],
    takes: [1, 3],
    touchesFiles: true,
    run: async (shell, [file = '', as, name], signal) => {
      if (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined)) throw new WrongUsage();
      if (DATA_FILE.test(file)) throw new WrongUsage(`${file} is data, not a database; query it with from '${file}';`);
      const path = /^[a-z]+:/i.test(file) ? file : resolve(shell.cwd, file);
      const called = name ?? basename(file).replace(/\.[^.]*$/, '');
      await rowsOf(shell, `attach ${sqlText(path)} as ${quoteName(called)}`, signal);
      return say(shell, `Attached ${visible(path)} as ${visible(quoteName(called))}.`);
    },
  },
  {
    name: 'use',
    usage: 'NAME',
    summary: 'choose the database or schema in which names are looked for',
    explanation: 'The same as the statement USE, with a name of .databases, a schema, or both with a dot between them.',
    example: ['.use old', '.use old.main'],
    takes: [1, 1],
    run: async (shell, [name = ''], signal) => {
      const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
      await rowsOf(shell, `use ${parts.map((part) => (part.startsWith('"') ? part : quoteName(part))).join('.')}`, signal);
      return 'done';
    },
  },
];
