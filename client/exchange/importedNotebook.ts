import type { SavedOutput } from '../../server/protocol/savedOutput.ts';

/** A cell of another program's notebook, as a cell of a Kodiak notebook. */
export interface ImportedCell {
  readonly kind: 'code' | 'markup';
  readonly text: string;
  /** What stands behind `-- %%` on the cell's marker line: `Orders name=orders`. */
  readonly marker?: string;
  readonly outputs: readonly SavedOutput[];
}

/** A notebook of another program, converted. */
export interface ImportedNotebook {
  /** The program that wrote it, as far as the file tells. */
  readonly producer: string;
  readonly cells: readonly ImportedCell[];
  /** What a person should know about what was changed or left out, each in a sentence. */
  readonly notes: readonly string[];
}

/** Why a file cannot be imported, in words for a person. */
export class ImportProblem extends Error {}
