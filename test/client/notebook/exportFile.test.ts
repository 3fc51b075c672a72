import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportedText,
  exportName,
  exportProgressText,
  formatOfFile,
} from '../../../client/notebook/exportFile.ts';

describe('formatOfFile', () => {
  test.each([
    ['/data/a.csv', 'csv'],
    ['/data/a.b.PARQUET', 'parquet'],
    ['/data/a.json', 'json'],
    ['/data/a.ndjson', 'jsonl'],
    ['/data/a.jsonl', 'jsonl'],
    ['/data.csv/a', undefined],
    ['/data/a.xlsx', 'xlsx'],
    ['/data/a.tsv', 'tsv'],
    ['/data/a.xls', undefined],
    ['/data/csv', undefined],
  ])('%s is %s', (path, format) => expect(formatOfFile(path)).toBe(format));

  test('knows every ending that is offered', () => {
    for (const [format, { endings }] of Object.entries(EXPORT_FORMATS))
      for (const ending of endings) expect(formatOfFile(`/x/y.${ending}`)).toBe(format as ExportFormat);
  });
});

describe('exportName', () => {
  test.each([
    ['Orders per month', '/work/tour.kodiak.sql', 'Orders per month'],
    ['', '/work/tour.kodiak.sql', 'tour'],
    ['', 'C:\\work\\plain.sql', 'plain'],
    ['', 'Untitled-1.kodiak.sql', 'Untitled-1'],
    ['a/b: "c"?', '/work/tour.kodiak.sql', 'a b c'],
    ['..', '/work/tour.kodiak.sql', 'tour'],
    ['con', '/work/tour.kodiak.sql', 'con result'],
    ['', '', 'result'],
  ])('of cell %j in %s is %s', (title, notebook, name) => expect(exportName(title, notebook)).toBe(name));

  test('is a name that every system allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string(), (title, notebook) => {
        const name = exportName(title, notebook);
        expect(name).not.toBe('');
        expect(name).not.toMatch(/[\\/:*?"<>|]|^[. ]|[. ]$/);
        expect([...name].length).toBeLessThanOrEqual(90);
      }),
    );
  });
});

test('how far it is and what came of it', () => {
  expect(exportProgressText(42.7, 3_000_000)).toBe('42 % of 3,000,000 rows');
  expect(exportProgressText(0, undefined)).toBe('0 %');
  expect(exportedText(3_000_000, 12_900_000, 'orders.parquet')).toBe('3,000,000 rows (12.3 MiB) are in orders.parquet.');
  expect(exportedText(1, 10, 'one.csv')).toBe('1 row (10 B) is in one.csv.');
});
