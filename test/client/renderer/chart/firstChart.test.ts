import { describe, expect, it } from 'vitest';
import { columnRole, firstChart } from '../../../../client/renderer/chart/firstChart.ts';
import type { WireRow } from '../../../../server/protocol/values.ts';

function first(heads: Readonly<Record<string, string>>, rows: readonly WireRow[]) {
  return firstChart(
    Object.entries(heads).map(([name, type]) => ({ name, type })),
    rows,
  );
}

const days = (count: number) => Array.from({ length: count }, (_, index) => `2024-01-${String(index + 1).padStart(2, '0')}`);

describe('the first chart', () => {
  it('of a number over time is a line, as the rows are where each time is there once', () => {
    const rows = days(20).map((day, index) => [day, index, index * 2]);
    expect(first({ day: 'DATE', orders: 'BIGINT', mean: 'DOUBLE' }, rows)).toEqual({ mark: 'line', x: 0, y: [1, 2], aggregate: 'none' });
    const far = days(20).map((day, index) => [day, index, index * 20000]);
    expect(first({ day: 'DATE', orders: 'BIGINT', money: 'DOUBLE' }, far)).toMatchObject({ y: [1] });
  });

  it('has a colour for a text with few values, and sums up where times repeat', () => {
    const rows = days(10).flatMap((day, index) => [
      [day, 'north', index],
      [day, 'south', index],
    ]);
    const heads = { at: 'TIMESTAMP', region: 'VARCHAR', n: 'INTEGER' };
    expect(first(heads, rows)).toEqual({ mark: 'line', x: 0, y: [2], color: 1, aggregate: 'none' });
    expect(first(heads, [...rows, ...rows])).toEqual({ mark: 'line', x: 0, y: [2], color: 1, aggregate: 'sum' });
  });

  it('of a category and a number is bars, without taking an id for a measure', () => {
    const rows = ['a', 'b', 'c'].map((name, index) => [index, name, index * 10]);
    expect(first({ id: 'INTEGER', name: 'VARCHAR', total: 'DECIMAL(9,2)' }, rows)).toEqual({ mark: 'bar', x: 1, y: [2], aggregate: 'sum' });
    const years = [2020, 2021, 2022].map((year) => [year, year * 2]);
    expect(first({ year: 'INTEGER', total: 'DOUBLE' }, years)).toEqual({ mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
  });

  it('by whole numbers that count up is bars, or a line where they are many', () => {
    const heads = { bucket: 'BIGINT', orders: 'BIGINT', average: 'DOUBLE' };
    const rows = (count: number) => Array.from({ length: count }, (_, index) => [index, 10, 9.5]);
    expect(first(heads, rows(12))).toEqual({ mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
    expect(first(heads, rows(200))).toEqual({ mark: 'line', x: 0, y: [1, 2], aggregate: 'none' });
    expect(first(heads, [...rows(12)].reverse())).toMatchObject({ mark: 'scatter' });
  });

  it('of two numbers is points, also where a text only names the rows', () => {
    const rows = Array.from({ length: 100 }, (_, index) => [index / 2, index * 3, `person ${index}`]);
    expect(first({ height: 'DOUBLE', weight: 'DOUBLE', who: 'VARCHAR' }, rows)).toEqual({
      mark: 'scatter',
      x: 0,
      y: [1],
      aggregate: 'none',
    });
  });

  it('of one column is a histogram, or counts', () => {
    expect(first({ v: 'DOUBLE' }, [[1], [2]])).toEqual({ mark: 'histogram', x: 0, aggregate: 'count' });
    expect(first({ v: 'VARCHAR' }, [['a'], ['b']])).toEqual({ mark: 'bar', x: 0, aggregate: 'count' });
    expect(first({ v: 'TIMESTAMP' }, [['2024-01-01 00:00:00']])).toEqual({ mark: 'bar', x: 0, aggregate: 'count' });
  });

  it('leaves columns alone that are NULL or nested, and is none without others', () => {
    expect(first({ gone: 'DATE', v: 'DOUBLE' }, [[null, 1]])).toEqual({ mark: 'histogram', x: 1, aggregate: 'count' });
    expect(first({ l: 'INTEGER[]', s: 'STRUCT(a INTEGER)', b: 'BLOB' }, [[[1], { a: 1 }, 'x']])).toBeUndefined();
    expect(first({}, [])).toBeUndefined();
    expect(first({ v: 'DOUBLE' }, [])).toEqual({ mark: 'histogram', x: 0, aggregate: 'count' });
  });
});

it('knows what a type is on an axis', () => {
  expect(
    ['BIGINT', 'TIMESTAMP WITH TIME ZONE', 'TIME', 'INTERVAL', "ENUM('a')", 'BOOLEAN', 'UUID', 'INTEGER[]', 'BLOB'].map(columnRole),
  ).toEqual(['number', 'time', 'time', 'category', 'category', 'category', 'category', 'none', 'none']);
});
