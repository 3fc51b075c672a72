import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  guessedType,
  readParameters,
  setVariable,
  typedValueProblem,
  valueProblem,
  withValue,
} from '../../../client/notebook/parameters.ts';
import { withSession } from '../../support/engines.ts';

const CELL = `-- label: Region, choices: north|south
SET VARIABLE region = 'north';
SET VARIABLE since = DATE '2024-01-01'; -- label: Since the day, range: 2020-01-01..2030-12-31
set variable "Row limit" to 10; -- range: 1..100
/* label: Only what's paid */
SET VARIABLE paid = true;
SET VARIABLE rate = -1.5;
SET VARIABLE at = TIMESTAMP '2024-01-01 10:00:00';
SET VARIABLE id = '7'::BIGINT;
SET VARIABLE nothing = NULL;
SET VARIABLE latest = (SELECT max(day) FROM orders);
SELECT 1;
SET VARIABLE quoted = 'it''s; -- label: no';`;

function parameter(name: string, text = CELL) {
  const found = readParameters(text).find((other) => other.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('readParameters', () => {
  it('finds names, types, values and what comments say', () => {
    const found = readParameters(CELL).map(({ name, label, kind, type, value }) => [name, label, kind, type, value]);
    expect(found).toEqual([
      ['region', 'Region', 'select', 'VARCHAR', 'north'],
      ['since', 'Since the day', 'date', 'DATE', '2024-01-01'],
      ['Row limit', 'Row limit', 'integer', undefined, '10'],
      ['paid', "Only what's paid", 'checkbox', 'BOOLEAN', 'true'],
      ['rate', 'rate', 'number', undefined, '-1.5'],
      ['at', 'at', 'timestamp', 'TIMESTAMP', '2024-01-01 10:00:00'],
      ['id', 'id', 'integer', 'BIGINT', '7'],
      ['nothing', 'nothing', 'text', undefined, null],
      ['latest', 'latest', 'expression', undefined, '(SELECT max(day) FROM orders)'],
      ['quoted', 'quoted', 'text', 'VARCHAR', "it's; -- label: no"],
    ]);
    expect(parameter('region').choices).toEqual(['north', 'south']);
    expect(parameter('Row limit')).toMatchObject({ min: '1', max: '100' });
  });

  it('takes the last of equal names, and survives half-written cells', () => {
    expect(readParameters('set variable a = 1; SET VARIABLE A = 2').map(({ name, value }) => [name, value])).toEqual([['A', '2']]);
    for (let end = 0; end <= CELL.length; end++) readParameters(CELL.slice(0, end));
  });
});

describe('withValue', () => {
  it.each([
    ['region', 'south', "SET VARIABLE region = 'south';"],
    ['since', '2025-02-28', "SET VARIABLE since = DATE '2025-02-28'; -- label: Since"],
    ['Row limit', '99', 'set variable "Row limit" to 99; -- range'],
    ['paid', 'false', 'SET VARIABLE paid = false;'],
    ['rate', '2e3', 'SET VARIABLE rate = 2e3;'],
    ['id', '-8', "SET VARIABLE id = '-8'::BIGINT;"],
    ['nothing', "o'clock", "SET VARIABLE nothing = 'o''clock';"],
    ['quoted', null, 'SET VARIABLE quoted = NULL;'],
  ])('writes %s = %s as SQL, and leaves the rest of the cell', (name, value, line) => {
    const changed = withValue(CELL, name, value);
    expect(changed).toContain(line);
    expect(parameter(name, changed).value).toBe(value);
    const { start, end } = parameter(name);
    expect(changed.slice(0, start)).toBe(CELL.slice(0, start));
    expect(changed.endsWith(CELL.slice(end))).toBe(true);
  });

  it('writes every text so that it is read back as it was, here and by DuckDB', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(parameter('x', withValue("SET VARIABLE x = 'a'; -- label: X", 'x', value)).value).toBe(value);
      }),
    );
    await withSession(async (session) => {
      for (const value of ["'; drop table t; --", 'a\nb\\c', '$$ $x$ {{name}}', '😀']) {
        const result = await session.run(`${withValue("SET VARIABLE x = 'a'", 'x', value)}; select $x`);
        expect(await result.page(0, 1)).toEqual([[value]]);
        result.release();
      }
    });
  });

  it.each([
    ['since', 'abc', '"abc" is not a date, such as 2024-01-31.'],
    ['since', '2023-02-29', '"2023-02-29" is not a date, such as 2024-01-31.'],
    ['since', '2019-12-31', 'Since the day must be at least 2020-01-01.'],
    ['Row limit', '0', 'Row limit must be at least 1.'],
    ['Row limit', '1000', 'Row limit must be at most 100.'],
    ['Row limit', '1; drop table t', '"1; drop table t" is not a whole number, such as 42.'],
    ['rate', '1 or 1', '"1 or 1" is not a number, such as 1.5.'],
    ['region', 'east', '"east" is not one of north, south.'],
    ['paid', 'perhaps', '"perhaps" is not true or false.'],
    ['at', '2024-01-01 25:00', '"2024-01-01 25:00" is not a time, such as 2024-01-31 14:30:00.'],
    ['latest', '1', 'latest is computed by SQL: change it in the cell.'],
  ])('refuses %s = %s and says what it takes', (name, value, problem) => {
    expect(valueProblem(parameter(name), value)).toBe(problem);
    expect(() => withValue(CELL, name, value)).toThrow(problem);
  });
});

describe('setVariable', () => {
  it.each([
    ['since', 'DATE', '2024-01-31', "SET VARIABLE since = DATE '2024-01-31';"],
    ['n', 'BIGINT', '12', 'SET VARIABLE n = 12;'],
    ['x', 'DECIMAL(18,3)', '1.5', 'SET VARIABLE x = 1.5;'],
    ['t', undefined, "it's", "SET VARIABLE t = 'it''s';"],
    ['b', undefined, 'true', 'SET VARIABLE b = true;'],
    ['u', 'UUID', 'x', "SET VARIABLE u = 'x'::UUID;"],
  ])('writes $%s of type %s', (name, type, value, line) => {
    expect(setVariable(name, type, value)).toBe(line);
    expect(readParameters(line)[0]).toMatchObject({ name, value });
  });

  it('says what a type takes, and guesses one', () => {
    expect(typedValueProblem('DATE', 'abc')).toBe('"abc" is not a date, such as 2024-01-31.');
    expect(typedValueProblem('BIGINT', '1.5')).toBe('"1.5" is not a whole number, such as 42.');
    expect(typedValueProblem(undefined, 'abc')).toBeUndefined();
    expect(['12', '99999999999', '1.5', 'true', '2024-01-31', 'x'].map(guessedType)).toEqual([
      'INTEGER',
      'BIGINT',
      'DOUBLE',
      'BOOLEAN',
      'DATE',
      'VARCHAR',
    ]);
  });
});
