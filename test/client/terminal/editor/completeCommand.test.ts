import { describe, expect, test } from 'vitest';
import type { CommandGroup, DotCommand } from '../../../../client/terminal/commands/dotCommand.ts';
import { type CommandWord, completeCommand, fileChoices } from '../../../../client/terminal/editor/completeCommand.ts';

function command(name: string, usage: string, takes: DotCommand['takes'] = [0, 2]): DotCommand {
  return { name, usage, takes, summary: `about ${name}`, explanation: '', example: [], run: async () => 'done' };
}

const GROUPS: readonly CommandGroup[] = [
  {
    title: 'All',
    commands: [
      command('help', '[command]'),
      command('tables', '[pattern]'),
      command('timer', 'on|off'),
      command('read', 'file'),
      command('open', '[file|:memory:]'),
      command('import', 'FILE TABLE'),
      command('explain', 'SQL', 'rest'),
      command('exit', ''),
      { ...command('mode', '[MODE [TABLE]]'), values: ['box', 'csv'] },
      command('once', 'FILE | |COMMAND | -e'),
    ],
  },
];

function labels(text: string): string[] | string | undefined {
  const found = completeCommand(GROUPS, text, text.length);
  if (!found) return undefined;
  return 'word' in found ? `${found.word.kind} ${found.word.typed}` : found.answer.choices.map(({ insert }) => insert);
}

describe('completeCommand', () => {
  test.each([
    ['.t', ['.tables ', '.timer ']],
    ['select 1;\n.ex', ['.explain ', '.exit']],
    ['.', ['.help ', '.tables ', '.timer ', '.read ', '.open ', '.import ', '.explain ', '.exit', '.mode ', '.once ']],
    ['.timer o', ['on', 'off']],
    ['.timer ', ['on', 'off']],
    ['.help ti', ['timer']],
    ['.tables or', 'table or'],
    ['.read "my fi', 'file my fi'],
    ['.open :', [':memory:']],
    ['.open da', 'file da'],
    ['.import a.csv ord', 'table ord'],
    ['.explain select * fr', 'sql select * fr'],
    ['.exit ', []],
    ['.mode ', ['box', 'csv']],
    ['.mode csv or', 'table or'],
    ['.once -', ['-e']],
    ['.once re', 'file re'],
    ['.nothing x', 'none '],
    ['select', undefined],
    ['select\n.5', undefined],
    ['select 1 .t', undefined],
  ])('%j', (text, expected) => expect(labels(text)).toEqual(expected));

  test('names files with the quotes that they need, folders last', () => {
    const entries = [
      { name: 'sub', folder: true },
      { name: 'a b.sql', folder: false },
      { name: "it's here.sql", folder: false },
      { name: '.hidden', folder: false },
      { name: 'load.sql', folder: false },
    ];
    const word: CommandWord = { kind: 'file', typed: 'x/', quote: '', start: 6, end: 8 };
    expect(fileChoices(word, entries).choices.map(({ insert }) => insert)).toEqual([
      "'x/a b.sql'",
      `"x/it's here.sql"`,
      'x/load.sql',
      'x/sub/',
    ]);
    expect(fileChoices({ ...word, typed: 'x/LO', quote: '"' }, entries).choices).toMatchObject([
      { label: 'load.sql', insert: '"x/load.sql"' },
    ]);
  });
});
