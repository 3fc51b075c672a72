import { hierarchy, tree } from 'd3-hierarchy';
import type { VisibleItem } from './visiblePlan.ts';

/** Where a card stands; its corner, in pixels at full size. */
export interface PlacedCard {
  readonly item: VisibleItem;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** 1 for the topmost. */
  readonly level: number;
  /** Its place among those that feed the same operator, from 1. */
  readonly position: number;
  readonly siblings: number;
  /** Index of the card that takes its rows. */
  readonly parent: number | undefined;
}

export interface PlanLayout {
  /** Each behind the one that takes its rows, as a reader goes through a tree. */
  readonly cards: readonly PlacedCard[];
  readonly width: number;
  readonly height: number;
}

export const CARD_WIDTH = 236;
const GAP_X = 24;
const GAP_Y = 34;
const MARGIN = 14;

/** Places the cards as a tidy tree, the result at the top. Cards of one level stand on one line; a level is as high as its highest card. */
export function layoutPlan(roots: readonly VisibleItem[], heightOf: (item: VisibleItem) => number): PlanLayout {
  if (roots.length === 0) return { cards: [], width: 0, height: 0 };
  // Several topmost operators hang on one that is not drawn.
  const top = hierarchy<{ readonly item: VisibleItem | undefined; readonly inputs: readonly VisibleItem[] }>(
    { item: undefined, inputs: roots },
    ({ inputs }) => inputs.map((item) => ({ item, inputs: item.inputs })),
  );
  const placed = tree<{ readonly item: VisibleItem | undefined; readonly inputs: readonly VisibleItem[] }>()
    .nodeSize([CARD_WIDTH + GAP_X, 1])
    .separation(() => 1)(top);
  const levels: number[] = [];
  const indexes = new Map<object, number>();
  const found: {
    readonly item: VisibleItem;
    readonly x: number;
    readonly depth: number;
    readonly parent: number | undefined;
    readonly place: readonly [number, number];
  }[] = [];
  const open = [...(placed.children ?? [])].reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { item } = node.data;
    if (item === undefined) continue;
    const siblings = node.parent?.children ?? [];
    indexes.set(node, found.length);
    const parent = node.parent === null ? undefined : indexes.get(node.parent);
    found.push({ item, x: node.x, depth: node.depth - 1, parent, place: [siblings.indexOf(node) + 1, siblings.length] });
    levels[node.depth - 1] = Math.max(levels[node.depth - 1] ?? 0, heightOf(item));
    open.push(...[...(node.children ?? [])].reverse());
  }
  const tops: number[] = [];
  let y = MARGIN;
  for (const [level, height] of levels.entries()) {
    tops[level] = y;
    y += height + GAP_Y;
  }
  const left = found.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const right = found.reduce((most, { x }) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const cards = found.map(({ item, x, depth, parent, place: [position, siblings] }) => ({
    item,
    x: x - left + MARGIN,
    y: tops[depth] ?? MARGIN,
    height: heightOf(item),
    level: depth + 1,
    position,
    siblings,
    parent,
  }));
  return { cards, width: right - left + CARD_WIDTH + 2 * MARGIN, height: y - GAP_Y + MARGIN };
}
