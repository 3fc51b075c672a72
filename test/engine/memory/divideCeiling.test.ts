import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideCeiling, MIN_CEILING_BYTES, MIN_DUCKDB_BYTES, MIN_RESULTS_BYTES } from '../../../engine/memory/divideCeiling.ts';

const MIB = 2 ** 20;
const asked = { duckdbBytes: undefined, resultsBytes: 512 * MIB, cacheBytes: 64 * MIB };

describe('divideCeiling', () => {
  it('leaves on a large machine what was asked for', () => {
    const parts = divideCeiling({ ...asked, ceilingBytes: 16_384 * MIB });
    expect(parts).toEqual({ duckdbBytes: Math.floor(0.4 * 16_384 * MIB), resultsBytes: 512 * MIB, cacheBytes: 64 * MIB });
  });

  it('leaves room below a small ceiling for what DuckDB takes beyond its limits', () => {
    const { duckdbBytes, resultsBytes, cacheBytes } = divideCeiling({ ...asked, ceilingBytes: 1024 * MIB });
    expect(duckdbBytes).toBe(Math.floor(0.4 * 1024 * MIB));
    expect(1.7 * (duckdbBytes + resultsBytes) + cacheBytes + 100 * MIB).toBeLessThanOrEqual(1024 * MIB);
    expect(resultsBytes).toBeGreaterThan(64 * MIB);
  });

  it('takes a limit for DuckDB that was asked for, where it fits', () => {
    expect(divideCeiling({ ...asked, ceilingBytes: 4096 * MIB, duckdbBytes: 3000 * MIB }).duckdbBytes).toBe(3000 * MIB);
    expect(divideCeiling({ ...asked, ceilingBytes: 4096 * MIB, duckdbBytes: 9000 * MIB }).duckdbBytes).toBeLessThan(4000 * MIB);
  });

  it('never gives more than the ceiling in all, never more than asked for, never less than works', () => {
    const size = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(size, fc.option(size, { nil: undefined }), size, size, (over, duckdbBytes, results, cacheBytes) => {
        const ceilingBytes = MIN_CEILING_BYTES + over;
        const resultsBytes = MIN_RESULTS_BYTES + results;
        const parts = divideCeiling({ ceilingBytes, duckdbBytes, resultsBytes, cacheBytes });
        expect(parts.duckdbBytes + parts.resultsBytes + parts.cacheBytes).toBeLessThanOrEqual(ceilingBytes);
        expect(parts.resultsBytes).toBeLessThanOrEqual(resultsBytes);
        expect(parts.cacheBytes).toBeLessThanOrEqual(cacheBytes);
        expect(parts.duckdbBytes).toBeGreaterThanOrEqual(MIN_DUCKDB_BYTES);
        expect(parts.resultsBytes).toBeGreaterThanOrEqual(MIN_RESULTS_BYTES);
        if (duckdbBytes !== undefined) expect(parts.duckdbBytes).toBeLessThanOrEqual(Math.max(duckdbBytes, MIN_DUCKDB_BYTES));
      }),
    );
  });
});
