import type { Memento } from 'vscode';
import type { CellPlace } from '../../server/protocol/archive.ts';

/** A pin that outlives its window. The pinned rows themselves are kept by the server: see `pinPlace`. */
export interface KeptPin {
  /** The handle of the result when it was pinned: names the pin. */
  readonly id: string;
  /** Keys of the cell as it is now and as it was saved: a notebook is opened with either text. */
  readonly cells: readonly string[];
  /** The cell's text when it was pinned. */
  readonly sql: string;
  /** Unix milliseconds. */
  readonly pinnedAt: number;
}

const KEY = 'kodiak.pins';
/** The ones that changed least recently are forgotten. */
const MAX_NOTEBOOKS = 200;

type Pins = Readonly<Record<string, readonly KeptPin[]>>;

/** Which results are pinned in which cells, from one window to the next. */
export class PinMemory {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  of(notebook: string): readonly KeptPin[] {
    return this.#memento.get<Pins>(KEY, {})[notebook] ?? [];
  }

  async put(notebook: string, pins: readonly KeptPin[]): Promise<void> {
    const { [notebook]: _, ...others } = this.#memento.get<Pins>(KEY, {});
    const newest = Object.entries(others).slice(1 - MAX_NOTEBOOKS);
    await this.#memento.update(KEY, Object.fromEntries([...newest, ...(pins.length > 0 ? [[notebook, pins] as const] : [])]));
  }
}

/** Where the rows of a pin are kept: it stays the same however the cell is changed or moved. */
export function pinPlace({ id, sql }: Pick<KeptPin, 'id' | 'sql'>, notebook: string, database: string): CellPlace {
  return { notebook, database, sql, occurrence: 0, pin: id };
}
