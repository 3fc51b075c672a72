import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlLiteral, textLiteral } from '../../../client/text/sqlLiteral.ts';
import { openEngine } from '../../../engine/engine.ts';
import type { Engine, Session } from '../../../engine/types.ts';
import type { WireValue } from '../../../server/protocol/values.ts';
import { toWireRow } from '../../../server/wire.ts';

let engine: Engine;
let session: Session;
beforeAll(async () => {
  engine = await openEngine({});
  session = await engine.openSession();
});
afterAll(async () => {
  await engine.close();
});

/** What the value becomes on its way through SQL text and a table of its type. */
async function written(type: string, expression: string): Promise<{ readonly sql: string; readonly differs: unknown }> {
  const origin = await session.run(`create or replace table origin (v ${type}); insert into origin values (${expression}); from origin`);
  const [row] = await origin.page(0, 1);
  const sql = sqlLiteral(toWireRow(row ?? [])[0] ?? null, origin.columns[0]?.type ?? '');
  origin.release();
  const copied = `create or replace table copy (v ${type}); insert into copy values (${sql})`;
  const [differs] = await rows(`${copied}; select count(*) from copy, origin where copy.v is distinct from origin.v`);
  return { sql, differs: differs?.[0] };
}

async function rows(sql: string): Promise<(readonly WireValue[])[]> {
  const result = await session.run(sql);
  const page = await result.page(0, 1000);
  result.release();
  return page.map(toWireRow);
}

test.each([
  ['INTEGER', '-2147483648', '-2147483648'],
  ['HUGEINT', '-170141183460469231731687303715884105728', "'-170141183460469231731687303715884105728'"],
  ['UHUGEINT', "'340282366920938463463374607431768211455'", "'340282366920938463463374607431768211455'"],
  ['DECIMAL(38,10)', "'-1234567890123456789012345678.0123456789'", "'-1234567890123456789012345678.0123456789'"],
  ['DECIMAL(4,2)', '0.10', '0.10'],
  ['BOOLEAN', 'true', 'true'],
  ['VARCHAR', "'it''s'", "'it''s'"],
  ['VARCHAR', "'a' || chr(0) || chr(27) || '[2J' || chr(8238)", "('a' || chr(0) || chr(27) || '[2J' || chr(8238))"],
  ['VARCHAR', "'two' || chr(13) || chr(10) || 'lines'", "('two' || chr(13) || chr(10) || 'lines')"],
  ['VARCHAR', "'日本 🦆 ü'", "'日本 🦆 ü'"],
  ['DOUBLE', '0.1', '0.1'],
  ['DOUBLE', '0.1::DOUBLE + 0.2::DOUBLE', '0.30000000000000004e0'],
  ['DOUBLE', "'-0.0'", "'-0.0'"],
  ['DOUBLE', "'nan'", "'NaN'"],
  ['DOUBLE', "'-infinity'", "'-Infinity'"],
  ['DOUBLE', '1.7976931348623157e308', '1.7976931348623157e+308'],
  ['DOUBLE', '5e-324', '5e-324'],
  ['FLOAT', '0.1', '0.1'],
  ['FLOAT', '3.4028235e38', '3.4028235e+38'],
  ['DATE', "'0044-03-15 (BC)'", "'0044-03-15 (BC)'"],
  ['DATE', "'infinity'", "'infinity'"],
  ['TIME', "'23:59:59.999999'", "'23:59:59.999999'"],
  ['TIMESTAMP', "'2024-02-29 12:00:00.000001'", "'2024-02-29 12:00:00.000001'"],
  ['TIMESTAMP_NS', "'2024-02-29 12:00:00.000000001'", "'2024-02-29 12:00:00.000000001'"],
  ['TIMESTAMPTZ', "'2024-02-29 12:00:00+02'", undefined],
  ['TIMETZ', "'12:00:00+02'", undefined],
  ['INTERVAL', "interval '1 year 2 days 3.5 seconds'", undefined],
  ['UUID', "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"],
  ['BLOB', "'\\x00\\xFF''a\\x5C'", undefined],
  ['BIT', "'0101'", "'0101'"],
  ['BIGNUM', "'123456789012345678901234567890123456789012345678901234567890'", undefined],
  ["ENUM('x', 'it''s')", "'it''s'", "'it''s'"],
  ['JSON', '\'{"a": [1, null, "x"]}\'', undefined],
  ['JSON', "'null'", "'null'"],
  ['INTEGER[]', '[1, NULL, 3]', '[1, NULL, 3]::INTEGER[]'],
  ['INTEGER[]', '[]', '[]::INTEGER[]'],
  ['VARCHAR[][]', "[['a, ''b''', NULL], [], NULL]", undefined],
  ['INTEGER[2]', '[1, 2]', '[1, 2]::INTEGER[2]'],
  ['DOUBLE[]', "['nan', 0.1, '-0.0', 1e300]", undefined],
  ['DATE[]', "['2024-01-01', NULL]", "['2024-01-01', NULL]::DATE[]"],
  [`STRUCT(a INTEGER, "b 'c" VARCHAR[])`, "{'a': 1, 'b ''c': ['x', NULL]}", undefined],
  ['MAP(VARCHAR, INTEGER[])', "MAP {'k''': [1], 'l': NULL}", undefined],
  ['MAP(INTEGER, DATE)', 'MAP {}', undefined],
  ['STRUCT(m MAP(VARCHAR, STRUCT(d DECIMAL(9,2))))[]', "[{'m': MAP {'a': {'d': 1.50}}}]", undefined],
  ['UNION(n INTEGER, t VARCHAR)', "'text'", "'text'"],
  ['INTEGER', 'NULL', 'NULL'],
])('%s %s reads back equal', async (type, expression, sql) => {
  const { sql: own, differs } = await written(type, expression);
  if (sql !== undefined) expect(own).toBe(sql);
  expect([own, differs]).toEqual([own, 0]);
});

test('any text reads back equal, and no SQL of it has a control character', async () => {
  await session.run('create or replace table texts (i INTEGER, v VARCHAR)');
  const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 150, seed: 1 });
  const hostile = fc.sample(
    fc.string({ unit: fc.constantFrom("'", '\u0000', '\u001b', '\n', '\r', '\u202e', '\\', 'a', '|', '"', '\u2028') }),
    {
      numRuns: 150,
      seed: 2,
    },
  );
  const all = [...texts, ...hostile];
  for (const text of all) expect(textLiteral(text)).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
  await session.run(`insert into texts values ${all.map((text, at) => `(${at}, ${textLiteral(text)})`).join(', ')}`);
  expect((await rows('select v from texts order by i')).map(([text]) => text)).toEqual(all);
});

test('any double reads back equal', async () => {
  const doubles = fc
    .sample(fc.double(), { numRuns: 500, seed: 3 })
    .map((n): WireValue => (Object.is(n, -0) ? '-0.0' : Number.isFinite(n) ? n : String(n)));
  await session.run('create or replace table doubles (i INTEGER, v DOUBLE)');
  await session.run(`insert into doubles values ${doubles.map((n, at) => `(${at}, ${sqlLiteral(n, 'DOUBLE')})`).join(', ')}`);
  expect((await rows('select v from doubles order by i')).map(([n]) => n)).toEqual(doubles);
});
