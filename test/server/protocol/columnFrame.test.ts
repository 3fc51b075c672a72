import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ColumnFrame, encodeFrame, MAX_SHOWN_TEXT } from '../../../server/protocol/columnFrame.ts';
import type { WireRow, WireValue } from '../../../server/protocol/values.ts';

function roundTrip(rows: readonly WireRow[], columnCount: number): WireRow[] {
  const encoded = encodeFrame(rows, columnCount);
  const { text } = JSON.parse(JSON.stringify({ text: encoded.text })) as { text: string };
  const frame = new ColumnFrame({ bytes: Uint8Array.from(encoded.bytes), text });
  expect(frame.row(frame.length)).toBeUndefined();
  return Array.from({ length: frame.length }, (_, index) => frame.row(index) ?? []);
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\ufeffa', '\ud800', '\u0000', 'NaN', '-0.0'),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0),
);
const nested = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as WireValue);
const values = { boolean: fc.boolean(), int: fc.integer(), number, text, nested, mixed: fc.oneof(fc.boolean(), number, text, nested) };

test('a frame gives back every kind of value', () => {
  const column = fc
    .constantFrom(...Object.keys(values))
    .chain((kind) => fc.tuple(fc.constant(values[kind as keyof typeof values] as fc.Arbitrary<WireValue>), fc.boolean()));
  const page = fc.tuple(fc.array(column, { maxLength: 6 }), fc.nat(20)).chain(([columns, rowCount]) =>
    fc.array(fc.tuple(...columns.map(([value, nullable]) => (nullable ? fc.option(value, { nil: null }) : value))), {
      minLength: rowCount,
      maxLength: rowCount,
    }),
  );
  fc.assert(
    fc.property(page, (rows) => {
      expect(roundTrip(rows as WireRow[], rows[0]?.length ?? 0)).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test('a page without rows and one without columns', () => {
  expect(roundTrip([], 3)).toEqual([]);
  expect(roundTrip([[], []], 0)).toEqual([[], []]);
  expect(roundTrip([[null], [null]], 1)).toEqual([[null], [null]]);
});

test('what is too long to be shown is cut, and known to be', () => {
  const long = 'ä'.repeat(MAX_SHOWN_TEXT + 500);
  const [[cut, whole, list] = []] = roundTrip([[long, 'x'.repeat(MAX_SHOWN_TEXT), Array.from({ length: 5000 }, (_, index) => index)]], 3);
  expect(cut).toBe('ä'.repeat(MAX_SHOWN_TEXT + 1));
  expect(whole).toBe('x'.repeat(MAX_SHOWN_TEXT));
  expect(String(list).startsWith('[0,1,2,')).toBe(true);
  expect(String(list)).toHaveLength(MAX_SHOWN_TEXT + 1);
});

test('other bytes are refused', () => {
  expect(() => new ColumnFrame({ bytes: new Uint8Array(0), text: '' })).toThrow('no rows');
  expect(() => new ColumnFrame({ bytes: new Uint8Array(64), text: '' })).toThrow('no rows');
});
