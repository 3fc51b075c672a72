import { type NameResolver, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Block, Reference, Source } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../engine/sql/sqlNames.ts';
import { overlaps, type Refactoring, type RefactoringPlace, type TextChange } from './refactoring.ts';
import { keywordLike } from './sqlWords.ts';

/** Writes the name of its source before every column of the statement that has none. */
export function qualifyColumns(place: RefactoringPlace): Refactoring | undefined {
  const changes: TextChange[] = [];
  for (const { source, start, visible } of bareColumns(place)) {
    const name = sourceName(source);
    if (name !== undefined && visible) changes.push({ start, end: start, text: `${quoteName(name)}.` });
  }
  if (changes.length === 0) return undefined;
  return { id: 'qualifyColumns', title: 'Qualify all columns', kind: 'refactor.rewrite', qualifies: true, ways: () => [changes] };
}

/** Gives the table at the selection a short alias, and qualifies its columns with it. */
export function addAlias(place: RefactoringPlace): Refactoring | undefined {
  const { document, statement, selection } = place;
  for (const block of statement.blocks) {
    const source = block.sources.find((candidate) => isNameable(candidate) && overlaps(candidate, selection));
    if (!source || block.kind === 'insert' || block.kind === 'update' || block.kind === 'pivot') continue;
    const own = sourceName(source) ?? '';
    const alias = freeAlias(place, own);
    const as = keywordLike(document.script.text.slice(statement.start, statement.end), 'as');
    const end = source.parts.at(-1)?.end ?? source.end;
    const changes: TextChange[] = [{ start: end, end, text: ` ${as} ${alias}` }];
    for (const other of statement.blocks) {
      for (const reference of other.references) {
        const meanings = document.resolver.meanings(reference, other);
        const count = meanings.findIndex((meaning) => meaning?.kind !== 'source' || meaning.source !== source);
        const qualifiers = count < 0 ? reference.parts.length : count;
        const last = reference.parts[qualifiers - 1];
        if (last && (qualifiers < reference.parts.length || reference.kind === 'star'))
          changes.push({ start: (reference.parts[0] ?? last).start, end: last.end, text: alias });
      }
    }
    for (const column of bareColumns(place))
      if (column.source === source) changes.push({ start: column.start, end: column.start, text: `${alias}.` });
    return { id: 'addAlias', title: `Add alias ${alias} to ${own}`, kind: 'refactor.rewrite', qualifies: true, ways: () => [changes] };
  }
  return undefined;
}

function isNameable({ alias, kind, parts }: Source): boolean {
  return !alias && kind === 'relation' && parts.length > 0;
}

/** The first letters of the name's words, with a number when they are taken or mean something in SQL. */
function freeAlias({ statement }: RefactoringPlace, name: string): string {
  const letters = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .split(/[^\p{L}]+/u)
    .map((word) => word.charAt(0))
    .join('')
    .toLowerCase();
  const base = letters === '' ? 't' : letters;
  const taken = new Set(
    statement.blocks
      .flatMap(({ sources }) => sources.map((source) => sourceName(source)?.toLowerCase()))
      .filter((own) => own !== undefined),
  );
  for (let number = 1; ; number++) {
    const alias = number === 1 ? base : `${base}${number}`;
    if (!taken.has(alias) && quoteName(alias) === alias) return alias;
  }
}

interface BareColumn {
  readonly source: Source;
  readonly start: number;
  /** False when another source of that name stands nearer. */
  readonly visible: boolean;
}

/** Columns without a qualifier that can have one. */
function* bareColumns({ document, statement }: RefactoringPlace): Generator<BareColumn> {
  const { resolver } = document;
  for (const block of statement.blocks) {
    if (block.kind === 'pivot' || block.kind === 'tail') continue;
    for (const reference of block.references) {
      if (reference.kind !== 'column' || isInStar(reference, block)) continue;
      const [meaning] = resolver.meanings(reference, block);
      if (meaning?.kind !== 'column' || !meaning.source || meaning.source.kind === 'excluded') continue;
      const { source } = meaning;
      const first = reference.parts[0];
      const sources = resolver.visibleSources(block);
      const home = sources.find((other) => other.source === source)?.block;
      if (!first || !home || home.pivot || isMerged(home, first.text, resolver)) continue;
      const name = sourceName(source) ?? '';
      const nearest = sources.find((other) => sameName(sourceName(other.source) ?? '', name));
      yield { source, start: first.start, visible: nearest?.source === source };
    }
  }
}

/** A column of USING or NATURAL, which belongs to both sides. */
function isMerged(block: Block, name: string, resolver: NameResolver): boolean {
  const { sources } = block;
  if (sources.some(({ join }) => join?.using.some(({ text }) => sameName(text, name)))) return true;
  return sources.some(({ join }) => join?.natural) && sources.filter((source) => resolver.column(source, block, name)).length !== 1;
}

/** A name in EXCLUDE or RENAME. */
function isInStar({ parts }: Reference, { items }: Block): boolean {
  const start = parts.at(-1)?.start;
  return items.some(({ star }) => star && [...star.exclude, ...star.rename.map(({ from }) => from)].some((name) => name.start === start));
}
