import { closestName } from '../closestName.ts';
import { type CommandGroup, type DotCommand, say } from './dotCommand.ts';

const WIDE_USAGE = 26;
const LINE = 92;

/** `.help`, which knows all commands. */
export function helpCommand(groups: () => readonly CommandGroup[]): DotCommand {
  return {
    name: 'help',
    aliases: ['?', 'h'],
    usage: '[command]',
    summary: 'list the commands, or explain one',
    explanation: 'Lists all commands by what they are about. With a name it explains one and shows an example.',
    example: ['.help', '.help mode'],
    takes: [0, 1],
    run: async (shell, [typed]) => {
      if (typed === undefined) return say(shell, ...listLines(groups(), shell.output.style.bold));
      const command = findCommand(groups(), typed.replace(/^\./, ''));
      if (!command) throw new Error(unknownCommandText(groups(), typed.replace(/^\./, '')));
      return say(shell, ...explanationLines(command, shell.output.style.bold, Math.min(LINE, (shell.output.width ?? LINE) - 1)));
    },
  };
}

/** The command with this name or other name, or the only one that begins so. */
export function findCommand(groups: readonly CommandGroup[], name: string): DotCommand | undefined {
  const commands = groups.flatMap((group) => group.commands);
  const exact = commands.find((command) => command.name === name || command.aliases?.includes(name));
  if (exact || name === '') return exact;
  const begun = commands.filter((command) => [command.name, ...(command.aliases ?? [])].some((known) => known.startsWith(name)));
  return begun.length === 1 ? begun[0] : undefined;
}

/** Names the nearest command, where one is near. */
export function unknownCommandText(groups: readonly CommandGroup[], typed: string): string {
  const begun = groups.flatMap(({ commands }) => commands.filter(({ name }) => name.startsWith(typed)).map(({ name }) => `.${name}`));
  if (typed !== '' && begun.length > 1) return `.${typed} may be ${begun.slice(0, -1).join(', ')} or ${begun.at(-1)}.`;
  const near = closestName(
    typed,
    groups.flatMap(({ commands }) => commands.map(({ name }) => name)),
  );
  return `Unknown command .${typed}; ${near === undefined ? '.help lists them.' : `did you mean .${near}?`}`;
}

function listLines(groups: readonly CommandGroup[], bold: (text: string) => string): string[] {
  const usages = groups.flatMap(({ commands }) => commands.map(usageOf));
  const width = Math.max(...usages.map((usage) => (usage.length > WIDE_USAGE ? 0 : usage.length)));
  const lines = groups.flatMap(({ title, commands }) => [
    bold(title),
    ...commands.map((command) => {
      const usage = usageOf(command);
      return usage.length > width
        ? `  ${usage}\n${' '.repeat(width + 4)}${command.summary}`
        : `  ${usage.padEnd(width)}  ${command.summary}`;
    }),
    '',
  ]);
  return [...lines, '.help NAME explains one. A statement ends with a semicolon. Ctrl+C cancels, Ctrl+D leaves.'];
}

function explanationLines(command: DotCommand, bold: (text: string) => string, width: number): string[] {
  const also = command.aliases?.length ? [`Also ${command.aliases.map((name) => `.${name}`).join(', ')}.`] : [];
  const table = command.table ?? [];
  return [
    ...(usageOf(command).length + command.summary.length > width - 2
      ? [bold(usageOf(command)), `  ${command.summary}`]
      : [`${bold(usageOf(command))}  ${command.summary}`]),
    '',
    ...wrapped([...also, command.explanation, ...(command.touchesFiles ? ['Refused in safe mode.'] : [])].join(' '), width),
    ...(table.length > 0 ? ['', ...table.map((line) => `  ${line}`)] : []),
    '',
    command.example.length > 1 ? 'Examples:' : 'Example:',
    ...command.example.map((line) => `  ${line}`),
  ];
}

function usageOf({ name, usage }: DotCommand): string {
  return `.${name} ${usage}`.trimEnd();
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
