import { OUTPUT_FORMATS } from '../outputFormat.ts';
import { HELP_OPTION } from './givenOptions.ts';
import type { OptionSpec, Subcommand } from './subcommand.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Options of the program without a sub-command, as `USAGE` has them. */
const PROGRAM_OPTIONS: readonly OptionSpec[] = [
  { name: 'command', short: 'c', value: 'SQL', repeatable: true, about: 'run SQL and leave' },
  { name: 'db', value: 'PATH', isPath: true, about: 'database to open' },
  { name: 'format', short: 'f', value: 'FORMAT', choices: OUTPUT_FORMATS, about: 'how results are written' },
  { name: 'readonly', about: 'open the database read-only' },
  { name: 'attach', value: 'SOCKET', isPath: true, about: 'use the server that listens there' },
  { name: 'token-file', value: 'FILE', isPath: true, about: 'the token of that server' },
  HELP_OPTION,
  { name: 'version', about: 'show the version' },
];

/** A script that makes a shell complete sub-commands, options, and values that can be listed; for all else it offers files. */
export function completionScript(shell: Shell, subcommands: readonly Subcommand[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(subcommands);
    case 'zsh':
      return zshScript(subcommands);
    case 'fish':
      return fishScript(subcommands);
  }
}

/** What stands behind a name: its options, and words that can be listed. */
interface Group {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  readonly words: readonly string[];
}

function groupsOf(subcommands: readonly Subcommand[]): Group[] {
  return subcommands.map(({ name, options, wordChoices = [] }) => ({ name, options: [...options, HELP_OPTION], words: wordChoices }));
}

function bashScript(subcommands: readonly Subcommand[]): string {
  const names = subcommands.map(({ name }) => name).join(' ');
  const groups = [...groupsOf(subcommands), { name: '*', options: PROGRAM_OPTIONS, words: [] }];
  const cases = groups.map(
    ({ name, options, words }) => `    ${name})
      options=${quoted(flags(options).join(' '))}
      words=${quoted(words.join(' '))}
      case "$previous" in
${options
  .filter(({ value }) => value !== undefined)
  .map((option) => `        ${flags([option]).join('|')}) values=${quoted((option.choices ?? []).join(' '))} takes=yes ;;\n`)
  .join('')}      esac
      ;;
`,
  );
  return `# Completion of kodiak for bash: eval "$(kodiak completions bash)"
_kodiak() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local options="" words="" values="" takes=""
  COMPREPLY=()
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
  if [[ "$takes" = yes ]]; then
    [[ -n "$values" ]] && COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ "$current" = -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ "$COMP_CWORD" -eq 1 ]]; then
    COMPREPLY=($(compgen -W ${quoted(names)} -- "$current"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o bashdefault -o default -F _kodiak kodiak
`;
}

function zshScript(subcommands: readonly Subcommand[]): string {
  const described = subcommands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n');
  const line = (indent: string, options: readonly OptionSpec[], rest: string) =>
    ['_arguments -s', ...options.map(zshOption), rest].join(` \\\n${indent}  `);
  const cases = groupsOf(subcommands)
    .map(({ name, options, words }) => {
      const rest = words.length > 0 ? `'*:word:(${words.join(' ')})'` : `'*:file:_files'`;
      return `      ${name})\n        ${line('        ', options, rest)}\n        ;;\n`;
    })
    .join('');
  return `#compdef kodiak
# Completion of kodiak for zsh: put this into a file _kodiak in a folder of $fpath.
_kodiak() {
  local -a subcommands
  subcommands=(
${described}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe 'sub-command' subcommands
    _files
    return
  fi
  local name="$words[2]"
  if (( \${subcommands[(I)$name:*]} )); then
    shift words
    (( CURRENT-- ))
    case "$name" in
${cases}    esac
    return
  fi
  ${line('  ', PROGRAM_OPTIONS, "'*:file:_files'")}
}
if [[ "$funcstack[1]" = _kodiak ]]; then
  _kodiak "$@"
else
  compdef _kodiak kodiak
fi
`;
}

/** \`--name=[about]:VALUE:what it can be\`, and the same for its letter. */
function zshOption({ name, short, value, choices, isPath, repeatable, about }: OptionSpec): string {
  const what = choices ? `(${choices.join(' ')})` : isPath ? '_files' : ' ';
  const tail = `[${about.replaceAll(/[[\]\\:]/g, '\\$&')}]${value === undefined ? '' : `:${value.replaceAll(':', '\\:')}:${what}`}`;
  const star = repeatable ? '*' : '';
  const long = quoted(`${star}--${name}${value === undefined ? '' : '='}${tail}`);
  return short === undefined ? long : `${long} ${quoted(`${star}-${short}${tail}`)}`;
}

function fishScript(subcommands: readonly Subcommand[]): string {
  const names = subcommands.map(({ name }) => name).join(' ');
  const lines = [
    '# Completion of kodiak for fish: kodiak completions fish | source',
    ...subcommands.map(({ name, summary }) => `complete -c kodiak -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`),
    ...PROGRAM_OPTIONS.map((option) => fishOption(`not __fish_seen_subcommand_from ${names}`, option)),
  ];
  for (const { name, options, words } of groupsOf(subcommands)) {
    const seen = `__fish_seen_subcommand_from ${name}`;
    lines.push(...options.map((option) => fishOption(seen, option)));
    if (words.length > 0) lines.push(`complete -c kodiak -n ${quoted(seen)} -f -a ${quoted(words.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}

function fishOption(condition: string, { name, short, value, choices, about }: OptionSpec): string {
  const letter = short === undefined ? '' : ` -s ${short}`;
  const takes = value === undefined ? '' : choices ? ` -x -a ${quoted(choices.join(' '))}` : ' -r';
  return `complete -c kodiak -n ${quoted(condition)} -l ${name}${letter}${takes} -d ${quoted(about)}`;
}

function flags(options: readonly OptionSpec[]): string[] {
  return options.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
}

/** As one word of any of these shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
