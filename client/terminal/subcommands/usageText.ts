import { EXIT_CODE_TEXT } from './exitCode.ts';
import { HELP_OPTION } from './givenOptions.ts';
import type { OptionSpec, Subcommand } from './subcommand.ts';

/** What `kodiak NAME --help` shows. */
export function usageText(subcommand: Subcommand): string {
  const { name, words, summary, options, notes } = subcommand;
  const names = [...options, HELP_OPTION].map(optionText);
  const width = Math.max(...names.map((text) => text.length)) + 2;
  const lines = [...options, HELP_OPTION].map((option, at) => `  ${(names[at] ?? '').padEnd(width)}${aboutText(option)}`);
  return [
    `Usage: kodiak ${name}${words === undefined ? '' : ` ${words}`} [options]`,
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    '',
    ...lines,
    '',
    ...(notes === undefined ? [] : [notes.trimEnd(), '']),
    EXIT_CODE_TEXT,
  ].join('\n');
}

/** One line for each sub-command. */
export function summaryLines(subcommands: readonly Subcommand[]): string[] {
  const heads = subcommands.map(({ name, words }) => `${name}${words === undefined ? '' : ` ${words}`}`);
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  return subcommands.map(({ summary }, at) => `  ${(heads[at] ?? '').padEnd(width)}${summary}`);
}

function optionText({ name, short, value }: OptionSpec): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function aboutText({ about, choices, repeatable }: OptionSpec): string {
  return [about, ...(choices ? [choices.join(', ')] : []), ...(repeatable ? ['may be repeated'] : [])].join('; ');
}
