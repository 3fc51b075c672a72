import { window } from 'vscode';
import type { WireFailure } from '../../server/protocol/values.ts';
import { typedValueProblem } from './parameters.ts';

/** A value that a person gave for a `$name`. */
export interface GivenValue {
  readonly name: string;
  /** The type that DuckDB would take, where it tells. */
  readonly type: string | undefined;
  readonly value: string;
}

/** Asks for the values that a run missed, one after the other. `undefined` when the person gives up. */
export async function askValues(
  missing: NonNullable<WireFailure['missing']>,
  note: string,
  known: (name: string) => string | undefined = () => undefined,
): Promise<GivenValue[] | undefined> {
  const given: GivenValue[] = [];
  for (const { name, type } of missing) {
    const value = await window.showInputBox({
      title: `Value for $${name}`,
      prompt: `${type ?? 'Text, number, date, true or false'}. ${note}`,
      value: known(name) ?? '',
      ignoreFocusOut: true,
      validateInput: (text) => typedValueProblem(type, text),
    });
    if (value === undefined) return undefined;
    given.push({ name, type, value });
  }
  return given;
}
