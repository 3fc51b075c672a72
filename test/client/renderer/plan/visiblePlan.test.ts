import { describe, expect, it } from 'vitest';
import { readFacts } from '../../../../client/plan/planFacts.ts';
import { planStep } from '../../../../client/renderer/plan/planKeys.ts';
import { layoutPlan } from '../../../../client/renderer/plan/planLayout.ts';
import { countBelow, firstFolds, type VisibleItem, visiblePlan } from '../../../../client/renderer/plan/visiblePlan.ts';
import type { WireOperator } from '../../../../server/protocol/plan.ts';
import { madePlan, recordedPlan } from '../../../support/recordedPlan.ts';

const NONE = { folded: new Set<number>(), spread: new Set<number>() };

function count(items: readonly VisibleItem[]): number {
  return items.reduce((sum, { inputs }) => sum + 1 + count(inputs), 0);
}

/** A union of many branches of three operators each; the branch at `hot` takes most of the time. */
function unions(branches: number, hot: number): ReturnType<typeof readFacts> {
  const operators: WireOperator[] = [{ kind: 'UNION', details: [], cpuMs: 0 }];
  for (let branch = 0; branch < branches; branch++) {
    operators.push({ kind: 'PROJECTION', parent: 0, details: [], cpuMs: 0.1 });
    operators.push({ kind: 'FILTER', parent: operators.length - 1, details: [], cpuMs: branch === hot ? 10_000 : 0.1 });
    operators.push({ kind: 'SEQ_SCAN', parent: operators.length - 1, details: [], cpuMs: 0.1 });
  }
  return readFacts(madePlan(operators));
}

describe('what is shown', () => {
  it('is all of a plan that fits', () => {
    const facts = readFacts(recordedPlan('materializedCte', 'measured'));
    const folds = firstFolds(facts);
    expect([folds.folded.size, folds.spread.size]).toEqual([0, 0]);
    expect(count(visiblePlan(facts, folds))).toBe(facts.nodes.length);
  });

  it('is without the inputs of what is folded', () => {
    const facts = readFacts(recordedPlan('join', 'measured'));
    const join = facts.nodes.findIndex(({ operator }) => operator.kind === 'HASH_JOIN');
    const shown = count(visiblePlan(facts, { ...NONE, folded: new Set([join]) }));
    expect(shown).toBe(facts.nodes.length - countBelow(facts, join));
    expect(countBelow(facts, join)).toBeGreaterThanOrEqual(2);
  });

  it('is a few of very many inputs, those that cost most and all on demand', () => {
    const facts = unions(400, 333);
    const [union] = visiblePlan(facts, NONE);
    const names = union?.inputs.map(({ node, left }) => left ?? node.index) ?? [];
    expect(names).toHaveLength(17);
    expect(names).toContain(1 + 333 * 3);
    expect(names.at(-1)).toBe(384);
    expect(visiblePlan(facts, { ...NONE, spread: new Set([0]) })[0]?.inputs).toHaveLength(400);
  });

  it('is the hot path and what is near the top in a plan of hundreds', () => {
    const facts = unions(300, 7);
    const shown = visiblePlan(facts, firstFolds(facts));
    expect(count(shown)).toBeLessThan(130);
    const chain = Array.from(
      { length: 500 },
      (_, index): WireOperator => ({
        kind: 'PROJECTION',
        details: [],
        cpuMs: index === 450 ? 100 : 0,
        ...(index > 0 && { parent: index - 1 }),
      }),
    );
    const deep = readFacts(madePlan(chain));
    expect(count(visiblePlan(deep, firstFolds(deep)))).toBe(452);
    const estimated = readFacts(madePlan(chain, false));
    expect(count(visiblePlan(estimated, firstFolds(estimated)))).toBe(120);
  });
});

describe('the layout', () => {
  it('puts inputs below, in their order, and nothing on top of another', () => {
    const facts = unions(12, 3);
    const { cards, width, height } = layoutPlan(visiblePlan(facts, NONE), ({ node }) => (node.operator.kind === 'FILTER' ? 90 : 40));
    expect(cards).toHaveLength(37);
    for (const [index, card] of cards.entries()) {
      const above = card.parent === undefined ? undefined : cards[card.parent];
      if (above) expect(card.y).toBeGreaterThanOrEqual(above.y + above.height);
      expect(card.x).toBeGreaterThanOrEqual(0);
      expect(card.x + 236).toBeLessThanOrEqual(width);
      expect(card.y + card.height).toBeLessThanOrEqual(height);
      for (const other of cards.slice(index + 1)) {
        const apart =
          other.x >= card.x + 236 || card.x >= other.x + 236 || other.y >= card.y + card.height || card.y >= other.y + other.height;
        expect(apart).toBe(true);
      }
    }
    const inputs = cards.filter(({ parent }) => parent === 0);
    expect(inputs.map(({ x }) => x)).toEqual([...inputs.map(({ x }) => x)].sort((a, b) => a - b));
    expect(inputs.map(({ position, siblings, level }) => [position, siblings, level])).toEqual(
      inputs.map((_, index) => [index + 1, 12, 2]),
    );
  });

  it('takes several topmost operators and none', () => {
    const facts = readFacts(
      madePlan([
        { kind: 'A', details: [] },
        { kind: 'B', details: [] },
      ]),
    );
    const { cards } = layoutPlan(visiblePlan(facts, NONE), () => 40);
    expect(cards.map(({ level, parent, position }) => [level, parent, position])).toEqual([
      [1, undefined, 1],
      [1, undefined, 2],
    ]);
    expect(layoutPlan([], () => 40)).toEqual({ cards: [], width: 0, height: 0 });
  });
});

describe('keys', () => {
  const facts = readFacts(
    madePlan([
      { kind: 'HASH_JOIN', details: [] },
      { kind: 'SEQ_SCAN', parent: 0, details: [] },
      { kind: 'SEQ_SCAN', parent: 0, details: [] },
    ]),
  );
  const layout = layoutPlan(visiblePlan(facts, NONE), () => 40);
  const step = (key: string, at: number, canUnfold = false) => planStep(key, at, layout, canUnfold);

  it('go through the tree', () => {
    expect(step('ArrowDown', 0)).toEqual({ type: 'go', to: 1 });
    expect(step('ArrowDown', 2)).toBeUndefined();
    expect(step('ArrowUp', 0)).toBeUndefined();
    expect(step('End', 0)).toEqual({ type: 'go', to: 2 });
    expect(step('ArrowRight', 0)).toEqual({ type: 'go', to: 1 });
    expect(step('ArrowRight', 1)).toBeUndefined();
    expect(step('ArrowLeft', 2)).toEqual({ type: 'go', to: 0 });
  });

  it('fold, unfold, open and zoom', () => {
    expect(step('ArrowLeft', 0)).toEqual({ type: 'fold' });
    expect(step('ArrowRight', 1, true)).toEqual({ type: 'unfold' });
    expect([step('Enter', 1), step('Escape', 1), step('+', 1), step('-', 1), step('0', 1)].map((found) => found?.type)).toEqual([
      'open',
      'close',
      'zoomIn',
      'zoomOut',
      'fit',
    ]);
    expect(step('a', 1)).toBeUndefined();
    expect(step('Enter', -1)).toBeUndefined();
  });
});
