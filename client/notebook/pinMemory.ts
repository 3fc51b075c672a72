import type { Memento } from 'vscode';
import { type CellPlace, cellKey } from '../../server/protocol/archive.ts';

/** A pin that outlives its window. The pinned rows themselves are kept by the server: see `pinPlace`. */
export interface KeptPin {
  /** The handle of the result when it was pinned: names the pin. */
  readonly id: string;
  /** The one that was open when it was pinned, as in `CellPlace`. */
  readonly database: string;
  /** `pinCellKey` of the cell as it is now and as it was saved: a notebook is opened with either text. */
  readonly cells: readonly string[];
  /** The cell's text when it was pinned. */
  readonly sql: string;
  /** Unix milliseconds. */
  readonly pinnedAt: number;
}

const KEY = 'kodiak.pins';
/** The ones that changed least recently are forgotten. */
const MAX_NOTEBOOKS = 200;
const MAX_PINS = 100;

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
export function pinPlace({ id, sql, database }: Pick<KeptPin, 'id' | 'sql' | 'database'>, notebook: string): CellPlace {
  return { notebook, database, sql, occurrence: 0, pin: id };
}

/** By which a cell finds its pin, whatever database is open. */
export function pinCellKey({ notebook, sql, occurrence }: Pick<CellPlace, 'notebook' | 'sql' | 'occurrence'>): string {
  return cellKey({ notebook, sql, occurrence, database: '' });
}

/** What is to be remembered of a notebook: its pins now, and those of cells that it does not have as it is open now. */
export function mergedPins(stored: readonly KeptPin[], now: readonly KeptPin[], ended: ReadonlySet<string>): KeptPin[] {
  const ids = new Set(now.map(({ id }) => id));
  return [...stored.filter(({ id }) => !ids.has(id) && !ended.has(id)), ...now].slice(-MAX_PINS);
}

/** The pins of cells by the cells' keys: each goes to one cell, to that as it is before one as it was saved; the newest goes first. */
export function assignedPins(pins: readonly KeptPin[], keys: readonly string[]): ReadonlyMap<number, KeptPin> {
  const assigned = new Map<number, KeptPin>();
  for (const pin of [...pins].reverse()) {
    const index = pin.cells.map((key) => keys.indexOf(key)).find((found) => found >= 0 && !assigned.has(found));
    if (index !== undefined) assigned.set(index, pin);
  }
  return assigned;
}
