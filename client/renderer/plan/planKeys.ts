import type { PlanLayout } from './planLayout.ts';

/** What a key asks for in the tree of cards. */
export type PlanStep =
  | { readonly type: 'go'; readonly to: number }
  | { readonly type: 'fold' | 'unfold' | 'open' | 'close' | 'zoomIn' | 'zoomOut' | 'fit' };

/** Keys as in every tree: up and down through what is shown, left and right through the levels, which also fold and unfold. */
export function planStep(key: string, at: number, { cards }: PlanLayout, canUnfold: boolean): PlanStep | undefined {
  const card = cards[at];
  if (card === undefined) return undefined;
  const go = (to: number): PlanStep | undefined => (to >= 0 && to < cards.length ? { type: 'go', to } : undefined);
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(cards.length - 1);
    case 'ArrowRight':
      if (canUnfold) return { type: 'unfold' };
      return cards[at + 1]?.parent === at ? go(at + 1) : undefined;
    case 'ArrowLeft':
      if (card.item.inputs.length > 0) return { type: 'fold' };
      return card.parent === undefined ? undefined : go(card.parent);
    case 'Enter':
    case ' ':
      return { type: 'open' };
    case 'Escape':
      return { type: 'close' };
    case '+':
    case '=':
      return { type: 'zoomIn' };
    case '-':
      return { type: 'zoomOut' };
    case '0':
      return { type: 'fit' };
    default:
      return undefined;
  }
}
