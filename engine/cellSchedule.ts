import { after } from './base/timers.ts';
import { type CellSession, cleanSession, effectsOf } from './cellEffects.ts';
import { CELL_PATIENCE_MS, type CellWorkers, runsApart, Workers } from './cellRun.ts';
import { UNKNOWN_EFFECTS } from './parallel/dependencyGraph.ts';
import { runGraph } from './parallel/graphRun.ts';
import type { RunContext } from './queryRun.ts';
import type { Cell, CellEffects, CellStart } from './types.ts';

/** How a schedule finds out what a cell reads and writes on the session's own connection, in its turn. */
export type EffectsHere = (cell: Cell, cells: readonly Cell[]) => Promise<CellEffects>;

/**
 * Says when each cell may start, with the answers of one after the other, and leaves the run itself to the caller. Gives for each cell
 * why it was not started. It holds no turn of the session: what the caller runs there comes in its own turns.
 */
export async function scheduleCells(
  context: RunContext,
  session: CellSession,
  cells: readonly Cell[],
  start: CellStart,
  { signal, closing }: { readonly signal: AbortSignal; readonly closing: AbortSignal },
  workers: CellWorkers,
  effectsHere: EffectsHere,
): Promise<(string | undefined)[]> {
  const { clock } = context;
  const started = clock.monotonic();
  const lent = new Workers(workers, session.cwd);
  let planning: Promise<unknown> = Promise.resolve();
  let sumMs = 0;
  // A session that closes waits for no caller.
  const closed = new Promise<boolean>((resolve) => {
    closing.addEventListener('abort', () => resolve(false), { once: true });
  });
  const analyse = async (cell: Cell): Promise<CellEffects> => {
    if (session.own()) return UNKNOWN_EFFECTS;
    const planner = await lent.planner();
    if (!planner) return await effectsHere(cell, cells);
    const clean = cleanSession(session, planner.resource, (name) => session.isNamed(name));
    return await effectsOf(context, clean, cell, cells);
  };
  const run = async (index: number, effects: CellEffects | undefined): Promise<void> => {
    const began = clock.monotonic();
    const ok = await Promise.race([start(index, runsApart(effects) && !session.own()), closed]);
    sumMs += clock.monotonic() - began;
    if (!ok) throw new Error('The cell failed.');
  };
  try {
    const outcomes = await runGraph<void>({
      count: cells.length,
      maxRunning: workers.max + 1,
      nameOf: (index) => cells[index]?.name ?? `cell ${index + 1}`,
      effectsOf: (index) => {
        const cell = cells[index];
        const analysis = cell ? analyse(cell) : Promise.resolve(UNKNOWN_EFFECTS);
        planning = analysis.catch(() => undefined);
        return analysis;
      },
      whenWorthwhile: (look) => after(CELL_PATIENCE_MS, look),
      run,
      signal,
    });
    const elapsedMs = clock.monotonic() - started;
    workers.onRun({ cells: cells.length, elapsedMs, sumMs, speedUp: elapsedMs > 0 ? sumMs / elapsedMs : 1 });
    return outcomes.map((outcome) => (outcome.kind === 'skipped' ? outcome.reason : undefined));
  } finally {
    // After an abort a plan may still be in the making, and closing under it would never return.
    await planning;
    await lent.giveBack();
  }
}
