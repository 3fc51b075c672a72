import { namedParameters, setVariableName, variablesRead } from '../../engine/sql/namedParameters.ts';
import { namesSaid } from '../../engine/sql/resultName.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';

/** A code cell, as far as others may depend on it. */
export interface CellText {
  readonly text: string;
  readonly resultName?: string | undefined;
}

/** Variables that a script reads as `$name` or `getvariable('name')`, and those that it sets, in lower case. */
export function variablesOf(text: string): { readonly read: ReadonlySet<string>; readonly set: ReadonlySet<string> } {
  const read = new Set<string>();
  const set = new Set<string>();
  for (const statement of splitStatements(text)) {
    for (const { name } of namedParameters(statement, text)) read.add(name.toLowerCase());
    for (const name of variablesRead(statement, text)) read.add(name.toLowerCase());
    const name = setVariableName(statement, text);
    if (name !== undefined) set.add(name.toLowerCase());
  }
  return { read, set };
}

/**
 * The cells (positions in the list) that show another answer when these variables have other values: they read one, or a variable
 * or named result that such a cell makes.
 */
export function dependentCells(cells: readonly CellText[], variables: Iterable<string>): number[] {
  const changed = new Set([...variables].map((name) => name.toLowerCase()));
  const results = new Set<string>();
  const found = new Set<number>();
  const known = cells.map(({ text }) => variablesOf(text));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [index, { text, resultName }] of cells.entries()) {
      const { read, set } = known[index] ?? variablesOf(text);
      const says = () => splitStatements(text).some((statement) => namesSaid(statement, text, (name) => results.has(name)).length > 0);
      if (found.has(index) || !([...read].some((name) => changed.has(name)) || (results.size > 0 && says()))) continue;
      found.add(index);
      for (const name of set) changed.add(name);
      if (resultName !== undefined) results.add(resultName.toLowerCase());
    }
  }
  return [...found].sort((a, b) => a - b);
}
