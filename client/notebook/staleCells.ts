import type { WireEffects, WireFreshness, WireSourceChange } from '../../server/protocol/freshness.ts';

/** A code cell of a notebook, as far as it matters whether its output is up to date. */
export interface WatchedCell {
  /** `cell 3` or its title: how sentences call it. */
  readonly name: string;
  /** What it says now. */
  readonly text: string;
  /** Its last run, if its output is still there. */
  readonly ran?: RanCell | undefined;
}

export interface RanCell {
  /** What it said then. */
  readonly text: string;
  readonly failed: boolean;
  readonly statements: readonly RanStatement[];
}

export interface RanStatement {
  readonly effects: WireEffects;
  /** Undefined while nobody has said. */
  readonly freshness: WireFreshness | undefined;
}

/** Why an output is out of date. */
export type StaleReason =
  | { readonly kind: 'edited' }
  | { readonly kind: 'changed'; readonly change: WireSourceChange }
  /** A cell before it, which it builds on, is stale. */
  | { readonly kind: 'builtOn'; readonly cell: number };

export type CellState =
  | { readonly kind: 'neverRun' }
  | { readonly kind: 'failed' }
  /** It was there to change something, once. */
  | { readonly kind: 'done' }
  | { readonly kind: 'fresh' }
  | { readonly kind: 'stale'; readonly reason: StaleReason }
  /** `passing`: it will be known in a moment. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly passing: boolean };

/**
 * How each cell's output stands to what it was made from. Nothing is called fresh that the engine does not call fresh. A cell that
 * was edited is stale, and with it every later one that reads what it wrote, writes to what it wrote, or uses a name that it defined.
 */
export function cellStates(cells: readonly WatchedCell[]): CellState[] {
  const states: CellState[] = [];
  for (const [index, cell] of cells.entries()) {
    const own = ownState(cell);
    const builtOn = own.kind === 'stale' || own.kind === 'neverRun' ? -1 : staleBefore(cells, states, index);
    states.push(builtOn < 0 ? own : { kind: 'stale', reason: { kind: 'builtOn', cell: builtOn } });
  }
  return states;
}

/** Positions of the cells to run so that all are fresh again. What was never run has no output that could be stale. */
export function staleCells(states: readonly CellState[]): number[] {
  return states.flatMap((state, index) => (state.kind === 'stale' ? index : []));
}

function ownState({ text, ran }: WatchedCell): CellState {
  if (!ran) return { kind: 'neverRun' };
  if (text.trim() !== ran.text.trim()) return { kind: 'stale', reason: { kind: 'edited' } };
  const said = ran.statements.map(({ freshness }) => freshness);
  for (const freshness of said) {
    if (freshness?.state === 'stale') return { kind: 'stale', reason: { kind: 'changed', change: freshness.change } };
  }
  if (ran.failed) return { kind: 'failed' };
  for (const freshness of said) {
    if (freshness === undefined) return { kind: 'unknown', reason: 'it is being looked at', passing: true };
    if (freshness.state === 'unknown') return { kind: 'unknown', reason: freshness.reason, passing: freshness.passing === true };
  }
  return { kind: said.some((freshness) => freshness?.state === 'fresh') ? 'fresh' : 'done' };
}

/** The nearest stale cell before that one, of those it builds on; -1 if there is none. */
function staleBefore(cells: readonly WatchedCell[], states: readonly CellState[], index: number): number {
  const later = cells[index]?.ran;
  for (let before = index - 1; before >= 0; before--) {
    const earlier = cells[before]?.ran;
    if (states[before]?.kind === 'stale' && earlier && later && whyBuildsOn(later, earlier, '')) return before;
  }
  return -1;
}

/** Why a later run may have answered by what an earlier one did: it `uses` something of it, or it `follows` what may change anything. */
export interface BuildsOn {
  readonly kind: 'uses' | 'follows';
  /** A sentence about the later cell. */
  readonly reason: string;
}

/** `name` is how the reason calls the earlier cell. */
export function whyBuildsOn(later: RanCell, earlier: RanCell, name: string): BuildsOn | undefined {
  const made = earlier.statements.map(({ effects }) => effects);
  const defined = made.flatMap(({ defines }) => defines).find((one) => mentions(later.text, one));
  if (defined !== undefined) return { kind: 'uses', reason: `uses ${defined}, which ${name} defines` };
  const written = new Set(made.flatMap(({ writes }) => (writes === 'unknown' ? [] : writes)));
  for (const { effects } of later.statements) {
    const read = effects.reads === 'unknown' ? undefined : effects.reads.find((one) => written.has(one));
    if (read !== undefined) return { kind: 'uses', reason: `reads ${read}, which ${name} writes` };
    const both = effects.writes === 'unknown' ? undefined : effects.writes.find((one) => written.has(one));
    if (both !== undefined) return { kind: 'uses', reason: `writes ${both}, as ${name} does` };
  }
  if (made.some(({ writes }) => writes === 'unknown')) return { kind: 'follows', reason: `comes after ${name}, which may change anything` };
  if (made.some(({ settings }) => settings)) return { kind: 'follows', reason: `comes after ${name}, which changes settings` };
  // What reads no one knows what may well have read this.
  const mayRead = written.size > 0 && later.statements.some(({ effects: { reads } }) => reads === 'unknown');
  return mayRead ? { kind: 'follows', reason: `reads no one knows what, and ${name} writes` } : undefined;
}

function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}
