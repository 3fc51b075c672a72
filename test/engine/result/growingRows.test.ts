import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Chunk, Spool } from '../../../engine/result/chunk.ts';
import { GrowingRows } from '../../../engine/result/growingRows.ts';
import type { Row } from '../../../engine/types.ts';

function chunkOf(first: number, rowCount: number, bytes: number): Chunk {
  return { rowCount, bytes, readRows: (from, to) => Array.from({ length: to - from }, (_, index) => [first + from + index]) };
}

/** A spool in memory that knows whether it was dropped, and answers only what was flushed. */
class ListSpool implements Spool<Chunk> {
  readonly appended: Row[] = [];
  flushed = 0;
  dropped = false;
  append(chunk: Chunk): void {
    this.appended.push(...chunk.readRows(0, chunk.rowCount));
  }
  flush(): void {
    this.flushed = this.appended.length;
  }
  async readRows(offset: number, limit: number): Promise<Row[]> {
    expect(this.dropped).toBe(false);
    expect(offset + limit).toBeLessThanOrEqual(this.flushed);
    return this.appended.slice(offset, offset + limit);
  }
  finish(): void {
    this.flush();
  }
  openView(): never {
    throw new Error('not here');
  }
  scan(): never {
    throw new Error('not here');
  }
  profile(): never {
    throw new Error('not here');
  }
  digest(): never {
    throw new Error('not here');
  }
  sum(): never {
    throw new Error('not here');
  }
  find(): never {
    throw new Error('not here');
  }
  textPart(): never {
    throw new Error('not here');
  }
  chart(): never {
    throw new Error('not here');
  }
  compare(): never {
    throw new Error('not here');
  }
  export(): never {
    throw new Error('not here');
  }
  drop(): void {
    this.dropped = true;
  }
}

it('serves every page right, whatever the chunks and wherever they are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 150 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.tuple(fc.nat(6000), fc.nat(300)), { minLength: 1, maxLength: 8 }),
      async (sizes, maxChunkBytes, pages) => {
        const spools: ListSpool[] = [];
        const rows = new GrowingRows<Chunk>(async () => {
          const spool = new ListSpool();
          spools.push(spool);
          return spool;
        }, maxChunkBytes);
        let total = 0;
        const early = pages.map(([offset, limit]) => rows.page(offset, limit));
        for (const size of sizes) {
          await rows.add(chunkOf(total, size, size));
          total += size;
        }
        rows.finish();
        const expected = ([offset, limit]: [number, number]) =>
          Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => [offset + index]);
        expect(await Promise.all(early)).toEqual(pages.map(expected));
        for (const page of pages) expect(await rows.page(...page)).toEqual(expected(page));
        expect(rows).toMatchObject({ rowCount: total, bytes: total, complete: true, spooled: spools.length > 0 });
        expect(spools.length).toBe(total > maxChunkBytes ? 1 : 0);
        rows.retain();
        rows.release();
        expect(rows.gone).toBe(false);
        rows.release();
        expect(spools.every((spool) => spool.dropped)).toBe(true);
        await expect(rows.page(0, 1)).rejects.toMatchObject({ code: 'unavailable' });
      },
    ),
    { numRuns: 60 },
  );
});

it('tells a waiting reader why no more rows come', async () => {
  const rows = new GrowingRows<Chunk>(async () => new ListSpool());
  await rows.add(chunkOf(0, 10, 10));
  const waiting = rows.page(0, 11);
  const failure = new Error('the disk is full');
  rows.fail(failure);
  rows.release();
  await expect(waiting).rejects.toBe(failure);
});

it('copies a small result to a spool once, and drops the copy after the work that still uses it', async () => {
  const spools: ListSpool[] = [];
  const rows = new GrowingRows<Chunk>(async () => {
    const spool = new ListSpool();
    spools.push(spool);
    return spool;
  });
  await rows.add(chunkOf(0, 10, 10));
  const early = rows.withStored(undefined, async (spool) => spool.readRows(9, 1));
  rows.finish();
  expect(await early).toEqual([[9]]);
  const both = await Promise.all([rows.withStored(undefined, async (spool) => spool), rows.withStored(undefined, async (spool) => spool)]);
  expect(both[0]).toBe(both[1]);
  expect({ spools: spools.length, spooled: rows.spooled, chunkBytes: rows.chunkBytes }).toEqual({
    spools: 1,
    spooled: false,
    chunkBytes: 10,
  });
  await rows.withStored(undefined, async () => {
    rows.release();
    expect(spools[0]?.dropped).toBe(false);
    await expect(rows.withStored(undefined, async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
  expect(spools[0]?.dropped).toBe(true);
});

it('stops waiting for the rows of a spool when aborted', async () => {
  const rows = new GrowingRows<Chunk>(async () => new ListSpool());
  const abort = new AbortController();
  const waiting = rows.withStored(abort.signal, async () => 1);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  rows.release();
});
