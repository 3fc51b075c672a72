import { parseArgs } from 'node:util';
import { closestName } from '../closestName.ts';
import { type OptionSpec, type Subcommand, UsageError } from './subcommand.ts';

/** Every sub-command has it. */
export const HELP_OPTION: OptionSpec = { name: 'help', short: 'h', about: 'show this' };

/** The options and words that a sub-command was given, each checked against what it takes. */
export class GivenOptions {
  readonly words: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(words: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.words = words;
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  one(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** One of `choices`, which the option's specification has as well. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    return choices.find((choice) => choice === this.one(name)) ?? otherwise;
  }
}

/** Reads what stands behind the sub-command's name; throws a `UsageError` that says what is wrong. */
export function readOptions(subcommand: Subcommand, args: readonly string[]): GivenOptions {
  const specs = [...subcommand.options, HELP_OPTION];
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(specs.map(({ name, short, value }) => [name, { type: typeOf(value), ...(short && { short }) }])),
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = specs.find(({ name }) => name === token.name);
    if (!spec) throw new UsageError(unknownOption(token.rawName, specs));
    const value = checkedValue(spec, token.rawName, token.value);
    const before = values.get(spec.name);
    if (before && !spec.repeatable && spec.value !== undefined) throw new UsageError(`${token.rawName} is given twice`);
    values.set(spec.name, [...(before ?? []), value]);
  }
  if (!values.has(HELP_OPTION.name)) checkWords(subcommand, words);
  return new GivenOptions(words, values);
}

function typeOf(value: string | undefined): 'string' | 'boolean' {
  return value === undefined ? 'boolean' : 'string';
}

function checkedValue(spec: OptionSpec, typed: string, value: string | undefined): string {
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${typed} takes no value`);
    return '';
  }
  if (value === undefined) throw new UsageError(`${typed} needs a value, ${spec.value}`);
  if (spec.choices && !spec.choices.includes(value))
    throw new UsageError(`${typed} cannot be ${value}; there are ${spec.choices.join(', ')}`);
  if (spec.isPath && value === '') throw new UsageError(`${typed} needs a path, and has an empty text`);
  return value;
}

function checkWords(subcommand: Subcommand, words: readonly string[]): void {
  const [word] = words;
  if (subcommand.words === undefined && word !== undefined) throw new UsageError(`it takes no ${word}`);
  const unknown = words.find((each) => subcommand.wordChoices && !subcommand.wordChoices.includes(each));
  if (unknown !== undefined) throw new UsageError(`there is no ${unknown}; there are ${subcommand.wordChoices?.join(', ')}`);
}

function unknownOption(typed: string, specs: readonly OptionSpec[]): string {
  const meant = closestName(
    typed,
    specs.map(({ name }) => `--${name}`),
  );
  return `unknown option ${typed}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}
