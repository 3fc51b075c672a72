import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openArchiveReader } from '../../../engine/engine.ts';
import { withSession } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** SQL of values of one type. */
const SCALARS: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['true', 'false'],
  TINYINT: ['-128', '127'],
  UBIGINT: ['0', '18446744073709551615'],
  HUGEINT: ['-170141183460469231731687303715884105728', '170141183460469231731687303715884105727'],
  UHUGEINT: ["'340282366920938463463374607431768211455'"],
  BIGNUM: ["'-99999999999999999999999999999999999999999999999999'", '0'],
  FLOAT: ["'-0.0'", "'nan'", "'-inf'", "'1e-45'"],
  DOUBLE: ["'-0.0'", "'nan'", "'inf'", '1.7976931348623157e308'],
  'DECIMAL(4,1)': ['-999.9', '0.1'],
  'DECIMAL(38,10)': ["'1234567890123456789012345678.0000000001'"],
  DATE: ["'infinity'", "'-infinity'", "'0001-01-01 (BC)'", "'2024-02-29'"],
  TIME: ["'24:00:00'", "'00:00:00.000001'"],
  'TIME WITH TIME ZONE': ["'12:00:00+15:59:59'", "'12:00:00-01'"],
  TIMESTAMP: ["'infinity'", "'290309-12-22 (BC) 00:00:00'", "'2024-02-29 12:34:56.789012'"],
  TIMESTAMP_NS: ["'2024-02-29 12:34:56.789012345'"],
  'TIMESTAMP WITH TIME ZONE': ["'-infinity'", "'2024-02-29 12:34:56+05:30'"],
  INTERVAL: ["'1 month -30 days 24:00:00.000001'", "'30 days'"],
  UUID: ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"],
  VARCHAR: ["''", "'it''s'", "'a' || chr(0) || 'b'", "'\u202e\ud83d\udc3b'", "repeat('long ', 5000)"],
  BLOB: ["'\\x00\\xFF'::blob", "''"],
  BIT: ["'0'", "'0101011'"],
  JSON: ["'[1, null]'", '\'{"a": {}}\''],
  "ENUM('a', 'it''s', '')": ["'a'", "''"],
};

interface Typed {
  readonly type: string;
  readonly values: readonly string[];
}

const scalar: fc.Arbitrary<Typed> = fc
  .constantFrom(...Object.keys(SCALARS))
  .map((type) => ({ type, values: ['null', ...(SCALARS[type] ?? []).map((value) => `(${value})::${type}`)] }));

const fieldName = fc.constantFrom('a', 'A b', '"q"', 'select', '__proto__', '1');

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function nested(inner: fc.Arbitrary<Typed>): fc.Arbitrary<Typed> {
  const list = inner.map(({ type, values }) => ({
    type: `${type}[]`,
    values: ['null', `[]::${type}[]`, `[${values.join(', ')}]::${type}[]`],
  }));
  const array = inner.map(({ type, values }) => ({ type: `${type}[2]`, values: ['null', `[${values[0]}, ${values.at(-1)}]::${type}[2]`] }));
  const struct = fc
    .uniqueArray(fc.tuple(fieldName, inner), { selector: ([name]) => name.toLowerCase(), minLength: 1, maxLength: 3 })
    .map((fields) => {
      const type = `STRUCT(${fields.map(([name, field]) => `${quotedName(name)} ${field.type}`).join(', ')})`;
      const value = (at: number) => `{${fields.map(([name, { values }]) => `'${name}': ${values.at(at)}`).join(', ')}}::${type}`;
      return { type, values: ['null', value(0), value(-1)] };
    });
  const map = inner.map(({ type, values }) => ({
    type: `MAP(INTEGER, ${type})`,
    values: [`map {1: ${values.at(-1)}, 2: ${values[0]}}::MAP(INTEGER, ${type})`],
  }));
  const union = inner.map(({ type, values }) => {
    const whole = `UNION(n INTEGER, v ${type})`;
    return { type: whole, values: ['null', `union_value(n := 7)::${whole}`, `union_value(v := ${values.at(-1)})::${whole}`] };
  });
  return fc.oneof(list, array, struct, map, union);
}

const anyType = fc.oneof({ weight: 3, arbitrary: scalar }, nested(scalar), nested(nested(scalar)));

it('rows of any types come back from their file as they were', async () => {
  const folder = temporaryFolder();
  const reader = openArchiveReader({ temporaryFolder: folder });
  await withSession(async (session, engine) => {
    let files = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyType, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5000 }), async (columns, rows) => {
        const list = columns.map(
          ({ type, values }) => `list_extract([${values.join(', ')}]::${type}[], 1 + (range % ${values.length})::integer)`,
        );
        const result = await session.run(`select ${list.join(', ')} from range(${rows})`);
        const path = join(folder, `${files++}.rows`);
        await engine.archive(result, path);
        const { columns: names, kind, range, bytes, truncated, rowsChanged, elapsedMs, provenance, rowCount } = result;
        const again = reader.open({ path, columns: names, kind, range, bytes, truncated, rowsChanged, elapsedMs, provenance, rowCount });
        expect(await again.page(0, rows)).toEqual(await result.page(0, rows));
        again.release();
        result.release();
        rmSync(path);
      }),
      { numRuns: 150 },
    );
  });
  await reader.close();
});
