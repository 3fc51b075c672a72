import { expect } from 'vitest';
import { openEngine } from '../../engine/engine.ts';
import type { Engine, EngineOptions, Row, Session } from '../../engine/types.ts';

/** Opens an engine for the length of `use`, and checks that it is quiet before it is closed. */
export async function withEngine<T>(options: EngineOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine(options);
  try {
    const result = await use(engine);
    expectQuiet(engine);
    return result;
  } finally {
    await engine.close();
  }
}

export function withSession<T>(use: (session: Session, engine: Engine) => Promise<T>, options: EngineOptions = {}): Promise<T> {
  return withEngine(options, async (engine) => {
    const session = await engine.openSession();
    try {
      return await use(session, engine);
    } finally {
      await session.close();
    }
  });
}

/** Nothing is lent, runs or waits. */
function expectQuiet(engine: Engine): void {
  const { pool, parallel } = engine.stats();
  expect({ active: pool.active, waiting: pool.waiting }).toEqual({ active: 0, waiting: 0 });
  expect({ running: parallel.running, queued: parallel.queued }).toEqual({ running: 0, queued: 0 });
}

/** All rows of one query. */
export async function rowsOf(session: Session, sql: string): Promise<Row[]> {
  const result = await session.run(sql);
  try {
    return await result.page(0, result.rowCount);
  } finally {
    result.release();
  }
}
