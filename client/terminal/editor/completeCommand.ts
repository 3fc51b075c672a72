import { maskDotCommands } from '../../../engine/sql/dotCommands.ts';
import type { CommandGroup, DotCommand } from '../commands/dotCommand.ts';
import type { CompletionAnswer, CompletionChoice } from './completionMenu.ts';
import { lineStart } from './textMoves.ts';

/** What a word behind a dot command may be. `other` is completed as SQL after `FROM`, or as SQL. */
export type WordKind = 'file' | 'table' | 'sql' | 'none';

export interface CommandWord {
  readonly kind: WordKind;
  /** The word so far, without a quote before it. */
  readonly typed: string;
  readonly quote: '"' | "'" | '';
  readonly start: number;
  readonly end: number;
}

/** What is known at once, or which word has to be looked for elsewhere. */
export type CommandCompletion = { readonly answer: CompletionAnswer } | { readonly word: CommandWord };

/** Completion in the line of a dot command: its name, the values in its usage; undefined where the cursor is in no such line. */
export function completeCommand(groups: readonly CommandGroup[], text: string, cursor: number): CommandCompletion | undefined {
  const start = lineStart(text, cursor);
  const line = text.slice(start, cursor);
  const name = /^\s*\.([A-Za-z_?]*)$/.exec(line);
  const commands = groups.flatMap((group) => group.commands);
  // A letter makes a command of a lone dot, where a statement may begin.
  const probe = `${text.slice(0, start)}${line.replace('.', '.x')}`;
  if (!/^\s*\./.test(line) || maskDotCommands(probe).slice(start).trim() !== '') return undefined;
  if (name) {
    const typed = name[1] ?? '';
    const choices = commands.map((command) => nameChoice(command, `.${command.name}${command.usage === '' ? '' : ' '}`));
    return { answer: fitting(choices, `.${typed}`, cursor - typed.length - 1, cursor) };
  }
  const [, called = '', rest = ''] = /^\s*\.(\S+)\s([\s\S]*)$/.exec(line) ?? [];
  const command = commands.find(({ name, aliases }) => name === called || aliases?.includes(called));
  if (!command) return { word: { kind: 'none', typed: '', quote: '', start: cursor, end: cursor } };
  if (command.takes === 'rest' && wantsSql(command.usage)) {
    return { word: { kind: 'sql', typed: rest, quote: '', start: cursor - rest.length, end: cursor } };
  }
  const word = lastWord(rest, cursor);
  const { usage, isFirst } = usageWord(command.usage, rest);
  if (command.name === 'help') {
    const choices = commands.map((command) => nameChoice(command, command.name));
    return { answer: fitting(choices, word.typed, word.start, cursor) };
  }
  const listed = usage.split('|').filter((value) => /^(?:-?[a-z_]+|:memory:)$/.test(value) && kindOf(value) === 'none');
  const values = isFirst ? [...(command.values ?? []), ...listed] : listed;
  const choices = values.map((value) => ({ label: value, kind: 'value', insert: value }));
  const known = fitting(choices, word.typed, word.start, cursor);
  const kinds = usage.split('|').map(kindOf);
  const kind = kinds.find((other) => other !== 'none') ?? 'none';
  return kind === 'none' || known.choices.length > 0 ? { answer: known } : { word: { ...word, kind } };
}

/** Names of files that begin as the word does, as choices. `entries` are those of the folder in it. */
export function fileChoices(word: CommandWord, entries: readonly { readonly name: string; readonly folder: boolean }[]): CompletionAnswer {
  const slash = word.typed.lastIndexOf('/') + 1;
  const folder = word.typed.slice(0, slash);
  const typed = word.typed.slice(slash);
  const choices = entries
    .filter(({ name }) => typed.startsWith('.') || !name.startsWith('.'))
    .sort((a, b) => Number(a.folder) - Number(b.folder) || (a.name < b.name ? -1 : 1))
    .map(({ name, folder: isFolder }): CompletionChoice => {
      const path = `${folder}${name}${isFolder ? '/' : ''}`;
      const quote = word.quote || (/\s/.test(path) ? (path.includes("'") ? '"' : "'") : '');
      return {
        label: `${name}${isFolder ? '/' : ''}`,
        kind: isFolder ? 'folder' : 'file',
        insert: `${quote}${path}${isFolder ? '' : quote}`,
      };
    });
  const fits = choices.filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase()));
  return { choices: fits, start: word.start, end: word.end };
}

function nameChoice({ name, summary }: DotCommand, insert: string): CompletionChoice {
  return { label: `${insert.startsWith('.') ? '.' : ''}${name}`, kind: 'command', detail: summary, insert };
}

function fitting(choices: readonly CompletionChoice[], typed: string, start: number, end: number): CompletionAnswer {
  return { choices: choices.filter(({ insert }) => insert.startsWith(typed.toLowerCase())), start, end };
}

function wantsSql(usage: string): boolean {
  return /sql|query|statement|select/i.test(usage);
}

/** The part of the usage for the word that is being written; the last part stands for all that follow. */
function usageWord(usage: string, rest: string): { readonly usage: string; readonly isFirst: boolean } {
  const parts = usage
    .replaceAll(/[[\]<>…]/g, '')
    .replaceAll(/\s*\|\s*/g, '|')
    .split(/\s+/)
    .filter((part) => part !== '');
  const before = rest.replace(/(?:"[^"]*"?|'[^']*'?|\S+)$/, '').match(/"[^"]*"|'[^']*'|\S+/g)?.length ?? 0;
  return { usage: parts[Math.min(before, parts.length - 1)] ?? '', isFirst: before === 0 };
}

function kindOf(usage: string): WordKind {
  if (/^(?:files?|dir|directory|folder|path|target|script|database)$/i.test(usage)) return 'file';
  if (/^(?:table|tables|view|pattern|name)$/i.test(usage)) return 'table';
  return 'none';
}

function lastWord(rest: string, cursor: number): CommandWord {
  const word = /(?:"[^"]*|'[^']*|[^\s"']\S*)$/.exec(rest)?.[0] ?? '';
  const quote = word.startsWith('"') ? '"' : word.startsWith("'") ? "'" : '';
  return { kind: 'none', typed: quote === '' ? word : word.slice(1), quote, start: cursor - word.length, end: cursor };
}
