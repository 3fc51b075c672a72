import { type Lookup, NameResolver } from './resolveNames.ts';
import type { Cte, StatementScope, TextRange } from './scopeTree.ts';
import { SqlScript } from './sqlScript.ts';

const NOTHING_KNOWN: Lookup = {
  relation: () => undefined,
  file: () => undefined,
  tableFunction: () => undefined,
  returnType: () => undefined,
};

/** Where common table expressions stand that nothing reads in the end: DuckDB never binds them, whatever is in them. */
export function unusedCtes(text: string): TextRange[] {
  const script = new SqlScript([text]);
  const resolver = new NameResolver(script, NOTHING_KNOWN);
  return script
    .statements()
    .flatMap((statement) => unusedIn(statement, resolver).map((cte) => ({ start: cte.start, end: endOf(cte, script) })));
}

/** Where the brackets of a common table expression close, whatever of it was understood. */
function endOf({ query, end }: Cte, script: SqlScript): number {
  if (!query) return end;
  let depth = 1;
  for (let at = script.tokenBefore(query.start) + 1; at < script.tokens.length; at++) {
    const token = script.tokens[at];
    const sign = token?.kind === 'punctuation' ? script.text.charAt(token.start) : '';
    if (sign === '(') depth++;
    else if (sign === ')' && --depth === 0) return Math.max(end, token?.end ?? end);
  }
  return end;
}

function unusedIn({ queries, blocks }: StatementScope, resolver: NameResolver): readonly Cte[] {
  const ctes = queries.flatMap((query) => query.ctes);
  if (ctes.length === 0) return [];
  /** The smallest one around an offset. */
  const around = (offset: number) =>
    ctes
      .filter(({ start, end, name }) => start <= offset && offset <= end && name.start !== offset)
      .reduce<Cte | undefined>((a, b) => (a && a.end - a.start <= b.end - b.start ? a : b), undefined);
  const reads = new Map<Cte | undefined, Set<Cte>>();
  for (const block of blocks) {
    for (const source of block.sources) {
      const meaning = source.kind === 'relation' ? resolver.relationMeaning(source, block.query) : undefined;
      if (meaning?.kind !== 'cte') continue;
      const reader = around(source.start);
      reads.set(reader, (reads.get(reader) ?? new Set()).add(meaning.cte));
    }
  }
  const used = new Set<Cte>();
  const visit = (reader: Cte | undefined) => {
    for (const cte of reads.get(reader) ?? []) {
      if (used.has(cte)) continue;
      used.add(cte);
      visit(cte);
    }
  };
  visit(undefined);
  // What is inside of a used one is bound with it, if that reads it.
  return ctes.filter((cte) => !used.has(cte));
}
