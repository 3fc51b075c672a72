import { variablesOf } from '../../notebook/dependentCells.ts';
import { guessedType, type NotebookParameter, readParameters, setVariable, withValue } from '../../notebook/parameters.ts';
import { closestName } from '../closestName.ts';
import { UsageError } from '../subcommands/subcommand.ts';
import type { HeadlessCell } from './notebookCells.ts';

/** A notebook whose parameters have the values that were given. */
export interface ParameterizedNotebook {
  readonly cells: readonly HeadlessCell[];
  /** What is to run before, for `$name`s that no cell sets. */
  readonly prelude: readonly string[];
}

/** Reads `name=value` texts; throws a `UsageError` for others, and for a name that is given twice. */
export function readGiven(texts: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--param takes name=value, not ${text}`);
    const name = text.slice(0, equals);
    if ([...given.keys()].some((other) => other.toLowerCase() === name.toLowerCase()))
      throw new UsageError(`--param ${name} is given twice`);
    given.set(name, text.slice(equals + 1));
  }
  return given;
}

/**
 * Puts values in the place of those of the params cells, as the inputs of a notebook do; a `$name` that no cell sets is set before. Throws a
 * `UsageError` that lists the parameters for a name that there is not, and for a value of the wrong type.
 */
export function withParameters(cells: readonly HeadlessCell[], given: ReadonlyMap<string, string>): ParameterizedNotebook {
  const isParams = ({ kind, marker }: HeadlessCell) => kind === 'code' && marker.role === 'params';
  const declared = new Map(
    cells.filter(isParams).flatMap(({ text }) => readParameters(text).map((each) => [each.name.toLowerCase(), each])),
  );
  const open = openNames(cells);
  const prelude: string[] = [];
  let changed = [...cells];
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    if (declared.has(key)) changed = changed.map((cell) => (isParams(cell) ? withText(cell, name, value, declared) : cell));
    else if (open.has(key)) prelude.push(setVariable(open.get(key) ?? name, guessedType(value), value));
    else throw new UsageError(unknownName(name, declared, open));
  }
  return { cells: changed, prelude };
}

function withText(cell: HeadlessCell, name: string, value: string, declared: ReadonlyMap<string, NotebookParameter>): HeadlessCell {
  if (!readParameters(cell.text).some((each) => each.name.toLowerCase() === name.toLowerCase())) return cell;
  try {
    return { ...cell, text: withValue(cell.text, name, value) };
  } catch (thrown) {
    throw new UsageError(`--param ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n${listed(declared, new Map())}`);
  }
}

/** Names that cells read and none sets, by their lower case. */
function openNames(cells: readonly HeadlessCell[]): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  const all = cells.filter(({ kind }) => kind === 'code').map(({ text }) => variablesOf(text));
  for (const variables of all) for (const name of variables.read) read.set(name.toLowerCase(), name);
  for (const variables of all) for (const name of variables.set) read.delete(name.toLowerCase());
  return read;
}

function unknownName(name: string, declared: ReadonlyMap<string, NotebookParameter>, open: ReadonlyMap<string, string>): string {
  const meant = closestName(name, [...declared.values()].map((each) => each.name).concat([...open.values()]));
  return `--param ${name}: the notebook has no such parameter${meant === undefined ? '' : `; did you mean ${meant}?`}\n${listed(declared, open)}`;
}

function listed(declared: ReadonlyMap<string, NotebookParameter>, open: ReadonlyMap<string, string>): string {
  const lines = [...declared.values()].map((each) => `  ${each.name}=${each.value ?? 'NULL'}  (${described(each)})`);
  const more = [...open.values()].map((name) => `  ${name}  (has no value in the notebook)`);
  return lines.length + more.length === 0 ? 'It has no parameters.' : ['Its parameters:', ...lines, ...more].join('\n');
}

function described({ kind, type, choices, min, max }: NotebookParameter): string {
  if (kind === 'expression') return 'computed by SQL, cannot be given';
  if (choices) return `one of ${choices.join(', ')}`;
  const bounds = min === undefined && max === undefined ? '' : `, ${min ?? ''}..${max ?? ''}`;
  return `${type ?? kind}${bounds}`;
}
