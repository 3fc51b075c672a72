import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../engine/engine.ts';
import type { Engine, Session } from '../../../engine/types.ts';

interface Step {
  readonly session: string;
  readonly sql: string;
  readonly params?: number[];
  readonly error?: boolean;
  readonly volatile?: boolean;
  readonly ignore?: boolean;
  readonly op?: 'otherprocess';
  readonly file?: string;
  readonly run?: string;
}

interface Scenario {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
}

const scenarios = JSON.parse(readFileSync('test/fixtures/staleScenarios.json', 'utf8')) as Scenario[];

/** One engine with its sessions, made as the steps name them, and a folder of its own. */
class Player {
  readonly folder = mkdtempSync(join(tmpdir(), 'kodiak-scenario-'));
  readonly #engine: Engine;
  readonly #sessions = new Map<string, Session>();

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  static async open(cached: boolean): Promise<Player> {
    return new Player(await openEngine({ cache: { enabled: cached, minCostMs: 0 }, parallel: { threads: 1 } }));
  }

  /** Rows and column names as text, or the fact that it failed. */
  async play(step: Step): Promise<string> {
    const sql = step.sql.replaceAll('{{DIR}}', this.folder);
    if (step.op === 'otherprocess') return this.#runElsewhere(step);
    const session = this.#sessions.get(step.session) ?? (await this.#engine.openSession());
    this.#sessions.set(step.session, session);
    try {
      const result = await session.run(sql, step.params);
      const rows = await result.page(0, result.rowCount);
      const names = result.columns.map((column) => column.name);
      result.release();
      const text = JSON.stringify([names, rows], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
      return text.replaceAll(this.folder, '{{DIR}}');
    } catch {
      return 'failed';
    }
  }

  get hits(): number {
    return this.#engine.stats().cache.hits;
  }

  async close(): Promise<void> {
    await this.#engine.close();
    rmSync(this.folder, { recursive: true });
  }

  #runElsewhere(step: Step): string {
    const file = step.file?.replaceAll('{{DIR}}', this.folder);
    const script = `const { DuckDBInstance } = require('@duckdb/node-api');
      (async () => { const i = await DuckDBInstance.create(${JSON.stringify(file)}); const c = await i.connect();
      await c.run(${JSON.stringify(step.run)}); c.closeSync(); i.closeSync(); })();`;
    execFileSync(process.execPath, ['-e', script], { timeout: 20_000 });
    return 'done';
  }
}

/** Asking twice must not change the history that follows. */
function isRepeatable(step: Step): boolean {
  return (
    !step.volatile && !step.error && step.op === undefined && /^\s*(select|from|with)\b[^;]*$/i.test(step.sql) && !/nextval/i.test(step.sql)
  );
}

describe('a cached engine answers every step as one without a cache', () => {
  let hits = 0;
  it.each(scenarios)('$name: $why', async (scenario) => {
    const cached = await Player.open(true);
    const bare = await Player.open(false);
    const volatile: string[] = [];
    try {
      for (const step of scenario.steps) {
        const [answer, truth] = [await cached.play(step), await bare.play(step)];
        if (step.ignore) continue;
        if (step.error) expect(truth, step.sql).toBe('failed');
        if (step.volatile) volatile.push(answer);
        else expect(answer, step.sql).toBe(truth);
        if (isRepeatable(step)) expect(await cached.play(step), `${step.sql}, a second time`).toBe(truth);
      }
      expect(new Set(volatile).size, 'volatile steps must all differ').toBe(volatile.length);
      hits += cached.hits;
    } finally {
      await cached.close();
      await bare.close();
    }
  });

  it('answers the repeated ones from the cache where that is sound', () => {
    expect(hits).toBeGreaterThanOrEqual(60);
  });
});
