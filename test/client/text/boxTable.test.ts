import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BoxTable, renderBox } from '../../../client/text/boxTable.ts';
import { displayWidth } from '../../../client/text/displayText.ts';
import { createStyle } from '../../../client/text/style.ts';

const PLAIN = createStyle(false);

function box(table: Partial<BoxTable>): string[] {
  return renderBox({ columns: [], head: [], tail: [], gap: false, width: undefined, style: PLAIN, ...table });
}

describe('boxTable', () => {
  test('aligns numbers right, texts left, and shows NULL', () => {
    const lines = box({
      columns: [
        { name: 'id', type: 'INTEGER' },
        { name: 'name', type: 'VARCHAR' },
      ],
      head: [
        [1, '日本'],
        [20, null],
      ],
    });
    expect(lines).toEqual([
      '┌─────────┬─────────┐',
      '│   id    │  name   │',
      '│ INTEGER │ VARCHAR │',
      '├─────────┼─────────┤',
      '│       1 │ 日本    │',
      '│      20 │ NULL    │',
      '└─────────┴─────────┘',
    ]);
  });

  test('marks the rows left out', () => {
    const lines = box({ columns: [{ name: 'i', type: 'BIGINT' }], head: [[1]], tail: [[9]], gap: true });
    expect(lines.slice(4, 7)).toEqual(['│      1 │', '│      · │', '│      9 │']);
  });

  test('keeps hostile values inside their cell', () => {
    const lines = box({ columns: [{ name: '\u001b]0;x\u0007', type: 'VARCHAR' }], head: [['a\nb\u001b[2J']] });
    expect(lines[1]).toContain('␛]0;x␇');
    expect(lines[4]).toContain('a↵b␛[2J');
  });

  test('narrows the widest columns to the terminal', () => {
    const lines = box({
      columns: [
        { name: 'id', type: 'INTEGER' },
        { name: 'text', type: 'VARCHAR' },
      ],
      head: [[1, 'x'.repeat(100)]],
      width: 40,
    });
    expect(lines.map(displayWidth)).toEqual(Array(6).fill(40));
    expect(lines[4]).toBe(`│       1 │ ${'x'.repeat(25)}… │`);
  });

  test('hides columns in the middle of a table that is too wide, and says so', () => {
    const columns = Array.from({ length: 20 }, (_, at) => ({ name: `column${at}`, type: 'VARCHAR' }));
    const lines = box({ columns, head: [columns.map((_, at) => `value ${at}`)], width: 60 });
    expect(Math.max(...lines.slice(0, -1).map(displayWidth))).toBeLessThanOrEqual(60);
    expect(lines[1]).toContain('column0');
    expect(lines[1]).toContain('column19');
    expect(lines[1]).toContain('│ … │');
    expect(lines.at(-1)).toMatch(/^1[4-7] of 20 columns hidden/);
  });

  test('never breaks its frame, whatever the data and the width', () => {
    const cell = fc.oneof(fc.constant(null), fc.integer(), fc.string({ unit: 'binary' }), fc.array(fc.string()));
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 12 })
          .chain((count) => fc.array(fc.array(cell, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 4 })),
        fc.option(fc.integer({ min: 20, max: 120 }), { nil: undefined }),
        (rows, width) => {
          const columns = (rows[0] ?? []).map((_, at) => ({ name: `c${at}`, type: 'VARCHAR' }));
          const frame = box({ columns, head: rows, width }).filter((line) => /^[┌│├└]/.test(line));
          expect(new Set(frame.map(displayWidth)).size).toBe(1);
          expect(frame).toHaveLength(rows.length + 5);
          if (width !== undefined) expect(displayWidth(frame[0] ?? '')).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
