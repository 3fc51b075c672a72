import type { SavedOutput, SavedTable } from '../../../server/protocol/savedOutput.ts';
import { visible } from '../cellText.ts';
import { create } from '../elements.ts';
import { savedAboutText } from './savedAboutText.ts';

const NUMBER = /^[+-]?(?:\d[\d,]*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A stored output of another program: marked as old, and all of it as text. */
export function savedView(saved: SavedOutput): HTMLElement {
  const element = create('section', 'kodiak-saved');
  const about = create('div', 'kodiak-saved-about');
  const label = create('span', 'kodiak-saved-label');
  label.textContent = 'Old result';
  about.append(label, savedAboutText(saved));
  element.append(about);
  if (saved.table !== undefined) element.append(tableElement(saved.table));
  if (saved.text !== undefined) {
    const text = create('pre', 'kodiak-saved-text');
    text.textContent = saved.text.split('\n').map(visible).join('\n');
    element.append(text);
  }
  return element;
}

function tableElement({ columns, rows }: SavedTable): HTMLElement {
  const scroll = create('div', 'kodiak-saved-scroll');
  // To be scrolled by keyboard.
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', 'Old result');
  const numeric = columns.map(
    (_, index) => rows.some((row) => isNumber(row[index])) && rows.every((row) => row[index] === null || isNumber(row[index])),
  );
  const table = create('table', '');
  const head = document.createElement('tr');
  for (const [index, name] of columns.entries()) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = visible(name);
    if (numeric[index] === true) cell.className = 'kodiak-saved-number';
    head.append(cell);
  }
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const index of columns.keys()) {
      const value = row[index] ?? null;
      const cell = line.insertCell();
      cell.textContent = value === null ? 'NULL' : visible(value);
      if (value === null) cell.className = 'kodiak-saved-null';
      else if (numeric[index] === true) cell.className = 'kodiak-saved-number';
    }
  }
  scroll.append(table);
  return scroll;
}

function isNumber(value: string | null | undefined): boolean {
  return typeof value === 'string' && NUMBER.test(value);
}
