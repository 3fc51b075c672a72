import type { Token } from '../lexer.ts';
import { type Grammar, NAME } from './grammar.ts';
import { grammarTokens, symbolsOf } from './grammarTokens.ts';
import { type Expectation, type GrammarMatch, matchGrammar } from './matchGrammar.ts';

/** What the grammar allows at the end of a text that is half written. */
export interface Expected {
  /**
   * Keywords with those that must follow them, in upper case: `GROUP BY`, `NULLS FIRST`. Where several may follow, the first one alone
   * is there as well: `NULLS`. With the rules around each, the innermost first.
   */
  readonly keywords: ReadonlyMap<string, readonly string[]>;
  /** Names, strings and numbers: the rule of one token that was tried, and the rules around it. */
  readonly terminals: readonly ExpectedTerminal[];
  /** Signs, such as `(` and `,`. */
  readonly signs: readonly string[];
}

export interface ExpectedTerminal {
  readonly name: string;
  /** The innermost first. */
  readonly rules: readonly string[];
}

const MAX_REPAIRS = 8;
/** Tokens of a statement that are matched at a keystroke; longer ones do without. */
const MAX_TOKENS = 3_000;
/** What is tried before a token that nothing could go on with, before the token is left out. */
const INSERTED = [')', ']', '}', ','];

/**
 * What may stand behind `tokens`, the part of a statement before a cursor. Where that part is wrong already it is repaired: names are put
 * into holes, brackets are closed, and what fits nowhere is left out. `undefined` when that does not help.
 */
export function expectedAt(grammar: Grammar, text: string, tokens: readonly Token[]): Expected | undefined {
  let symbols: readonly number[] = grammarTokens(grammar, text, tokens).map(({ symbol }) => symbol);
  if (symbols.length > MAX_TOKENS) return undefined;
  for (let repairs = 0; repairs <= MAX_REPAIRS; repairs++) {
    const match = matched(grammar, symbols);
    if (!match) return undefined;
    if (match.expected.length > 0) return toExpected(match.expected);
    const at = match.furthest;
    // All of it is a whole statement, and nothing can follow.
    if (at >= symbols.length) return { keywords: new Map(), terminals: [], signs: [] };
    // Not a statement at all.
    if (at === 0) return undefined;
    symbols = repaired(grammar, symbols, at);
  }
  return undefined;
}

/** The symbols with a change that lets the match go on behind `at`. */
function repaired(grammar: Grammar, symbols: readonly number[], at: number): readonly number[] {
  const wanted = matched(grammar, symbols.slice(0, at))?.expected ?? [];
  const candidates = [
    ...(wanted.some(({ node }) => node.first.has(NAME)) ? [NAME] : []),
    ...INSERTED.flatMap((sign) => {
      const symbol = grammar.literals.get(sign);
      return symbol !== undefined && wanted.some(({ node }) => node.kind === 'literal' && node.symbol === symbol) ? [symbol] : [];
    }),
  ];
  for (const candidate of candidates) {
    const tried = [...symbols.slice(0, at), candidate, ...symbols.slice(at)];
    const match = matched(grammar, tried);
    if (match && match.furthest > at + 1) return tried;
  }
  return [...symbols.slice(0, at), ...symbols.slice(at + 1)];
}

function matched(grammar: Grammar, symbols: readonly number[]): GrammarMatch | undefined {
  return matchGrammar(grammar, symbolsOf(symbols), { expects: true });
}

/** What stands behind a keyword counts first: where the last word can be one, it is hardly meant as a name. */
function toExpected(all: readonly Expectation[]): Expected {
  const behindKeyword = all.filter(({ behindName }) => !behindName);
  const expected = behindKeyword.length > 0 ? behindKeyword : all;
  const keywords = new Map<string, readonly string[]>();
  const begun = new Set<string>();
  const signs = new Set<string>();
  const terminals: ExpectedTerminal[] = [];
  for (const { node, rules } of expected) {
    if (node.kind === 'terminal') terminals.push({ name: node.name, rules });
    else if (/^\w/.test(node.text)) {
      // Several that begin alike: what they begin with is offered, too.
      if (begun.has(node.text) && !node.phrases.includes(node.text)) keywords.set(node.text, rules);
      begun.add(node.text);
      for (const phrase of node.phrases) keywords.set(phrase, rules);
    } else signs.add(node.text);
  }
  return { keywords, terminals, signs: [...signs] };
}
