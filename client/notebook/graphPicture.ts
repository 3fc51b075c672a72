import type { WireEffects } from '../../server/protocol/freshness.ts';
import type { GraphCellState, GraphPageCell, GraphPageEdge } from '../../server/protocol/graphPage.ts';
import type { GraphCell, ReadGraphResult } from '../../server/protocol/requests.ts';
import { type CellState, type RanCell, type WatchedCell, whyBuildsOn } from './staleCells.ts';
import { nameText, type ReasonNames, stateText } from './staleText.ts';

/** A cell of the picture, before it is drawn. */
export interface PicturedCell {
  readonly watched: WatchedCell;
  readonly state: CellState;
  readonly running: boolean;
}

const MAX_TEXT = 120;

/** What the server is told of a cell, so that one that has run as it stands need not be analysed. */
export function graphCell({ name, text, ran }: WatchedCell, resultName: string | undefined): GraphCell {
  const isSame = ran !== undefined && !ran.failed && ran.text.trim() === text.trim();
  return { name, sql: text, ...(resultName !== undefined && { resultName }), ...(isSame && { ran: effectsOf(ran) }) };
}

export function pictureCells(cells: readonly PicturedCell[], names: ReasonNames): GraphPageCell[] {
  return cells.map(({ watched, state, running }) => {
    const kind: GraphCellState = running ? 'running' : state.kind;
    const detail = running ? 'running' : (stateText(state, names)?.text ?? DETAILS[state.kind]);
    const line = watched.text.trim().replaceAll(/\s+/g, ' ');
    return { name: labelOf(watched.name), text: line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT - 1)}…`, state: kind, detail };
  });
}

/**
 * The lines of the picture: all along which something is passed on, as the server's analysis and the runs so far show it, and those
 * that only keep an order, where nothing is passed on anyway.
 */
export function pictureEdges(
  cells: readonly WatchedCell[],
  graph: Pick<ReadGraphResult, 'edges' | 'flows'>,
  names: ReasonNames,
): GraphPageEdge[] {
  const found = new Map<string, GraphPageEdge>();
  const add = (edge: GraphPageEdge) => {
    const key = `${edge.from} ${edge.to}`;
    if (!found.has(key)) found.set(key, { ...edge, reason: plain(edge.reason, names.folder) });
  };
  for (const edge of graph.flows) add({ ...edge, flow: true });
  for (const [to, later] of cells.entries()) {
    for (const [from, earlier] of cells.slice(0, to).entries()) {
      const why = later.ran && earlier.ran && whyBuildsOn(later.ran, earlier.ran, earlier.name);
      if (why?.kind === 'uses') add({ from, to, reason: why.reason, flow: true });
    }
  }
  for (const edge of graph.edges) add({ ...edge, flow: false });
  return [...found.values()].sort((a, b) => a.to - b.to || a.from - b.from);
}

/** `the cell "Orders"` stands on its own as `Orders`. */
function labelOf(name: string): string {
  return /^the cell "(.*)"$/s.exec(name)?.[1] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

const DETAILS: Readonly<Record<CellState['kind'], string>> = {
  neverRun: 'never run',
  failed: 'failed',
  done: 'done',
  fresh: 'fresh',
  stale: 'stale',
  unknown: 'not known',
};

function effectsOf({ statements }: RanCell): NonNullable<GraphCell['ran']> {
  const all = statements.map(({ effects }) => effects);
  const union = (part: (effects: WireEffects) => readonly string[] | 'unknown') =>
    all.some((effects) => part(effects) === 'unknown') ? ('unknown' as const) : [...new Set(all.flatMap((effects) => part(effects)))];
  return {
    reads: union(({ reads }) => reads),
    writes: union(({ writes }) => writes),
    session: all.some(({ session }) => session),
    ddl: all.some(({ ddl }) => ddl),
  };
}

/** Names as people write them: without the database, and files by their place in the folder. */
function plain(reason: string, folder: string | undefined): string {
  return reason.replace(/^(reads|writes|reads perhaps) (\S.*?)(, (?:which|as) )/, (_, verb: string, name: string, rest: string) => {
    return `${verb} ${nameText(name, folder)}${rest}`;
  });
}
