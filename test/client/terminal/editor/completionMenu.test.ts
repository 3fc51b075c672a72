import { describe, expect, test } from 'vitest';
import { applyChoice, type CompletionChoice, CompletionMenu, narrowed } from '../../../../client/terminal/editor/completionMenu.ts';
import { createPainter } from '../../../../client/terminal/editor/palette.ts';

const PLAIN = createPainter(false);

function choices(...labels: readonly string[]): CompletionChoice[] {
  return labels.map((label) => ({ label, kind: 'table', insert: label }));
}

describe('completionMenu', () => {
  test('writes what the choices have in common, whatever the case of what is typed', () => {
    const answer = { choices: choices('order_items', 'orders', 'xorder'), start: 5, end: 7 };
    expect(narrowed(answer, 'from OR')).toEqual({ answer: { ...answer, choices: choices('order_items', 'orders') }, common: 'order' });
    expect(narrowed({ ...answer, choices: choices('zorro', 'floor') }, 'from or').common).toBe('or');
    expect(narrowed({ ...answer, choices: choices('Or', 'orb') }, 'from or').common).toBe('or');
  });

  test('writes a choice, and what belongs elsewhere', () => {
    const choice = { label: 'total', kind: 'column', insert: 'o.total', also: { offset: 16, text: ' o' } };
    expect(applyChoice('select to from t', { start: 7, end: 9 }, choice)).toEqual({ text: 'select o.total from t o', cursor: 14 });
    expect(applyChoice('x sel', { start: 2, end: 5 }, { ...choice, insert: 'select', also: { offset: 0, text: '>>' } })).toEqual({
      text: '>>x select',
      cursor: 10,
    });
  });

  test('shows columns, and moves through them in all directions', () => {
    const menu = new CompletionMenu({ choices: choices('a1', 'a2', 'a3', 'a4', 'a5'), start: 0, end: 1 }, 'a');
    expect(menu.rows(12, 20, PLAIN)).toEqual(['a1  a2  a3', 'a4  a5']);
    menu.move('down');
    expect(menu.choice?.label).toBe('a1');
    menu.move('down');
    expect(menu.choice?.label).toBe('a4');
    menu.move('down');
    expect(menu.choice?.label).toBe('a2');
    menu.move('up');
    expect(menu.choice?.label).toBe('a4');
    menu.move('next');
    menu.move('next');
    expect(menu.choice?.label).toBe('a1');
    menu.move('previous');
    expect(menu.choice?.label).toBe('a5');
    expect(menu.applied()).toEqual({ text: 'a5', cursor: 2 });
    expect(menu.rows(12, 20, PLAIN).at(-1)).toBe('table');
  });

  test('scrolls where there are many, and shows hostile names', () => {
    const labels = Array.from({ length: 40 }, (_, index) => `t${index}\u001b[31m`);
    const menu = new CompletionMenu({ choices: choices(...labels), start: 0, end: 0 }, '');
    menu.move('previous');
    const rows = menu.rows(20, 10, PLAIN);
    expect(rows).toHaveLength(8);
    expect(rows.at(-2)).toContain('t39␛[31m');
    expect(rows.at(-1)).toBe('40 of 40 · table');
    expect(rows.join('')).not.toContain('\u001b');
  });

  test('is narrowed by what is typed, and closed by what is no word', () => {
    const menu = new CompletionMenu({ choices: choices('orders', 'organs'), start: 0, end: 2 }, 'or');
    expect(menu.typed('d', 'ord')?.answer.choices).toEqual(choices('orders'));
    expect(menu.typed('x', 'orx')).toBeUndefined();
    expect(menu.typed('.', 'or.')).toBeUndefined();
  });
});
