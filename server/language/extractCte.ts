import type { Block, Query, Source, TextRange } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../engine/sql/sqlNames.ts';
import { isRoot, overlaps, type Refactoring, type RefactoringPlace, rootQuery, type TextChange, trimmed } from './refactoring.ts';
import { keywordLike } from './sqlWords.ts';

/** A subquery with its brackets. */
interface Found {
  readonly query: Query;
  /** Around the brackets. */
  readonly outer: TextRange;
  readonly inner: TextRange;
  readonly source: Source | undefined;
}

/** Moves the subquery at the selection into WITH, or all of a query that is selected as a whole. */
export function extractCte(place: RefactoringPlace): Refactoring | undefined {
  const { document, statement, selection } = place;
  const { script } = document;
  const found = findSubquery(place);
  const root = rootQuery(statement, found?.outer ?? selection);
  if (!root) return undefined;
  const like = script.text.slice(root.start, root.end);
  const whole = trimmed(script, root);
  const isLine = !script.text.slice(whole.start, whole.end).includes('\n');
  const change = (name: string, changes: readonly TextChange[]): Refactoring => ({
    id: 'extractCte',
    title: `Extract to common table expression ${name}`,
    kind: 'refactor.extract',
    ways: () => [changes],
  });
  const as = keywordLike(like, 'as');
  if (!found) {
    const isSelected = selection.end > selection.start && selection.start <= whole.start && whole.end <= selection.end;
    const member = root.members[0];
    const isOrdered = root.tail !== undefined || (member && 'clauses' in member && member.clauses.some(({ kind }) => kind === 'order'));
    if (!isSelected || root.ctes.length > 0 || isOrdered || statement.kind === 'insert') return undefined;
    const name = freeName(place, 'query');
    const body = script.text.slice(whole.start, whole.end);
    const brackets = isLine ? `(${body})` : `(\n${body}\n)`;
    const text = `${keywordLike(like, 'with')} ${name} ${as} ${brackets}${isLine ? ' ' : '\n'}${keywordLike(like, 'select')} * ${keywordLike(like, 'from')} ${name}`;
    return change(name, [{ ...whole, text }]);
  }
  const at = root.ctes.findIndex((cte) => cte.start <= found.outer.start && found.outer.end <= cte.end);
  if (!isMovable(place, found, root, at)) return undefined;
  const alias = found.source?.alias;
  const name = freeName(place, alias?.text ?? 'extracted', alias && quoteName(alias.text));
  const definition = `${name} ${as} (${script.text.slice(found.inner.start, found.inner.end)})`;
  const space = isLine ? ' ' : '\n';
  const first = root.ctes[at];
  const last = root.ctes.at(-1);
  const added: TextChange = first
    ? { start: first.start, end: first.start, text: `${definition},${space}` }
    : last
      ? { start: last.end, end: last.end, text: `,${space}${definition}` }
      : { start: whole.start, end: whole.start, text: `${keywordLike(like, 'with')} ${definition}${space}` };
  const keepsAlias = alias && !(name === quoteName(alias.text) && found.source?.columnAliases.length === 0);
  const used: TextChange = found.source
    ? { start: found.outer.start, end: alias && !keepsAlias ? alias.end : found.outer.end, text: name }
    : { ...found.inner, text: `${keywordLike(like, 'select')} * ${keywordLike(like, 'from')} ${name}` };
  return change(name, [added, used]);
}

/** The smallest subquery in brackets around the selection that is neither a common table expression nor an operand of UNION. */
function findSubquery({ document: { script }, statement, selection }: RefactoringPlace): Found | undefined {
  const bodies = new Set(statement.queries.flatMap(({ ctes, members }) => [...ctes.map(({ query }) => query), ...members]));
  let smallest: Found | undefined;
  for (const query of statement.queries) {
    if (bodies.has(query) || isRoot(statement, query) || (!query.parent && !query.outer)) continue;
    const own = trimmed(script, query);
    const before = script.tokens[script.tokenBefore(own.start)];
    const after = script.tokens[script.tokenBefore(own.end) + 1];
    const isOpen = before && script.text.slice(before.start, before.end) === '(';
    const isClosed = after && script.text.slice(after.start, after.end) === ')';
    if (!isOpen || !isClosed) continue;
    const outer = { start: before.start, end: after.end };
    const source = statement.blocks.flatMap(({ sources }) => sources).find((candidate) => candidate.query === query);
    const reach = { start: outer.start, end: source?.end ?? outer.end };
    const covers = reach.start <= selection.start && selection.end <= reach.end;
    if (covers && (!smallest || outer.end - outer.start < smallest.outer.end - smallest.outer.start))
      smallest = { query, outer, inner: { start: before.end, end: after.start }, source };
  }
  return smallest;
}

/** Whether the subquery means the same at the head of the root: it uses nothing around it, save for what WITH has there already. */
function isMovable({ document: { resolver }, statement }: RefactoringPlace, { outer }: Found, root: Query, at: number): boolean {
  const isInside = ({ start, end }: TextRange) => outer.start <= start && end <= outer.end;
  const limit = at < 0 ? root.ctes.length : at;
  const meansOutside = (block: Block) =>
    block.references.some((reference) =>
      resolver.meanings(reference, block).some((meaning) => {
        if (meaning?.kind === 'column' || meaning?.kind === 'source') return meaning.source !== undefined && !isInside(meaning.source);
        if (meaning?.kind === 'local') return !isInside(meaning.local.name);
        return meaning?.kind === 'alias' && !isInside(meaning.item);
      }),
    ) ||
    block.sources.some((source) => {
      const meaning = resolver.relationMeaning(source, block.query);
      if (meaning?.kind !== 'cte' || isInside(meaning.cte)) return false;
      const index = root.ctes.indexOf(meaning.cte);
      return index < 0 || index >= limit;
    });
  return !statement.blocks.some((block) => isInside(block) && meansOutside(block));
}

/** A name that no source, common table expression or table of the statement has; `own` is the alias that is to become one. */
function freeName({ document, statement }: RefactoringPlace, base: string, own?: string): string {
  const taken = [
    ...statement.queries.flatMap(({ ctes }) => ctes.map(({ name }) => name.text)),
    ...statement.blocks.flatMap(({ sources }) =>
      sources.flatMap(({ kind, parts }) => (kind === 'relation' ? (parts.at(-1)?.text ?? []) : [])),
    ),
  ];
  const isTaken = (name: string) => taken.some((other) => sameName(other, name));
  if (own !== undefined && !isTaken(base)) return own;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!isTaken(name) && !document.catalog.tablesByName.has(name.toLowerCase())) return quoteName(name);
  }
}

/** Puts the query of the common table expression at the selection wherever it is used, and takes it out of WITH. */
export function inlineCte(place: RefactoringPlace): Refactoring | undefined {
  const { document, statement, selection } = place;
  const { script, resolver } = document;
  const uses = statement.blocks.flatMap((block) =>
    block.sources.flatMap((source) => {
      const meaning = resolver.relationMeaning(source, block.query);
      return meaning?.kind === 'cte' ? [{ source, block, cte: meaning.cte }] : [];
    }),
  );
  const all = statement.queries.flatMap(({ ctes }) => ctes);
  const cte =
    all.find(({ name, columns }) => overlaps({ start: name.start, end: columns.at(-1)?.end ?? name.end }, selection)) ??
    uses.find(({ source }) => source.parts[0] && overlaps(source.parts[0], selection))?.cte;
  const owner = statement.queries.find(({ ctes }) => cte && ctes.includes(cte));
  if (!cte?.query || !owner) return undefined;
  const isInside = ({ start, end }: TextRange) => cte.start <= start && end <= cte.end;
  const own = uses.filter((use) => use.cte === cte);
  const inner = trimmed(script, cte.query);
  const open = script.tokens[script.tokenBefore(inner.start)];
  const body = script.text.slice(open?.end, cte.end - 1);
  if (!open || own.some(({ source }) => isInside(source))) return undefined;
  if (own.length > 1 && /\b(?:random|uuid|gen_random_uuid|uuidv4|uuidv7|nextval|tablesample|sample)\b/i.test(body)) return undefined;
  // What the body names must be the same where it is used.
  const named = statement.blocks.filter(isInside).flatMap((block) =>
    block.sources.flatMap((source) => {
      const meaning = source.parts.length === 1 ? resolver.relationMeaning(source, block.query) : undefined;
      const seen = meaning?.kind === 'cte' ? meaning.cte : undefined;
      return source.parts[0] && !(seen && isInside(seen)) ? [{ name: source.parts[0].text, seen }] : [];
    }),
  );
  const isShadowed = own.some(({ block }) =>
    named.some(({ name, seen }) => {
      const there = resolver.visibleCtes(block.query).find((other) => other !== cte && sameName(other.name.text, name));
      return there !== seen;
    }),
  );
  if (isShadowed) return undefined;
  const as = keywordLike(script.text.slice(owner.start, owner.end), 'as');
  const columns = cte.columns.length === 0 ? '' : `(${cte.columns.map(({ text }) => quoteName(text)).join(', ')})`;
  const changes = own.flatMap(({ source }): TextChange[] => {
    const last = source.parts.at(-1);
    const start = source.parts[0]?.start ?? source.start;
    const end = last?.end ?? source.end;
    const list = source.columnAliases.length === 0 ? columns : '';
    if (!source.alias) return [{ start, end, text: `(${body}) ${as} ${quoteName(cte.name.text)}${list}` }];
    return [
      { start, end, text: `(${body})` },
      { start: source.alias.end, end: source.alias.end, text: list },
    ];
  });
  const title = own.length === 0 ? `Remove the unused ${cte.name.text}` : `Inline ${cte.name.text}`;
  const removed = removal(place, owner, owner.ctes.indexOf(cte));
  if (!removed) return undefined;
  return {
    id: 'inlineCte',
    title,
    kind: 'refactor.inline',
    ways: () => [[removed, ...changes.filter(({ text, start, end }) => text !== '' || start < end)]],
  };
}

/** Takes one common table expression out of its WITH, and WITH itself with the last one. */
function removal({ document: { script } }: RefactoringPlace, { ctes, start }: Query, index: number): TextChange | undefined {
  const cte = ctes[index];
  const before = ctes[index - 1];
  const after = ctes[index + 1];
  if (!cte) return undefined;
  if (after) return { start: cte.start, end: after.start, text: '' };
  if (before) return { start: before.end, end: cte.end, text: '' };
  const next = script.tokens[script.tokenBefore(cte.end) + 1];
  const first = trimmed(script, { start, end: cte.end }).start;
  return next ? { start: first, end: next.start, text: '' } : undefined;
}
