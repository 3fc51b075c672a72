import { expect, test } from 'vitest';
import { generatedColumns } from '../../../engine/sql/generatedColumns.ts';

test('finds generated columns', () => {
  expect(
    generatedColumns('CREATE TABLE t(a INTEGER, "G, x" INTEGER GENERATED ALWAYS AS((a * (2))), generated VARCHAR, l INTEGER[2]);'),
  ).toEqual(['G, x']);
  expect(generatedColumns('CREATE TABLE t(a DECIMAL(4,2), CHECK((a > 1)));')).toEqual([]);
  const written =
    'CREATE TABLE "my s".t(s STRUCT(a INTEGER, "b""c" VARCHAR), g VARCHAR GENERATED ALWAYS AS(CAST(s[\'a\'] AS VARCHAR)), d INTEGER DEFAULT(CAST(\'1\' AS INTEGER)), "q""t" INTEGER GENERATED ALWAYS AS((d + 1)));';
  expect(generatedColumns(written)).toEqual(['g', 'q"t']);
});
