import type { Grammar, GrammarNode } from '../../engine/sql/grammar/grammar.ts';

/** Names of the test's schema by what they stand for; each walk takes some of them. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

/** A random source that repeats: the same seed gives the same walk (G. Marsaglia, "Xorshift RNGs", 2003). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** Below 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

const OPTIONAL_CHANCE = 0.3;
const REPEAT_CHANCE = 0.25;
const MAX_REPEATS = 3;
/** Rules inside of one another; an operand takes some twenty. */
const MAX_DEPTH = 70;
/** Tokens after which only the shortest way out is taken. */
const MAX_WORDS = 40;

/**
 * Walks DuckDB's grammar from its start and writes the tokens that it comes by. Below a depth only the shortest way out is taken.
 * `weights` says how likely a rule or literal is among others, 1 being usual.
 */
export class GrammarWalk {
  readonly #grammar: Grammar;
  readonly #vocabulary: Vocabulary;
  readonly #weights: Readonly<Record<string, number>>;
  readonly #heights: ReadonlyMap<GrammarNode, number>;
  readonly #words: string[] = [];

  constructor(grammar: Grammar, vocabulary: Vocabulary, weights: Readonly<Record<string, number>>) {
    this.#grammar = grammar;
    this.#vocabulary = vocabulary;
    this.#weights = weights;
    this.#heights = heightsOf(grammar);
  }

  /** A statement as its tokens. */
  statement(dice: Dice): string[] {
    this.#words.length = 0;
    this.#walk(this.#grammar.start.body, dice, MAX_DEPTH);
    return [...this.#words];
  }

  #walk(node: GrammarNode, dice: Dice, left: number): void {
    const depth = this.#words.length > MAX_WORDS ? 0 : left;
    switch (node.kind) {
      case 'literal':
        this.#words.push(node.text);
        return;
      case 'terminal':
        this.#words.push(dice.pick(this.#vocabulary[node.name] ?? this.#vocabulary['Identifier'] ?? ['x']));
        return;
      case 'rule':
        this.#walk(node.rule.body, dice, depth - 1);
        return;
      case 'sequence':
        for (const item of node.items) this.#walk(item, dice, depth);
        return;
      case 'choice':
        this.#walk(this.#choose(node.items, dice, depth), dice, depth);
        return;
      case 'optional':
        if (depth > this.#height(node.item) && dice.next() < OPTIONAL_CHANCE * this.#weight(node.item))
          this.#walk(node.item, dice, depth - 1);
        return;
      default: {
        if (node.kind === 'many') this.#walk(node.item, dice, depth);
        for (let count = 0; count < MAX_REPEATS; count++) {
          if (depth <= this.#height(node.item) || dice.next() >= REPEAT_CHANCE * this.#weight(node.item)) break;
          this.#walk(node.item, dice, depth - 2);
        }
      }
    }
  }

  #choose(items: readonly GrammarNode[], dice: Dice, depth: number): GrammarNode {
    const fitting = items.filter((item) => this.#height(item) < depth);
    const open = fitting.length > 0 ? fitting : this.#shortest(items);
    const total = open.reduce((sum, item) => sum + this.#weight(item), 0);
    let at = dice.next() * total;
    for (const item of open) {
      at -= this.#weight(item);
      if (at < 0) return item;
    }
    return open.at(-1) as GrammarNode;
  }

  #shortest(items: readonly GrammarNode[]): readonly GrammarNode[] {
    const least = Math.min(...items.map((item) => this.#height(item)));
    return items.filter((item) => this.#height(item) === least);
  }

  #weight(node: GrammarNode): number {
    const name = node.kind === 'rule' ? node.rule.name : node.kind === 'terminal' ? node.name : node.kind === 'literal' ? node.text : '';
    return this.#weights[name] ?? 1;
  }

  #height(node: GrammarNode): number {
    return this.#heights.get(node) ?? Number.POSITIVE_INFINITY;
  }
}

/** How many rules deep the shortest text of each node is. */
function heightsOf({ rules }: Grammar): Map<GrammarNode, number> {
  const heights = new Map<GrammarNode, number>();
  const nodes = new Set<GrammarNode>();
  const collect = (node: GrammarNode): void => {
    if (nodes.has(node)) return;
    nodes.add(node);
    if ('items' in node) for (const item of node.items) collect(item);
    else if ('item' in node) collect(node.item);
  };
  for (const rule of rules) collect(rule.body);
  const of = (node: GrammarNode) => heights.get(node) ?? Number.POSITIVE_INFINITY;
  const measure = (node: GrammarNode): number => {
    switch (node.kind) {
      case 'literal':
      case 'terminal':
      case 'optional':
      case 'repeat':
        return 0;
      case 'rule':
        return of(node.rule.body) + 1;
      case 'sequence':
        return Math.max(0, ...node.items.map(of));
      case 'choice':
        return Math.min(...node.items.map(of));
      default:
        return of(node.item);
    }
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      const height = measure(node);
      if (height < of(node)) {
        heights.set(node, height);
        changed = true;
      }
    }
  }
  return heights;
}
