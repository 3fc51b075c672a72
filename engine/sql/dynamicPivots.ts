import { statementScopes } from './errorPlaces.ts';
import type { Token } from './lexer.ts';
import type { Replacement } from './nameRepairs.ts';
import type { Block, TextRange } from './scopeTree.ts';
import type { Statement } from './splitStatements.ts';

/** A PIVOT whose columns are those values that its data has. To DuckDB it is several statements, of which the first must run before. */
export interface DynamicPivot extends TextRange {
  /** Gives it a value, so that it is one statement. What it gives is then not known, but what it names can be bound. */
  readonly pieces: readonly Replacement[];
}

const AFTER_ON = new Set(['using', 'group', 'order', 'limit', 'offset']);

/** The PIVOT statements and subqueries that do not say their values; `undefined` where one cannot be given a value. */
export function dynamicPivots(statement: Statement, script: string): DynamicPivot[] | undefined {
  if (!statement.tokens.some((token) => /^pivot(?:_wider)?$/i.test(script.slice(token.start, token.end)))) return [];
  const found: DynamicPivot[] = [];
  for (const block of statementScopes(statement, script).flatMap(({ blocks }) => blocks)) {
    if (block.pivot?.kind !== 'pivot') continue;
    const pieces = missingValues(block, statement, script);
    if (pieces === undefined) return undefined;
    if (pieces.length > 0) found.push({ start: block.start, end: block.end, pieces });
  }
  return found;
}

function missingValues(block: Block, { tokens }: Statement, script: string): Replacement[] | undefined {
  const text = (token: Token | undefined) => (token ? script.slice(token.start, token.end).toLowerCase() : '');
  const inside = tokens.filter(({ start, end }) => block.start <= start && end <= block.end);
  if (!text(inside[0]).startsWith('pivot')) return [];
  const pieces: Replacement[] = [];
  let depth = 0;
  let isOn = false;
  let item: Token[] = [];
  const finish = (): boolean => {
    const last = item.at(-1);
    if (!last) return true;
    const at = item.findIndex((token) => text(token) === 'in');
    const values = item[at + 1];
    if (at >= 0 && values) {
      if (text(item[at + 2]) === 'select' || text(item[at + 2]) === 'from')
        pieces.push({ start: values.start, end: last.end, text: "('')" });
    } else if (item.some(({ kind }) => kind === 'operator')) {
      // Only a name or a call can have values after it.
      return false;
    } else {
      pieces.push({ start: last.end, end: last.end, text: " in ('')" });
    }
    item = [];
    return true;
  };
  for (const token of inside) {
    const word = text(token);
    if (word === ')' || word === ']') depth--;
    if (depth < 0) break;
    if (depth === 0 && !isOn && word === 'on') {
      isOn = true;
      continue;
    }
    if (isOn && depth === 0 && (word === ',' || AFTER_ON.has(word))) {
      if (!finish()) return undefined;
      if (word !== ',') return pieces;
    } else if (isOn) {
      item.push(token);
    }
    if (word === '(' || word === '[') depth++;
  }
  return finish() ? pieces : undefined;
}
