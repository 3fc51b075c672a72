import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../client/terminal/arguments.ts';

const NOTHING = { kind: 'run', commands: [], format: 'box', readOnly: false, safe: false };

describe('arguments', () => {
  test.each([
    [[], NOTHING],
    [['sales.duckdb'], { ...NOTHING, database: 'sales.duckdb' }],
    [['a.kodiak.sql', '--db', 'x.db'], { ...NOTHING, sqlFile: 'a.kodiak.sql', database: 'x.db' }],
    [['x.db', 'a.SQL'], { ...NOTHING, sqlFile: 'a.SQL', database: 'x.db' }],
    [['-c', 'select 1', '-c', '-- x', '--format=csv'], { ...NOTHING, commands: ['select 1', '-- x'], format: 'csv' }],
    [['--safe', '--readonly', 'x.db'], { ...NOTHING, safe: true, database: 'x.db', readOnly: true }],
    [['--attach', 's', '--token-file', 't'], { ...NOTHING, attach: { socketFile: 's', tokenFile: 't' } }],
    [['--', '-odd.db'], { ...NOTHING, database: '-odd.db' }],
    [['--nonsense', '--help'], { kind: 'wrong', message: 'unknown option --nonsense' }],
    [['x.db', '-h'], { kind: 'help' }],
    [['--version'], { kind: 'version' }],
  ])('reads %j', (args, expected) => expect(parseArguments(args)).toEqual(expected));

  test.each([
    [['a.db', 'b.db'], 'only one database can be opened'],
    [['a.sql', 'b.sql'], 'only one SQL file can be run'],
    [['-c'], '-c needs a value'],
    [
      ['--format', 'xml'],
      'unknown format xml; there are box, table, markdown, csv, tsv, json, jsonl, line, list, column, html, insert, quote, latex, ascii, tcl, trash',
    ],
    [['--attach', 's'], '--attach and --token-file belong together'],
    [['--attach', 's', '--token-file', 't', 'x.db'], '--attach uses the database that the server has open'],
    [['--readonly'], '--readonly needs a database file'],
    [['--help=1'], '--help takes no value'],
    [['data.parquet'], 'data.parquet is data, not a database; query it with kodiak -c "from \'data.parquet\'"'],
  ])('refuses %j', (args, message) => expect(parseArguments(args)).toEqual({ kind: 'wrong', message }));
});
