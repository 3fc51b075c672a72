import type { ChoiceNode, Grammar, GrammarNode, LiteralNode, Rule, TerminalNode } from './grammar.ts';

/** A rule as it was matched; places are indexes of tokens. Rules of the same extent as their only part are left out. */
export interface SyntaxNode {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** What was tried behind the last token. */
export interface Expectation {
  readonly node: LiteralNode | TerminalNode;
  /** Rules around it, the innermost first. */
  readonly rules: readonly string[];
  /** Whether the last token was taken for a name, which some keywords may be: `over` in `sum(x) over`. */
  readonly behindName: boolean;
}

export interface GrammarMatch {
  /** Whether all tokens are one statement. */
  readonly accepted: boolean;
  /** Index of the first token that nothing could go on with; the number of tokens when there is none. */
  readonly furthest: number;
  /** With `expects`: what may stand behind the last token, where all tokens before could be matched. */
  readonly expected: readonly Expectation[];
  readonly tree: SyntaxNode | undefined;
}

interface Memo {
  readonly end: number;
  readonly nodes: readonly SyntaxNode[];
  readonly lastIsName: boolean;
}

const FAILED: Memo = { end: -1, nodes: [], lastIsName: false };
/** Rules around an expectation that are told. */
const RULES_TOLD = 12;
/** Steps for a statement; a match of ordinary length takes some hundreds a token. */
const MAX_STEPS = 4_000_000;
/** Brackets inside of one another: each takes about a hundred frames of the stack. */
const MAX_DEPTH = 40;

/**
 * Matches tokens against the grammar: a packrat parser (B. Ford, 2002) that looks at the next token before it tries a rule. `symbols`
 * ends with `END`. `undefined` when brackets are nested too deeply, or when it would take too long.
 */
export function matchGrammar(
  grammar: Grammar,
  symbols: Int32Array,
  options: { readonly expects?: boolean } = {},
): GrammarMatch | undefined {
  if (nesting(grammar, symbols) > MAX_DEPTH) return undefined;
  try {
    return new Matcher(grammar, symbols, options.expects === true).match();
  } catch (thrown) {
    if (thrown instanceof TooLong || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

class TooLong extends Error {}

class Matcher {
  readonly #grammar: Grammar;
  readonly #symbols: Int32Array;
  readonly #count: number;
  readonly #expects: boolean;
  readonly #memos: (Map<number, Memo> | undefined)[];
  readonly #expected = new Map<string, Expectation>();
  readonly #rules: string[] = [];
  /** Nodes of the rule that is being matched. */
  #nodes: SyntaxNode[] = [];
  #furthest = 0;
  #steps = 0;
  /** How the last token was matched at last. */
  #lastIsName = false;

  constructor(grammar: Grammar, symbols: Int32Array, expects: boolean) {
    this.#grammar = grammar;
    this.#symbols = symbols;
    this.#count = symbols.length - 1;
    this.#expects = expects;
    this.#memos = new Array(symbols.length);
  }

  match(): GrammarMatch {
    const end = this.#rule(this.#grammar.start, 0);
    const accepted = end === this.#count;
    return {
      accepted,
      furthest: accepted ? this.#count : Math.max(this.#furthest, end),
      expected: [...this.#expected.values()],
      tree: accepted ? this.#nodes[0] : undefined,
    };
  }

  /** The end of the match, or −1. */
  #node(node: GrammarNode, at: number): number {
    const symbol = this.#symbols[at] as number;
    const last = this.#expects && at === this.#count;
    if (!last && !node.first.has(symbol)) {
      if (at > this.#furthest) this.#furthest = at;
      return node.nullable ? at : -1;
    }
    switch (node.kind) {
      case 'literal':
      case 'terminal':
        if (last) {
          this.#expect(node);
          return -1;
        }
        if (at === this.#count - 1) this.#lastIsName = node.kind === 'terminal';
        return at + 1;
      case 'rule':
        return this.#rule(node.rule, at);
      case 'sequence': {
        const kept = this.#nodes.length;
        let end = at;
        for (const item of node.items) {
          end = this.#node(item, end);
          if (end < 0) {
            this.#nodes.length = kept;
            return -1;
          }
        }
        return end;
      }
      case 'choice':
        if (node.longest) return this.#longest(node, at);
        for (const item of node.items) {
          const end = this.#node(item, at);
          if (end >= 0) return end;
        }
        return -1;
      case 'optional': {
        const end = this.#node(node.item, at);
        return end < 0 ? at : end;
      }
      default: {
        let end = at;
        for (let next = this.#node(node.item, end); next > end; next = this.#node(node.item, end)) end = next;
        return node.kind === 'many' && end === at ? -1 : end;
      }
    }
  }

  #longest(node: ChoiceNode, at: number): number {
    const kept = this.#nodes.length;
    let longest = -1;
    let nodes: readonly SyntaxNode[] = [];
    for (const item of node.items) {
      const end = this.#node(item, at);
      const made = this.#nodes.splice(kept);
      if (end <= longest) continue;
      longest = end;
      nodes = made;
    }
    for (const found of nodes) this.#nodes.push(found);
    return longest;
  }

  #rule(rule: Rule, at: number): number {
    if (++this.#steps > MAX_STEPS) throw new TooLong();
    const memos = rule.shared ? this.#memosAt(at) : undefined;
    const known = memos?.get(rule.id);
    if (known) {
      for (const node of known.nodes) this.#nodes.push(node);
      if (known.end === this.#count) this.#lastIsName = known.lastIsName;
      return known.end;
    }
    const around = this.#nodes;
    const inner: SyntaxNode[] = [];
    this.#nodes = inner;
    this.#rules.push(rule.name);
    const end = this.#node(rule.body, at);
    this.#rules.pop();
    this.#nodes = around;
    if (end < 0) {
      memos?.set(rule.id, FAILED);
      return -1;
    }
    const only = inner.length === 1 ? inner[0] : undefined;
    const nodes =
      end === at
        ? []
        : only && only.start === at && only.end === end && only.children.length > 0
          ? inner
          : [{ rule: rule.name, start: at, end, children: inner }];
    memos?.set(rule.id, { end, nodes, lastIsName: this.#lastIsName });
    for (const node of nodes) around.push(node);
    return end;
  }

  #memosAt(at: number): Map<number, Memo> {
    const known = this.#memos[at];
    if (known) return known;
    const made = new Map<number, Memo>();
    this.#memos[at] = made;
    return made;
  }

  #expect(node: LiteralNode | TerminalNode): void {
    this.#furthest = this.#count;
    if (node.kind === 'terminal' && node.name.endsWith('Keyword')) return;
    const rules = this.#rules.slice(-RULES_TOLD).reverse();
    const behindName = this.#lastIsName;
    const key = `${behindName} ${node.kind === 'literal' ? `'${node.phrases.join('/')}` : `${node.name} ${rules.slice(0, 4).join(' ')}`}`;
    if (!this.#expected.has(key)) this.#expected.set(key, { node, rules, behindName });
  }
}

function nesting(grammar: Grammar, symbols: Int32Array): number {
  const opens = ['(', '[', '{'].map((sign) => grammar.literals.get(sign));
  const closes = [')', ']', '}'].map((sign) => grammar.literals.get(sign));
  let depth = 0;
  let deepest = 0;
  for (const symbol of symbols) {
    if (opens.includes(symbol)) deepest = Math.max(deepest, ++depth);
    else if (closes.includes(symbol)) depth--;
  }
  return deepest;
}
