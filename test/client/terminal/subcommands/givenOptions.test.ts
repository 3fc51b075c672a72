import { describe, expect, test } from 'vitest';
import { readOptions } from '../../../../client/terminal/subcommands/givenOptions.ts';
import { type Subcommand, UsageError } from '../../../../client/terminal/subcommands/subcommand.ts';
import { usageText } from '../../../../client/terminal/subcommands/usageText.ts';

const bake: Subcommand = {
  name: 'bake',
  summary: 'bake files',
  words: 'FILE…',
  options: [
    { name: 'db', value: 'PATH', isPath: true, about: 'database' },
    { name: 'param', short: 'p', value: 'NAME=VALUE', repeatable: true, about: 'a value' },
    { name: 'output', value: 'FORMAT', choices: ['text', 'html'], about: 'format' },
    { name: 'check', about: 'only look' },
  ],
  run: async () => 0,
};
const plain: Subcommand = { name: 'plain', summary: 'be plain', options: [], run: async () => 0 };

describe('options of sub-commands', () => {
  test('are read with words between them', () => {
    const given = readOptions(bake, [
      'a.sql',
      '--db',
      'x.db',
      '-p',
      'a=1',
      '--param=b=--2',
      '--check',
      '--output=html',
      'b.sql',
      '--',
      '--c',
    ]);
    expect(given.words).toEqual(['a.sql', 'b.sql', '--c']);
    expect(given.one('db')).toBe('x.db');
    expect(given.all('param')).toEqual(['a=1', 'b=--2']);
    expect(given.choice('output', ['text', 'html'], 'text')).toBe('html');
    expect([given.has('check'), given.has('help'), given.one('nothing')]).toEqual([true, false, undefined]);
  });

  test.each([
    [['--outptu', 'html'], 'unknown option --outptu; did you mean --output?'],
    [['--zzzzzzzzzzzz'], 'unknown option --zzzzzzzzzzzz'],
    [['-z'], /unknown option -z/],
    [['--db'], '--db needs a value, PATH'],
    [['--db='], '--db needs a path, and has an empty text'],
    [['--db', 'a', '--db', 'b'], '--db is given twice'],
    [['--check=yes'], '--check takes no value'],
    [['--output', 'xml'], '--output cannot be xml; there are text, html'],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(bake, args)).toThrow(UsageError);
    expect(() => readOptions(bake, args)).toThrow(message);
  });

  test('words are refused where there are none, unless help is asked for', () => {
    expect(() => readOptions(plain, ['x'])).toThrow('it takes no x');
    expect(readOptions(plain, ['x', '-h']).has('help')).toBe(true);
  });

  test('make the usage', () => {
    expect(usageText(bake)).toBe(`Usage: kodiak bake FILE… [options]

Bake files.

      --db PATH           database
  -p, --param NAME=VALUE  a value; may be repeated
      --output FORMAT     format; text, html
      --check             only look
  -h, --help              show this

Exit code: 0 done, 1 not as expected (assertion, check, stale answer), 2 an SQL error,
3 wrong usage, 4 the environment (no server, unreadable file, full disk), 130 cancelled with Ctrl+C.
`);
  });
});
