import type { PlanFacts, PlanNode } from '../../plan/planFacts.ts';

/** What a person has folded and unfolded. */
export interface PlanFolds {
  /** Operators whose inputs are hidden. */
  readonly folded: ReadonlySet<number>;
  /** Operators of which all inputs are shown, however many there are. */
  readonly spread: ReadonlySet<number>;
}

/** One thing on the screen: an operator, or the inputs of one that are left out. */
export interface VisibleItem {
  readonly node: PlanNode;
  /** Inputs of `node` that are left out; the item stands for them, and not for the operator. */
  readonly left: number | undefined;
  /** The inputs that are shown. */
  readonly inputs: readonly VisibleItem[];
}

/** Inputs of one operator that are shown at first. */
const MAX_INPUTS = 16;
/** Operators that are shown at first: what is off the hot path is folded beyond that. */
const MAX_FIRST = 120;

/** The plan as it is shown: without what is folded, and with a few of very many inputs. */
export function visiblePlan(facts: PlanFacts, folds: PlanFolds): VisibleItem[] {
  const built = new Map<number, VisibleItem>();
  // From the last on, so that inputs are there before the operator that takes them.
  for (let index = facts.nodes.length - 1; index >= 0; index--) {
    const node = facts.nodes[index];
    if (node === undefined) continue;
    const chosen = folds.folded.has(index) ? [] : shownInputs(facts, node, folds.spread.has(index));
    const inputs = chosen.flatMap((input) => built.get(input) ?? []);
    const left = folds.folded.has(index) ? 0 : node.children.length - chosen.length;
    if (left > 0) inputs.push({ node, left, inputs: [] });
    built.set(index, { node, left: undefined, inputs });
  }
  return facts.roots.flatMap((root) => built.get(root) ?? []);
}

/** Those on the hot path and the most expensive of many, in their order. */
function shownInputs({ nodes }: PlanFacts, { children }: PlanNode, isSpread: boolean): readonly number[] {
  if (isSpread || children.length <= MAX_INPUTS + 1) return children;
  const weight = (index: number) => {
    const node = nodes[index];
    return (node?.hot ? 2 : 0) + (node?.totalShare ?? 0);
  };
  const heaviest = new Set([...children].sort((a, b) => weight(b) - weight(a) || a - b).slice(0, MAX_INPUTS));
  return children.filter((index) => heaviest.has(index));
}

/** What is folded at first: nothing in a plan that fits, else all that is far from the top and off the hot path. */
export function firstFolds(facts: PlanFacts): PlanFolds {
  const folded = new Set<number>();
  const spread = new Set<number>();
  if (facts.nodes.length <= MAX_FIRST) return { folded, spread };
  let shown = facts.roots.length;
  let level: readonly number[] = facts.roots;
  while (level.length > 0) {
    const next: number[] = [];
    for (const index of level) {
      const node = facts.nodes[index];
      if (node === undefined || node.children.length === 0) continue;
      const inputs = shownInputs(facts, node, false);
      if (shown + inputs.length > MAX_FIRST && !node.hot) folded.add(index);
      else {
        shown += inputs.length;
        next.push(...inputs);
      }
    }
    level = next;
  }
  return { folded, spread };
}

/** How many operators feed one, however deep. */
export function countBelow(facts: PlanFacts, index: number): number {
  let count = 0;
  const open = [...(facts.nodes[index]?.children ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count++;
    open.push(...(facts.nodes[next]?.children ?? []));
  }
  return count;
}
