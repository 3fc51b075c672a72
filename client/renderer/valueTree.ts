import type { WireValue } from '../../server/protocol/values.ts';
import { visible } from './cellText.ts';
import { create } from './elements.ts';
import { formatNumber } from './footerText.ts';

/** Parts of a list that are shown at once. */
const ITEMS_AT_ONCE = 200;
const MAX_INLINE = 400;

/** A nested value as parts that unfold. Parts are made when they are looked at. */
export function valueTree(value: WireValue, type: string): HTMLElement {
  const root = create('div', 'kodiak-tree');
  root.append(...branches(value, type.startsWith('MAP(')));
  return root;
}

/** The parts of a value with their names: fields, keys of a map, or numbers of list items from 1, as DuckDB counts. */
export function partsOf(value: WireValue, isMap: boolean): readonly (readonly [string, WireValue])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.entries(value);
  return (value as readonly WireValue[]).map((item, index) => {
    if (!isMap || !Array.isArray(item)) return [String(index + 1), item];
    const [key = null, held = null] = item as readonly WireValue[];
    return [typeof key === 'string' ? key : JSON.stringify(key), held];
  });
}

/** A folded value in short: `3 items`, `{ a, b, c }`. */
export function foldedText(value: WireValue): string {
  if (Array.isArray(value)) return `${formatNumber(value.length)} ${value.length === 1 ? 'item' : 'items'}`;
  const names = Object.keys(value ?? {});
  const shown = names.slice(0, 5).join(', ');
  return `{ ${visible(shown.slice(0, 80))}${names.length > 5 ? ', …' : ''} }`;
}

function branches(value: WireValue, isMap: boolean): HTMLElement[] {
  const parts = partsOf(value, isMap);
  if (parts.length === 0) {
    const nothing = create('div', 'kodiak-leaf');
    nothing.textContent = Array.isArray(value) ? 'no items' : 'no fields';
    return [nothing];
  }
  return listed(parts, 0);
}

function listed(parts: readonly (readonly [string, WireValue])[], first: number): HTMLElement[] {
  const shown = parts.slice(first, first + ITEMS_AT_ONCE).map(([name, part]) => branch(name, part));
  const rest = parts.length - first - shown.length;
  if (rest <= 0) return shown;
  const more = create('button', 'kodiak-button kodiak-small kodiak-quiet');
  more.type = 'button';
  more.textContent = `Show ${formatNumber(Math.min(rest, ITEMS_AT_ONCE))} more of ${formatNumber(rest)}`;
  more.addEventListener('click', () => more.replaceWith(...listed(parts, first + ITEMS_AT_ONCE)));
  return [...shown, more];
}

function branch(name: string, value: WireValue): HTMLElement {
  const label = create('span', 'kodiak-tree-name');
  label.textContent = visible(name.slice(0, MAX_INLINE));
  if (typeof value !== 'object' || value === null) return leaf(label, value);
  const fold = create('details', 'kodiak-branch');
  const summary = create('summary', 'kodiak-tree-head');
  const short = create('span', 'kodiak-tree-short');
  short.textContent = foldedText(value);
  summary.append(label, short);
  fold.append(summary);
  fold.addEventListener('toggle', () => {
    if (fold.open && fold.childElementCount === 1) fold.append(...branches(value, false));
  });
  return fold;
}

function leaf(label: HTMLElement, value: null | boolean | number | string): HTMLElement {
  const element = create('div', 'kodiak-leaf');
  const text = create('span', value === null ? 'kodiak-null' : 'kodiak-leaf-text');
  text.textContent = value === null ? 'NULL' : visible(String(value));
  element.append(label, text);
  return element;
}
