import type { CellEdge, CellEffects } from '../types.ts';

/** What is assumed of a cell that cannot be analysed: it waits for all before it, and all after it wait for it. */
export const UNKNOWN_EFFECTS: CellEffects = Object.freeze({ reads: 'unknown', writes: 'unknown', session: true, ddl: true });

/**
 * All pairs of cells that must keep their order, with the reason as a sentence about the later one. A cell that changes the catalog
 * or may change anything keeps its place among all others, also among those that read no table: it may change what a name, a
 * function or an operator means in them.
 */
export function dependencyEdges(cells: readonly CellEffects[], nameOf = cellNumber): CellEdge[] {
  return cells.flatMap((later, to) => edgesTo(later, to, cells.slice(0, to), nameOf));
}

/** How reasons speak of a cell that has no name. */
export function cellNumber(cell: number): string {
  return `cell ${cell + 1}`;
}

/** The edges that lead to cell `to`, from the cells before it. */
export function edgesTo(later: CellEffects, to: number, earlier: readonly CellEffects[], nameOf = cellNumber): CellEdge[] {
  return earlier.flatMap((effects, from) => {
    const reason = conflictReason(effects, later, nameOf(from));
    return reason === undefined ? [] : [{ from, to, reason }];
  });
}

/** Where what one cell writes is read, or written to, by a later one: all pairs, with the reason as a sentence about the later one. */
export function flowEdges(cells: readonly CellEffects[], nameOf = cellNumber): CellEdge[] {
  return cells.flatMap((later, to) =>
    cells.slice(0, to).flatMap((earlier, from) => {
      if (earlier.writes === 'unknown') return [];
      const reason = flowReason(earlier.writes, later, nameOf(from));
      return reason === undefined ? [] : [{ from, to, reason }];
    }),
  );
}

/**
 * All pairs of which the later cell may give another answer, or none, when the earlier one has not run: where what it writes is used, and
 * where it may change what names mean. More than the flows, and less than all pairs that keep their order.
 */
export function needEdges(cells: readonly CellEffects[], nameOf = cellNumber): CellEdge[] {
  return cells.flatMap((later, to) =>
    cells.slice(0, to).flatMap((earlier, from) => {
      const reason = needReason(earlier, later, nameOf(from));
      return reason === undefined ? [] : [{ from, to, reason }];
    }),
  );
}

/** Edges without those that a chain of others implies, for display. The order of cells forbids cycles, so there is one answer. */
export function reduceEdges(edges: readonly CellEdge[]): CellEdge[] {
  const direct = new Map<number, CellEdge[]>();
  for (const edge of edges) direct.set(edge.to, [...(direct.get(edge.to) ?? []), edge]);
  const ancestors = new Map<number, Set<number>>();
  const kept: CellEdge[] = [];
  for (const to of [...direct.keys()].sort((a, b) => a - b)) {
    const reached = new Set<number>();
    // From the nearest cell on: whatever reaches a farther one has been seen by then.
    for (const edge of [...(direct.get(to) ?? [])].sort((a, b) => b.from - a.from)) {
      if (!reached.has(edge.from)) kept.push(edge);
      reached.add(edge.from);
      for (const ancestor of ancestors.get(edge.from) ?? []) reached.add(ancestor);
    }
    ancestors.set(to, reached);
  }
  return kept.sort((a, b) => a.to - b.to || a.from - b.from);
}

/** Whether names, and with them the effects of later cells, can be known only after this one. */
export function changesCatalog(effects: CellEffects): boolean {
  return effects.ddl || effects.writes === 'unknown';
}

function conflictReason(earlier: CellEffects, later: CellEffects, name: string): string | undefined {
  if (earlier.writes === 'unknown') return `comes after ${name}, which may change anything`;
  if (later.writes === 'unknown') return `may change anything that ${name} reads or writes`;
  const flow = flowReason(earlier.writes, later, name);
  if (flow !== undefined) return flow;
  if (earlier.ddl) return `comes after ${name}, which changes the catalog`;
  if (later.ddl) return `changes the catalog, which ${name} uses`;
  if (earlier.session && later.session) return `uses the session's own state, as ${name} does`;
  if (later.reads === 'unknown' && earlier.writes.length > 0) return `reads perhaps ${earlier.writes[0]}, which ${name} writes`;
  const writeAfterRead = shared(earlier.reads, later.writes);
  return writeAfterRead === undefined ? undefined : `writes ${writeAfterRead}, which ${name} reads`;
}

function needReason(earlier: CellEffects, later: CellEffects, name: string): string | undefined {
  if (earlier.writes === 'unknown') return `comes after ${name}, which may change anything`;
  const flow = flowReason(earlier.writes, later, name);
  if (flow !== undefined) return flow;
  if (earlier.ddl) return `comes after ${name}, which changes the catalog`;
  if (later.reads === 'unknown' && earlier.writes.length > 0) return `reads perhaps ${earlier.writes[0]}, which ${name} writes`;
  const isSetting = earlier.session && earlier.writes.length === 0 && earlier.reads !== 'unknown' && earlier.reads.length === 0;
  return isSetting ? `comes after ${name}, which changes the session` : undefined;
}

function flowReason(written: readonly string[], later: CellEffects, name: string): string | undefined {
  const read = later.reads === 'unknown' ? undefined : shared(later.reads, written);
  if (read !== undefined) return `reads ${read}, which ${name} writes`;
  const both = later.writes === 'unknown' ? undefined : shared(later.writes, written);
  return both === undefined ? undefined : `writes ${both}, as ${name} does`;
}

/** The first name in both lists; unknown reads may be of any name that is written. */
function shared(uses: readonly string[] | 'unknown', writes: readonly string[]): string | undefined {
  return uses === 'unknown' ? (writes.length === 0 ? undefined : `perhaps ${writes[0]}`) : uses.find((name) => writes.includes(name));
}
