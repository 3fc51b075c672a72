import type { Created } from '../../engine/sql/scopeTree.ts';
import { sameName } from '../../engine/sql/sqlNames.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';

/** Other open scripts that make what one names, or name what it makes. */
export interface RelatedScripts<Script> {
  readonly before: readonly Script[];
  readonly after: readonly Script[];
}

/**
 * Finds the scripts that one can be read together with. Only what is certain counts: a name that exactly one script makes, for all
 * sessions, and not `isElsewhere`.
 */
export function relatedScripts<Other extends { readonly script: SqlScript }>(
  current: SqlScript,
  others: readonly Other[],
  isElsewhere: (name: string) => boolean,
): RelatedScripts<Other> {
  const own = madeNames(current);
  const known = others.map((other) => ({ other, names: madeNames(other.script), words: namedWords(other.script) }));
  const usable = known.filter(
    ({ other, names }) => other.script.defining().every(({ use }) => use === undefined) && !names.some((name) => isIn(own, name)),
  );
  const words = namedWords(current);
  const isCertain = (name: string) => !isElsewhere(name) && known.filter(({ names }) => isIn(names, name)).length <= 1;
  const before = usable.filter(({ names }) => names.some((name) => words.has(name.toLowerCase()) && isCertain(name)));
  const after = usable.filter(
    (candidate) => !before.includes(candidate) && own.some((name) => candidate.words.has(name.toLowerCase()) && isCertain(name)),
  );
  return { before: before.map(({ other }) => other), after: after.map(({ other }) => other) };
}

/** Kinds of things that a name finds in every session. */
const SHARED_KINDS: ReadonlySet<Created['kind']> = new Set(['table', 'view', 'macro', 'type', 'sequence', 'index']);

/** What a script makes for every session of the database. */
function madeNames(script: SqlScript): string[] {
  return script.defining().flatMap(({ created, start }) => {
    const name = created?.parts.at(-1);
    if (!created || !name || !SHARED_KINDS.has(created.kind)) return [];
    return /\btemp(?:orary)?\b/i.test(script.text.slice(start, name.start)) ? [] : [name.text];
  });
}

function namedWords(script: SqlScript): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { kind, start, end } of script.tokens) {
    if (kind === 'word') words.add(script.text.slice(start, end).toLowerCase());
    if (kind === 'quotedName') words.add(script.text.slice(start + 1, end - 1).toLowerCase());
  }
  return words;
}

function isIn(names: readonly string[], name: string): boolean {
  return names.some((other) => sameName(other, name));
}
