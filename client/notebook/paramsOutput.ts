import { PARAMS_MIME, type ParamsOutput, type ShownParameter } from '../../server/protocol/paramsOutput.ts';
import type { CellMarker } from './cellMarker.ts';
import { type NotebookParameter, readParameters } from './parameters.ts';
import type { PlannedOutput } from './resultOutput.ts';

/** The attribute of a params cell that says that a change runs what depends on it. */
export const AUTO_ATTRIBUTE = 'run';

/** What the inputs of a params cell show. */
export function paramsOutput(key: string, text: string, { attributes }: CellMarker, edited: boolean): ParamsOutput {
  return { key, parameters: readParameters(text).map(shown), auto: attributes.get(AUTO_ATTRIBUTE) === 'auto', edited };
}

/** The inputs as a cell's output; in words for whatever cannot show them. */
export function planParams(output: ParamsOutput): PlannedOutput {
  const lines = output.parameters.map(({ label, value }) => `${label}: ${value ?? 'NULL'}`);
  return {
    items: [
      { mime: PARAMS_MIME, text: JSON.stringify(output) },
      { mime: 'text/plain', text: lines.length === 0 ? 'There is no SET VARIABLE in this cell yet.' : lines.join('\n') },
    ],
  };
}

function shown({ name, label, kind, value, choices, min, max }: NotebookParameter): ShownParameter {
  return { name, label, kind, value, ...(choices && { choices }), ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}
