import { closestName } from '../closestName.ts';
import { formatBeginning, formatLines, OUTPUT_FORMATS } from '../outputFormat.ts';
import { CHART } from './chart.ts';
import { type CommandGroup, say, WrongUsage } from './dotCommand.ts';
import { REDIRECTION } from './redirection.ts';
import { onOff, wholeNumber } from './words.ts';

export const OUTPUT: CommandGroup = {
  title: 'Output',
  commands: [
    {
      name: 'mode',
      usage: '[MODE [TABLE]]',
      summary: 'choose how results are shown',
      explanation:
        'Chooses the form of results from now on; without a name it tells the present one. The beginning of a name is enough. TABLE is the one that insert names. Separators go back to what the mode has. --format takes the same names.',
      table: formatLines(),
      values: OUTPUT_FORMATS,
      example: ['.mode', '.mode csv', '.mode insert people'],
      takes: [0, 2],
      run: async (shell, [name, table]) => {
        if (name === undefined) return say(shell, `The mode is ${shell.format}.`);
        const format = formatBeginning(name);
        if (format === undefined) {
          const near = closestName(name.toLowerCase(), OUTPUT_FORMATS);
          throw new WrongUsage(`There is no mode ${name}; ${near === undefined ? '.help mode lists them.' : `did you mean ${near}?`}`);
        }
        if (table !== undefined && format !== 'insert') throw new WrongUsage(`Only the mode insert takes a table.`);
        shell.format = format;
        shell.settings.table = table ?? 'table';
        shell.settings.columnSeparator = undefined;
        shell.settings.rowSeparator = undefined;
        return 'done';
      },
    },
    {
      name: 'maxrows',
      usage: '[COUNT|auto]',
      summary: 'how many rows a box shows at most',
      explanation:
        'Of a longer result the first and last rows are shown, with a line of dots between them. 0 shows all. With auto, which is the default, it is what fits on the screen, and 40 where there is none. Other modes than box always show all rows.',
      example: ['.maxrows 100', '.maxrows auto'],
      takes: [0, 1],
      run: async (shell, [count]) => {
        if (count === undefined) return say(shell, `A box shows ${limitText(shell.settings.maxRows)}.`);
        shell.settings.maxRows = count === 'auto' ? undefined : wholeNumber(count);
        return 'done';
      },
    },
    {
      name: 'maxwidth',
      usage: '[COUNT]',
      summary: 'how wide a box may be',
      explanation:
        'In characters. Columns are narrowed, and some hidden, until the box fits. 0, the default, is the width of the terminal; without a terminal there is no limit.',
      example: ['.maxwidth 120', '.maxwidth 0'],
      takes: [0, 1],
      run: async (shell, [count]) => {
        const { settings } = shell;
        if (count === undefined) return say(shell, `A box is at most ${settings.maxWidth || 'as wide as the terminal'} characters wide.`);
        settings.maxWidth = wholeNumber(count);
        return 'done';
      },
    },
    {
      name: 'nullvalue',
      usage: '[TEXT]',
      summary: 'what stands for NULL',
      explanation:
        'In all modes but json, jsonl, insert and quote, which have their own way to write it. Without a text it is as each mode has it: NULL, and nothing in csv, tsv and markdown.',
      example: ['.nullvalue -', '.nullvalue ""', '.nullvalue'],
      takes: [0, 1],
      run: async (shell, [text]) => {
        shell.settings.nullText = text;
        return 'done';
      },
    },
    {
      name: 'headers',
      aliases: ['header'],
      usage: 'on|off',
      summary: 'show the names of columns',
      explanation: 'For the modes csv, tsv, list, column, html, latex, ascii, tcl and quote; in insert it is the list of columns.',
      example: ['.headers off'],
      takes: [1, 1],
      run: async (shell, [word]) => {
        shell.settings.headers = onOff(word);
        return 'done';
      },
    },
    {
      name: 'separator',
      usage: 'COLUMN [ROW]',
      summary: 'what stands between values, and behind rows',
      explanation:
        'For the modes csv, tsv, list, ascii, tcl and quote, until the next .mode. \\t, \\n, \\r, \\\\ and \\x1f are characters.',
      example: ['.separator ";"', '.separator "\\t" "\\r\\n"'],
      takes: [1, 2],
      run: async (shell, [column = '', row]) => {
        shell.settings.columnSeparator = unescaped(column);
        if (row !== undefined) shell.settings.rowSeparator = unescaped(row);
        return 'done';
      },
    },
    {
      name: 'width',
      usage: '[NUMBER …]',
      summary: 'least widths of columns, for the modes column and table',
      explanation:
        'One number for each column; a negative one puts values to the right. Without numbers columns are as wide as their values.',
      example: ['.width 10 -8', '.width'],
      takes: [0, 1000],
      run: async (shell, words) => {
        shell.settings.widths = words.map((word) => (word.startsWith('-') ? -wholeNumber(word.slice(1)) : wholeNumber(word)));
        return 'done';
      },
    },
    ...REDIRECTION,
    CHART,
    {
      name: 'timer',
      usage: 'on|off',
      summary: 'show times and where a result came from',
      explanation:
        'The last line of a box tells how long a statement took and whether its rows came from the cache, unless it is off. On, the other modes tell it, too, among the messages and not in the data.',
      example: ['.timer off'],
      takes: [1, 1],
      run: async (shell, [word]) => {
        shell.settings.timer = onOff(word);
        return 'done';
      },
    },
    {
      name: 'changes',
      usage: 'on|off',
      summary: 'show how many rows a statement changed',
      explanation: 'The mode box tells it unless it is off, the other modes only when it is on.',
      example: ['.changes on'],
      takes: [1, 1],
      run: async (shell, [word]) => {
        shell.settings.changes = onOff(word);
        return 'done';
      },
    },
    {
      name: 'print',
      usage: '[TEXT …]',
      summary: 'write a text',
      explanation: 'Writes its words, one space between them, to where results go.',
      example: ['.print Rows of today:', ".print 'two  spaces'"],
      takes: [0, 1000],
      run: async (shell, words) => say(shell, words.join(' ')),
    },
    {
      name: 'show',
      usage: '',
      summary: 'show how output is set',
      explanation: 'Lists what the commands of this group have set.',
      example: ['.show'],
      takes: [0, 0],
      run: async (shell) => {
        const { settings } = shell;
        const rows: readonly (readonly [string, string])[] = [
          ['mode', shell.format],
          ['table', settings.table],
          ['maxrows', settings.maxRows === undefined ? 'auto' : String(settings.maxRows)],
          ['maxwidth', settings.maxWidth === 0 ? 'auto' : String(settings.maxWidth)],
          ['nullvalue', settings.nullText === undefined ? 'auto' : JSON.stringify(settings.nullText)],
          ['headers', settings.headers ? 'on' : 'off'],
          [
            'separator',
            [settings.columnSeparator, settings.rowSeparator].map((text) => (text === undefined ? 'auto' : JSON.stringify(text))).join(' '),
          ],
          ['width', settings.widths.length === 0 ? 'auto' : settings.widths.join(' ')],
          ['timer', threeWay(settings.timer)],
          ['changes', threeWay(settings.changes)],
          ['echo', shell.echo ? 'on' : 'off'],
          ['bail', shell.bail ? 'on' : 'off'],
        ];
        const width = Math.max(...rows.map(([name]) => name.length));
        return say(shell, ...rows.map(([name, value]) => `${name.padStart(width)}: ${value}`));
      },
    },
  ],
};

function limitText(maxRows: number | undefined): string {
  if (maxRows === undefined) return 'as many rows as fit on the screen';
  return maxRows === 0 ? 'all rows' : `at most ${maxRows} rows`;
}

function threeWay(value: boolean | undefined): string {
  if (value === undefined) return 'auto';
  return value ? 'on' : 'off';
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|([tnr\\]))/gi, (whole: string, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (ESCAPES[letter?.toLowerCase() ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
