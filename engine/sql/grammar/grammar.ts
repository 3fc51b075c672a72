import { type PegExpression, type PegRule, readBody, readGrammar } from './readGrammar.ts';
import { SymbolSet } from './symbolSet.ts';

/** What every token is to the grammar, if it is none of its literals. */
export const END = 0;
export const NAME = 1;
export const QUOTED_NAME = 2;
export const STRING = 3;
export const NUMBER = 4;
export const OPERATOR = 5;
export const UNKNOWN = 6;
const FIRST_LITERAL = 7;

interface NodeBase {
  /** Symbols with which it may begin. */
  readonly first: SymbolSet;
  /** Whether it may match nothing. */
  nullable: boolean;
}

/** A keyword or sign. */
export interface LiteralNode extends NodeBase {
  readonly kind: 'literal';
  readonly text: string;
  readonly symbol: number;
  /**
   * What is written where it begins: itself with the keywords that must follow it, as `GROUP BY`. Where another keyword may follow, there
   * is one more with it: `ADD`, `ADD COLUMN`; where something else may, itself is there too: `INSERT INTO`, `INSERT`.
   */
  readonly phrases: readonly string[];
}

/** A name, string, number or operator, or any keyword of a category. */
export interface TerminalNode extends NodeBase {
  readonly kind: 'terminal';
  /** Name of its rule: `TableName`, `StringLiteral`, `UnreservedKeyword`. */
  readonly name: string;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly GrammarNode[];
}

export interface ChoiceNode extends NodeBase {
  readonly kind: 'choice';
  readonly items: readonly GrammarNode[];
  /** The alternative that reaches furthest is taken and not the first: else an earlier one would hide a later one that goes on. */
  readonly longest: boolean;
}

export interface RepeatedNode extends NodeBase {
  readonly kind: 'optional' | 'repeat' | 'many';
  readonly item: GrammarNode;
}

export interface RuleNode extends NodeBase {
  readonly kind: 'rule';
  readonly rule: Rule;
}

export type GrammarNode = LiteralNode | TerminalNode | SequenceNode | ChoiceNode | RepeatedNode | RuleNode;

/** A rule of the grammar; of one that takes a parameter, each use is part of the rule that uses it. */
export interface Rule {
  readonly name: string;
  readonly id: number;
  body: GrammarNode;
  /** Whether several rules use it, so that it may be tried more than once at the same place. */
  shared: boolean;
}

export interface Grammar {
  readonly start: Rule;
  readonly rules: readonly Rule[];
  /** Number of rules in the text. */
  readonly ruleCount: number;
  /** Symbols of the literals, keywords in upper case. */
  readonly literals: ReadonlyMap<string, number>;
  readonly symbolCount: number;
}

type Category = 'reserved' | 'unreserved' | 'column' | 'function';

const CATEGORIES: Readonly<Record<string, Category>> = {
  ReservedKeyword: 'reserved',
  UnreservedKeyword: 'unreserved',
  ColumnNameKeyword: 'column',
  FuncNameKeyword: 'function',
  TypeNameKeyword: 'function',
};

/** Rules that stand for one token. What the grammar's text says of them is replaced, as in DuckDB's own matcher. */
const NAMES = words('Identifier CatalogName SchemaName TableName ColumnName PragmaName SettingName IndexName SequenceName CollationName');
const ANY_NAMES = words('ReservedIdentifier ReservedSchemaName ReservedTableName ReservedColumnName ReservedFunctionName');
const FUNCTION_NAMES = words('FunctionName TableFunctionName');
const START = 'Statement';
/** Rules that say less, or more, than what DuckDB 1.5 accepts. */
const CORRECTIONS: Readonly<Record<string, string>> = {
  PositionExpression: "'POSITION' Parens(OtherOperatorExpression 'IN' OtherOperatorExpression)",
  // Any other statement is refused with an error of its own.
  CTEBodyContent: 'SelectStatementInternal',
  CreateTableAs: "IdentifierList? PartitionSortedOptions? WithList? 'AS' SelectStatementInternal WithData?",
};
/** Comparisons have a level of their own, below that of operators without a name. */
const COMPARISONS = new Set(['=', '==', '!=', '<>', '<', '>', '<=', '>=', '->', ':=', '=>', '::']);

const NOTHING: GrammarNode = { kind: 'sequence', items: [], first: new SymbolSet(0), nullable: true };

/** Makes the grammar of DuckDB ready for use. Throws when the text is not the whole grammar. */
export function compileGrammar(text: string): Grammar {
  const texts = readGrammar(text);
  for (const [name, body] of Object.entries(CORRECTIONS)) if (texts.has(name)) texts.set(name, { name, parameter: undefined, body });
  const literals = collectLiterals(texts);
  const symbolCount = FIRST_LITERAL + literals.size;
  const terminals = terminalSets(texts, literals, symbolCount);
  const rules = new Map<string, Rule>();
  const usedBy = new Map<Rule, Set<Rule>>();
  const nodes: GrammarNode[] = [];

  function keep<Node extends GrammarNode>(node: Node): Node {
    nodes.push(node);
    return node;
  }

  function base(): NodeBase {
    return { first: new SymbolSet(symbolCount), nullable: false };
  }

  function ruleOf(name: string): Rule {
    const known = rules.get(name);
    if (known) return known;
    const text = texts.get(name);
    if (!text) throw new Error(`DuckDB's grammar has no rule ${name}.`);
    const rule: Rule = { name, id: rules.size, body: NOTHING, shared: false };
    rules.set(name, rule);
    rule.body = compile(readBody(text), undefined, rule);
    return rule;
  }

  function compile(
    expression: PegExpression,
    argument: { readonly name: string; readonly node: GrammarNode } | undefined,
    owner: Rule,
  ): GrammarNode {
    switch (expression.kind) {
      case 'literal': {
        const symbol = literals.get(expression.text.toUpperCase()) as number;
        const text = expression.text.toUpperCase();
        const node = keep({ ...base(), kind: 'literal', text, symbol, phrases: [text] });
        node.first.add(symbol);
        return node;
      }
      case 'reference': {
        if (argument && expression.name === argument.name) return argument.node;
        const accepted = terminals.get(expression.name);
        if (accepted) return keep({ kind: 'terminal', name: expression.name, first: accepted, nullable: false });
        const rule = ruleOf(expression.name);
        const users = usedBy.get(rule) ?? new Set();
        usedBy.set(rule, users.add(owner));
        return keep({ ...base(), kind: 'rule', rule });
      }
      case 'call': {
        const called = texts.get(expression.name);
        if (called?.parameter === undefined) throw new Error(`DuckDB's grammar has no rule ${expression.name} with a parameter.`);
        return compile(readBody(called), { name: called.parameter, node: compile(expression.argument, argument, owner) }, owner);
      }
      case 'sequence':
        return keep({ ...base(), kind: 'sequence', items: expression.items.map((item) => compile(item, argument, owner)) });
      case 'choice': {
        const items = expression.items.map((item) => compile(item, argument, owner));
        return keep({ ...base(), kind: 'choice', items, longest: false });
      }
      default:
        return keep({ ...base(), kind: expression.kind, item: compile(expression.item, argument, owner) });
    }
  }

  const start = ruleOf(START);
  for (const [rule, users] of usedBy) rule.shared = users.size > 1;
  findFirst(nodes);
  for (const node of nodes) {
    if (node.kind === 'sequence') findPhrases(node);
    else if (node.kind === 'choice') (node as { longest: boolean }).longest = hidesOne(node);
  }
  return { start, rules: [...rules.values()], ruleCount: texts.size, literals, symbolCount };
}

function words(list: string): readonly string[] {
  return list.split(' ');
}

function collectLiterals(texts: ReadonlyMap<string, PegRule>): Map<string, number> {
  const literals = new Map<string, number>();
  for (const rule of texts.values()) {
    if (isReplaced(rule.name)) continue;
    for (const [, text = ''] of rule.body.matchAll(/'((?:[^'\\]|\\.)+)'/g)) {
      const upper = text.replace(/\\(.)/g, '$1').toUpperCase();
      if (!literals.has(upper)) literals.set(upper, FIRST_LITERAL + literals.size);
    }
  }
  return literals;
}

function isReplaced(name: string): boolean {
  return name.startsWith('%') || ['NumberLiteral', 'StringLiteral', 'PlainIdentifier', 'QuotedIdentifier'].includes(name);
}

/** The tokens that each rule of one token accepts. */
function terminalSets(
  texts: ReadonlyMap<string, PegRule>,
  literals: ReadonlyMap<string, number>,
  size: number,
): ReadonlyMap<string, SymbolSet> {
  const categories = new Map<string, Set<Category>>();
  for (const [rule, category] of Object.entries(CATEGORIES)) {
    const body = texts.get(rule)?.body;
    if (body === undefined) throw new Error(`DuckDB's grammar has no rule ${rule}.`);
    for (const [, word = ''] of body.matchAll(/'(\w+)'/g))
      categories.set(word.toUpperCase(), (categories.get(word.toUpperCase()) ?? new Set()).add(category));
  }
  const accept = (isName: (of: ReadonlySet<Category>) => boolean, ...symbols: number[]): SymbolSet => {
    const set = new SymbolSet(size);
    for (const symbol of symbols) set.add(symbol);
    for (const [text, symbol] of literals) if (/^\w/.test(text) && isName(categories.get(text) ?? new Set())) set.add(symbol);
    return set;
  };
  const plain = (of: ReadonlySet<Category>) => !(of.has('reserved') || of.has('function')) || of.has('unreserved') || of.has('column');
  const ofFunction = (of: ReadonlySet<Category>) => !(of.has('reserved') || of.has('column')) || of.has('unreserved') || of.has('function');
  const sets = new Map<string, SymbolSet>();
  for (const [rule, category] of Object.entries(CATEGORIES))
    sets.set(
      rule,
      accept((of) => of.has(category)),
    );
  for (const name of NAMES) sets.set(name, accept(plain, NAME, QUOTED_NAME));
  sets.set('TableName', accept(plain, NAME, QUOTED_NAME, STRING));
  sets.set(
    'TypeName',
    accept((of) => !of.has('reserved') && !of.has('function'), NAME, QUOTED_NAME),
  );
  for (const name of FUNCTION_NAMES) sets.set(name, accept(ofFunction, NAME, QUOTED_NAME));
  for (const name of ANY_NAMES)
    sets.set(
      name,
      accept(() => true, NAME, QUOTED_NAME),
    );
  sets.set(
    'ReservedTableName',
    accept(() => true, NAME, QUOTED_NAME, STRING),
  );
  sets.set(
    'StringLiteral',
    accept(() => false, STRING),
  );
  sets.set(
    'NumberLiteral',
    accept(() => false, NUMBER),
  );
  const operators = accept(() => false, OPERATOR);
  for (const [text, symbol] of literals) if (/^[-+*/%^<>=~!@&|]+$/.test(text) && !COMPARISONS.has(text)) operators.add(symbol);
  sets.set('OperatorLiteral', operators);
  return sets;
}

/** Finds what every node may begin with, by repetition until nothing changes (A. Aho et al., "Compilers", 4.4.2: FIRST). */
function findFirst(nodes: readonly GrammarNode[]): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      const nullable = node.nullable || isNullable(node);
      if (nullable !== node.nullable) {
        node.nullable = nullable;
        changed = true;
      }
      for (const part of beginnings(node)) if (node.first.addAll(part.first)) changed = true;
    }
  }
}

function isNullable(node: GrammarNode): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.every(({ nullable }) => nullable);
    case 'choice':
      return node.items.some(({ nullable }) => nullable);
    case 'optional':
    case 'repeat':
      return true;
    case 'many':
      return node.item.nullable;
    case 'rule':
      return node.rule.body.nullable;
    default:
      return false;
  }
}

/** The parts of a node with which it may begin. */
function beginnings(node: GrammarNode): readonly GrammarNode[] {
  switch (node.kind) {
    case 'sequence': {
      const firm = node.items.findIndex(({ nullable }) => !nullable);
      return firm < 0 ? node.items : node.items.slice(0, firm + 1);
    }
    case 'choice':
      return node.items;
    case 'optional':
    case 'repeat':
    case 'many':
      return [node.item];
    case 'rule':
      return [node.rule.body];
    default:
      return [];
  }
}

/** Joins keywords to those that must or may follow. */
function findPhrases({ items }: SequenceNode): void {
  for (const [index, item] of items.entries()) {
    const literal = item.kind === 'optional' ? item.item : item;
    if (literal.kind !== 'literal' || !isWord(literal)) continue;
    const phrases = new Set<string>();
    const must = [literal.text];
    for (const next of items.slice(index + 1)) {
      if (next.nullable && holdsOnlyWords(next)) {
        if (next.kind === 'optional' && next.item.kind === 'literal') phrases.add([...must, next.item.text].join(' '));
        phrases.add(literal.text);
        continue;
      }
      if (next.kind !== 'literal' || !isWord(next)) break;
      must.push(next.text);
      for (const phrase of [...phrases]) {
        if (phrase.split(' ').length < must.length || phrase === literal.text) continue;
        phrases.delete(phrase);
        phrases.add(`${phrase} ${next.text}`);
      }
    }
    phrases.add(must.join(' '));
    Object.assign(literal, { phrases: [...phrases] });
  }
}

function isWord({ text }: LiteralNode): boolean {
  return /^\w/.test(text);
}

/** Whether keywords are all that a node may match. */
function holdsOnlyWords(node: GrammarNode): boolean {
  switch (node.kind) {
    case 'literal':
      return isWord(node);
    case 'terminal':
      return false;
    case 'rule':
      return holdsOnlyWords(node.rule.body);
    case 'sequence':
    case 'choice':
      return node.items.every(holdsOnlyWords);
    default:
      return holdsOnlyWords(node.item);
  }
}

/** Whether an alternative may end where a later one with the same beginning goes on. */
function hidesOne({ items }: ChoiceNode): boolean {
  const heads = items.map(headOf);
  return heads.some((head, index) => head?.mayEnd && heads.slice(index + 1).some((later) => later?.key === head.key));
}

/** What a node begins with, if that is one thing, and whether all behind it may be missing. */
function headOf(node: GrammarNode): { readonly key: string; readonly mayEnd: boolean } | undefined {
  switch (node.kind) {
    case 'literal':
      return { key: `'${node.text}`, mayEnd: true };
    case 'terminal':
      return { key: node.name, mayEnd: true };
    case 'rule':
      return headOf(node.rule.body);
    case 'sequence': {
      const [first, ...rest] = node.items;
      const head = first && headOf(first);
      return head && { key: head.key, mayEnd: head.mayEnd && rest.every(({ nullable }) => nullable) };
    }
    default:
      return undefined;
  }
}
