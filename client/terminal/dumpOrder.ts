import { tokenize } from '../../engine/sql/lexer.ts';
import { sameName, unquoteName } from '../../engine/sql/sqlNames.ts';

/** Something of the catalog with the statement that makes it. */
export interface DumpedObject {
  readonly kind: 'table' | 'macro' | 'view';
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  readonly oid: number;
}

const RANKS = { table: 0, macro: 1, view: 2 } as const;

/**
 * The objects in an order in which they can be made: each behind those that its statement names. Tables name others by REFERENCES
 * and by functions in defaults only, because a column may be called like a table.
 */
export function inMakingOrder(objects: readonly DumpedObject[]): DumpedObject[] {
  const waiting = objects.toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.oid - b.oid);
  const byName = new Map<string, DumpedObject[]>();
  for (const object of waiting) {
    const key = object.name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), object]);
  }
  const ordered = new Set<DumpedObject>();
  const entered = new Set<DumpedObject>();
  const visit = (object: DumpedObject) => {
    // Of a circle, which only equal names can make, one has to be first.
    if (entered.has(object)) return;
    entered.add(object);
    for (const name of namesIn(object)) for (const other of byName.get(name) ?? []) if (other !== object) visit(other);
    ordered.add(object);
  };
  for (const object of waiting) visit(object);
  return [...ordered];
}

function namesIn({ kind, sql, name: own }: DumpedObject): Set<string> {
  const tokens = tokenize(sql);
  const text = (at: number) => {
    const token = tokens[at];
    return token ? sql.slice(token.start, token.end) : '';
  };
  const names = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quotedName') continue;
    const name = unquoteName(text(at));
    if (sameName(name, own)) continue;
    const isCall = text(at + 1) === '(';
    if (kind !== 'table' || isCall || isReference(at, text)) names.add(name.toLowerCase());
  }
  return names;
}

/** `REFERENCES a.b`: either part may be the name. */
function isReference(at: number, text: (at: number) => string): boolean {
  const before = text(at - 1).toLowerCase();
  return before === 'references' || (before === '.' && /^references$/i.test(text(at - 3)));
}
