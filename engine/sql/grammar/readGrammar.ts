/** An expression of a PEG, as it is written. */
export type PegExpression =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly argument: PegExpression }
  | { readonly kind: 'sequence'; readonly items: readonly PegExpression[] }
  | { readonly kind: 'choice'; readonly items: readonly PegExpression[] }
  | { readonly kind: 'optional' | 'repeat' | 'many'; readonly item: PegExpression };

export interface PegRule {
  readonly name: string;
  /** Name of the rule's parameter, as in `List(D)`. */
  readonly parameter: string | undefined;
  /** The text of the rule, which is read at first use: rules that the program replaces are never read. */
  readonly body: string;
}

const RULE = /^([A-Za-z%]\w*)(?:\((\w+)\))?[ \t]*<-/gm;
const PEG_TOKEN = /\s*(?:#[^\n]*|'((?:[^'\\]|\\.)*)'i?|([A-Za-z]\w*)(\()?|([()/?*+!]))/y;

/**
 * The rules of DuckDB's grammar by name. Its notation is a parsing expression grammar (B. Ford, "Parsing Expression Grammars", 2004)
 * with rules that take one parameter; a `#` begins a comment.
 */
export function readGrammar(text: string): Map<string, PegRule> {
  const heads = [...text.matchAll(RULE)];
  const rules = new Map<string, PegRule>();
  for (const [index, head] of heads.entries()) {
    const [all, name = '', parameter] = head;
    const body = text.slice(head.index + all.length, heads[index + 1]?.index ?? text.length);
    rules.set(name, { name, parameter, body });
  }
  return rules;
}

interface PegToken {
  readonly literal?: string;
  readonly name?: string;
  /** The name is followed by its argument; the bracket is read. */
  readonly call?: boolean;
  readonly sign?: string;
}

/**
 * Reads the body of a rule. As in DuckDB's own reader `/` binds tighter than a sequence, so that `'OR' 'REPLACE' / 'IGNORE'` is `OR`
 * and then one of both, and `!` has no meaning. Throws on what is no grammar.
 */
export function readBody({ name, body }: PegRule): PegExpression {
  const tokens: PegToken[] = [];
  PEG_TOKEN.lastIndex = 0;
  while (PEG_TOKEN.lastIndex < body.trimEnd().length) {
    const from = PEG_TOKEN.lastIndex;
    const match = PEG_TOKEN.exec(body);
    if (!match) throw new Error(`Rule ${name} of DuckDB's grammar cannot be read at ${JSON.stringify(body.slice(from, from + 20))}.`);
    const [, literal, word, call, sign] = match;
    if (literal !== undefined) tokens.push({ literal: literal.replace(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ name: word, call: call !== undefined });
    else if (sign !== undefined && sign !== '!') tokens.push({ sign });
  }
  let at = 0;

  function item(): PegExpression {
    const token = tokens[at++];
    let read: PegExpression;
    if (token?.literal !== undefined) read = { kind: 'literal', text: token.literal };
    else if (token?.name !== undefined) {
      if (token.call) read = { kind: 'call', name: token.name, argument: bracketed() };
      else read = { kind: 'reference', name: token.name };
    } else if (token?.sign === '(') read = bracketed();
    else throw new Error(`Rule ${name} of DuckDB's grammar has nothing where an expression must be.`);
    for (let sign = tokens[at]?.sign; sign === '?' || sign === '*' || sign === '+'; sign = tokens[at]?.sign) {
      at++;
      read = { kind: sign === '?' ? 'optional' : sign === '*' ? 'repeat' : 'many', item: read };
    }
    return read;
  }

  function bracketed(): PegExpression {
    const inner = sequence();
    if (tokens[at++]?.sign !== ')') throw new Error(`Rule ${name} of DuckDB's grammar has a bracket that is not closed.`);
    return inner;
  }

  function sequence(): PegExpression {
    const items: PegExpression[] = [];
    while (at < tokens.length && tokens[at]?.sign !== ')') {
      const choices = [item()];
      while (tokens[at]?.sign === '/') {
        at++;
        choices.push(item());
      }
      items.push(choices.length === 1 ? (choices[0] as PegExpression) : { kind: 'choice', items: choices });
    }
    return items.length === 1 ? (items[0] as PegExpression) : { kind: 'sequence', items };
  }

  const read = sequence();
  if (at < tokens.length) throw new Error(`Rule ${name} of DuckDB's grammar has a bracket too many.`);
  return read;
}
