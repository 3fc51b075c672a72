import type { DuckDBInstance, DuckDBResult } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDuckdb } from '../../../engine/duckdb/binding.ts';
import { Connection } from '../../../engine/duckdb/connection.ts';
import type { NativeChunk } from '../../../engine/duckdb/nativeChunk.ts';
import { StatementCount } from '../../../engine/duckdb/statementCount.ts';

/** The same object with other members in their place. */
function withMembers<T extends object>(target: T, members: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (name in members) return members[name as keyof T];
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** A result whose stream ends after so many chunks as one that met an error does. */
function stoppingAfter(result: DuckDBResult, chunks: number): DuckDBResult {
  let left = chunks;
  return withMembers(result, { isStreaming: false, fetchChunk: async () => (left-- > 0 ? await result.fetchChunk() : null) });
}

describe('a stream that stops with an error that does not come again', () => {
  let instance: DuckDBInstance;
  let streams: number;

  beforeEach(async () => {
    instance = await (await loadDuckdb()).DuckDBInstance.create(':memory:');
    streams = 0;
  });

  afterEach(() => instance.closeSync());

  /** Rows that arrive where the first streams stop, one for each number, after so many chunks. */
  async function run(sql: string, stops: readonly number[]): Promise<number> {
    const stopping = withMembers(instance, {
      connect: async () => {
        const native = await instance.connect();
        return withMembers(native, {
          extractStatements: async (text: string) => {
            const extracted = await native.extractStatements(text);
            return withMembers(extracted, {
              prepare: async (index: number) => {
                const statement = await extracted.prepare(index);
                return withMembers(statement, {
                  stream: async () => {
                    const chunks = stops[streams++];
                    const result = await statement.stream();
                    return chunks === undefined ? result : stoppingAfter(result, chunks);
                  },
                });
              },
            });
          },
        });
      },
    });
    const connection = await Connection.open(await loadDuckdb(), stopping, (value) => value as never, new StatementCount());
    let rows = 0;
    try {
      const sink = {
        head: () => undefined,
        chunk: async (chunk: NativeChunk) => {
          rows += chunk.rowCount;
          return true;
        },
      };
      await connection.execute({ text: sql, script: sql, toScript: (offset) => offset }, undefined, sink, undefined);
      return rows;
    } finally {
      await connection.close();
    }
  }

  const notComplete = { code: 'sql', message: expect.stringContaining('not complete') };

  it('gives all rows when none had arrived', async () => {
    await expect(run('from range(5000)', [0])).resolves.toBe(5000);
    expect(streams).toBe(2);
  });

  it('fails when rows had arrived, which would come twice', async () => {
    await expect(run('from range(5000)', [1])).rejects.toMatchObject(notComplete);
    expect(streams).toBe(1);
  });

  it('fails when it stops again', async () => {
    await expect(run('from range(5000)', [0, 0])).rejects.toMatchObject(notComplete);
    expect(streams).toBe(2);
  });
});
