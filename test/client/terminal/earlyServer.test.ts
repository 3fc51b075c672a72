import { describe, expect, test } from 'vitest';
import { needsMemoryServer } from '../../../client/terminal/earlyServer.ts';

describe('a server that is started early', () => {
  test.each([
    [[]],
    [['-c', 'select 1', '-c', '-- x', '--format=csv']],
    [['a.kodiak.sql', '-f', 'json', '--command=select 2']],
    [['run', 'n.kodiak.sql', '--param', 'a=1']],
    [['check', 'folder']],
  ])('is needed for %j', (args) => expect(needsMemoryServer(args)).toBe(true));

  test.each([
    [['x.duckdb']],
    [['--db', 'x.duckdb', '-c', 'select 1']],
    [['--db=x.duckdb']],
    [['--help']],
    [['-h']],
    [['--version']],
    [['--attach', 's', '--token-file', 't']],
    [['lsp']],
    [['ps']],
    [['run']],
    [['run', 'n.kodiak.sql', '--db', 'x.duckdb']],
    [['run', 'n.kodiak.sql', '--db=x.duckdb']],
    [['check', '-h']],
    [['--', '-x.sql']],
  ])('is not for %j', (args) => expect(needsMemoryServer(args)).toBe(false));
});
