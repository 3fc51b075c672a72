import type { Token } from '../lexer.ts';
import { END, type Grammar, NAME, NUMBER, OPERATOR, QUOTED_NAME, STRING, UNKNOWN } from './grammar.ts';

/** A token as the grammar counts them. Offsets are those of the text. */
export interface GrammarToken {
  readonly start: number;
  readonly end: number;
  readonly symbol: number;
}

/** Signs that may end in `+` or `-` only if they hold one of these (PostgreSQL manual, 4.1.3 Operators). */
const FREE_SIGNS = /[~!@#%^&|`?]/;

/** Turns the tokens of one statement, without comments and semicolons, into those of the grammar. */
export function grammarTokens(grammar: Grammar, text: string, tokens: readonly Token[]): GrammarToken[] {
  const found: GrammarToken[] = [];
  const add = (start: number, end: number, symbol: number) => {
    found.push({ start, end, symbol });
  };
  const literal = (start: number, end: number, otherwise: number) => {
    add(start, end, grammar.literals.get(text.slice(start, end).toUpperCase()) ?? otherwise);
  };
  for (const { kind, start, end } of tokens) {
    switch (kind) {
      case 'lineComment':
      case 'blockComment':
        break;
      case 'word':
        literal(start, end, NAME);
        break;
      case 'quotedName':
        add(start, end, QUOTED_NAME);
        break;
      case 'string': {
        // Strings that only a line break parts are one.
        const before = found.at(-1);
        if (before?.symbol === STRING && /^\s*[\r\n]\s*$/.test(text.slice(before.end, start))) found[found.length - 1] = { ...before, end };
        else add(start, end, STRING);
        break;
      }
      case 'number':
        add(start, end, NUMBER);
        break;
      case 'parameter': {
        const sign = text.charAt(start);
        add(start, start + 1, grammar.literals.get(sign) ?? UNKNOWN);
        if (start + 1 < end) {
          if (/\d/.test(text.charAt(start + 1))) add(start + 1, end, NUMBER);
          else literal(start + 1, end, NAME);
        }
        break;
      }
      case 'operator':
        cutOperators(text, start, end, (from, to) => literal(from, to, OPERATOR));
        break;
      default:
        literal(start, end, UNKNOWN);
    }
  }
  return found;
}

/** Cuts a run of operator signs as DuckDB does: `=-1` is `=` and `-1`. */
function cutOperators(text: string, start: number, end: number, add: (start: number, end: number) => void): void {
  let from = start;
  while (from < end) {
    let to = end;
    while (to > from + 1 && /[+-]/.test(text.charAt(to - 1)) && !FREE_SIGNS.test(text.slice(from, to))) to--;
    if (text.charAt(from) === '#') to = from + 1;
    add(from, to);
    from = to;
  }
}

/** Symbols as the matcher takes them, with one for the end. */
export function symbolsOf(symbols: readonly number[]): Int32Array {
  const whole = new Int32Array(symbols.length + 1);
  whole.set(symbols);
  whole[symbols.length] = END;
  return whole;
}
