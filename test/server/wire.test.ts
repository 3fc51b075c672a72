import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KodiakError } from '../../engine/base/errors.ts';
import type { Value } from '../../engine/types.ts';
import { toCatalogTable, toWireFailure, toWireProgress, toWireValue, wireSize } from '../../server/wire.ts';

function overTheWire(value: Value): unknown {
  return JSON.parse(JSON.stringify(toWireValue(value)));
}

describe('toWireValue', () => {
  it('keeps NULL, booleans, text and ordinary numbers', () => {
    expect([null, true, false, '', 'NaN', 0, 1.5, -7].map(overTheWire)).toEqual([null, true, false, '', 'NaN', 0, 1.5, -7]);
  });

  it('names the numbers that JSON has no words for', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0].map(overTheWire)).toEqual([
      'NaN',
      'Infinity',
      '-Infinity',
      '-0.0',
    ]);
  });

  it('sends integers as numbers up to the last safe one, and as text beyond', () => {
    const edge = BigInt(Number.MAX_SAFE_INTEGER);
    expect([edge, edge + 1n, -edge, -edge - 1n, 0n, 2n ** 127n - 1n].map(overTheWire)).toEqual([
      9007199254740991,
      '9007199254740992',
      -9007199254740991,
      '-9007199254740992',
      0,
      '170141183460469231731687303715884105727',
    ]);
  });

  it('writes a BLOB as DuckDB prints it', () => {
    expect(toWireValue(new Uint8Array([0, 0x41, 0x5c, 0x27, 0x22, 0x7f, 0xff, 0x7e, 0x20]))).toBe('\\x00A\\x5C\\x27\\x22\\x7F\\xFF~ ');
    expect(toWireValue(new Uint8Array())).toBe('');
  });

  it('goes into lists, structs and maps', () => {
    const value: Value = [{ id: 2n ** 60n, tags: ['a', null], raw: new Uint8Array([1]) }, [['key', Number.NaN]]];
    expect(overTheWire(value)).toEqual([{ id: '1152921504606846976', tags: ['a', null], raw: '\\x01' }, [['key', 'NaN']]]);
  });

  it('keeps a field named as a part of Object', () => {
    const hostile = Object.fromEntries([
      ['__proto__', 1n],
      ['constructor', 'x'],
      ['toJSON', null],
    ]) as Value;
    const text = JSON.stringify(toWireValue(hostile));
    expect(text).toBe('{"__proto__":1,"constructor":"x","toJSON":null}');
    expect(Object.hasOwn(JSON.parse(text) as object, '__proto__')).toBe(true);
  });

  it('always gives what JSON carries without loss', () => {
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.bigInt(),
        fc.string(),
        fc.uint8Array(),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ) as fc.Arbitrary<Value>,
    }));
    fc.assert(
      fc.property(value, (any) => {
        const wire = toWireValue(any);
        expect(JSON.parse(JSON.stringify(wire))).toEqual(wire);
        expect(wireSize(wire)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('toWireFailure', () => {
  it('carries what the engine knows and leaves out what it does not', () => {
    const position = { offset: 7, line: 0, column: 7, length: 3 };
    const failure = new KodiakError('sql', 'No column "abc".', { position, candidates: ['abd'], cause: new Error('native') });
    expect(toWireFailure(failure)).toEqual({ code: 'sql', message: 'No column "abc".', position, candidates: ['abd'] });
    expect(toWireFailure(new KodiakError('limit', 'Full.', { setting: 'kodiak.pool.maxWaiting' }))).toEqual({
      code: 'limit',
      message: 'Full.',
      setting: 'kodiak.pool.maxWaiting',
    });
  });

  it.each([new TypeError('x is undefined'), 'x is undefined', undefined])('calls anything else a bug: %s', (thrown) => {
    const failure = toWireFailure(thrown);
    expect(failure.code).toBe('bug');
    expect(failure.message).toContain(thrown === undefined ? 'undefined' : 'x is undefined');
  });
});

describe('absent facts', () => {
  it('are absent on the wire', () => {
    const progress = { elapsedMs: 1, rows: 2, statementIndex: 0, statementCount: 1 };
    expect(toWireProgress('run', { ...progress, grownBytes: 9 })).toStrictEqual({ runId: 'run', ...progress });
    const table = { database: 'd', schema: 's', name: 'v', kind: 'view', columns: [] } as const;
    expect(toCatalogTable({ ...table, estimatedRows: undefined, sql: undefined })).toStrictEqual(table);
  });
});
