import type { ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import type { ColumnArrangement } from './columnArrangement.ts';

/** How a person looks at a result. */
export interface LookedAt {
  readonly spec: ViewSpec;
  readonly arrangement: ColumnArrangement;
  readonly thousands: boolean;
}

interface Remembered extends LookedAt {
  readonly columns: string;
}

/** Statements that are remembered; the one that was looked at longest ago is forgotten. */
const MAX_REMEMBERED = 200;

/** By what gave the result: a later result of the same, with the same columns, is looked at in the same way. */
export class ViewMemory {
  readonly #remembered = new Map<string, Remembered>();

  remember(origin: string | undefined, columns: readonly WireColumn[], looked: LookedAt): void {
    if (origin === undefined) return;
    this.#remembered.delete(origin);
    this.#remembered.set(origin, { ...looked, columns: signature(columns) });
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) return;
      this.#remembered.delete(oldest);
    }
  }

  recall(origin: string | undefined, columns: readonly WireColumn[]): LookedAt | undefined {
    const found = origin === undefined ? undefined : this.#remembered.get(origin);
    return found?.columns === signature(columns) ? found : undefined;
  }
}

function signature(columns: readonly WireColumn[]): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]));
}

/** That of the page: its grids come and go with each run. */
export const viewMemory = new ViewMemory();
