import { cleanSession, effectsOfAll } from './cellEffects.ts';
import type { InternalConnection } from './internalConnection.ts';
import { dependencyEdges, flowEdges, needEdges, reduceEdges, UNKNOWN_EFFECTS } from './parallel/dependencyGraph.ts';
import type { RunContext } from './queryRun.ts';
import { EngineSession } from './session.ts';
import type { Cell, CellGraph, Session } from './types.ts';

/** For questions about cells that belong to no session. */
const NOBODY = { id: 0, name: '', cwd: undefined, home: undefined };

/** See `Engine.graph`. */
export async function graphCells(
  context: RunContext,
  internal: InternalConnection,
  cells: readonly Cell[],
  session: Session | undefined,
): Promise<CellGraph> {
  const effects =
    session instanceof EngineSession
      ? await session.effectsOf(cells)
      : await internal.use((connection) => effectsOfAll(context, cleanSession(NOBODY, connection), cells));
  const nodes = cells.map((cell, index) => ({ id: cell.id, effects: effects[index] ?? UNKNOWN_EFFECTS }));
  const all = nodes.map((node) => node.effects);
  const nameOf = (index: number) => cells[index]?.name ?? `cell ${index + 1}`;
  return { cells: nodes, edges: reduceEdges(dependencyEdges(all, nameOf)), flows: flowEdges(all, nameOf), needs: needEdges(all, nameOf) };
}
