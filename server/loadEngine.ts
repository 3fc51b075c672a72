import { KodiakError, messageOf } from '../engine/base/errors.ts';
import type { Engine, EngineOptions } from '../engine/types.ts';

export type OpenEngine = (options: EngineOptions) => Promise<Engine>;

/**
 * Loads the engine, and with it DuckDB's native library, at first use: a missing library is then the answer to a request and not
 * the end of the process. Rejects with `unavailable`.
 */
export async function loadEngine(): Promise<OpenEngine> {
  try {
    const { openEngine } = await import('../engine/engine.ts');
    return openEngine;
  } catch (thrown) {
    const platform = `${process.platform}-${process.arch}`;
    throw new KodiakError(
      'unavailable',
      `Kodiak was installed for another platform: no DuckDB for ${platform}. Install the Kodiak package for ${platform}. ` +
        `(${messageOf(thrown).split('\n')[0]})`,
      { cause: thrown },
    );
  }
}
