import { sourceName } from '../../engine/sql/resolveNames.ts';
import { innermostBlock } from '../../engine/sql/scopeTree.ts';
import type { LanguageDocument } from './languageDocument.ts';

/** The names that an expression at a place can use. */
export interface ScopeNames {
  /** Tables, subqueries and files of FROM, the nearest first. */
  readonly sources: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Aliases of the select list, and parameters of lambdas. */
  readonly others: readonly string[];
  readonly windows: readonly string[];
  /** Common table expressions. */
  readonly ctes: readonly string[];
}

export const NO_NAMES: ScopeNames = { sources: [], others: [], windows: [], ctes: [] };

/** The names at an offset of the script. */
export function scopeNames({ script, resolver }: LanguageDocument, offset: number): ScopeNames {
  const statement = script.statementAt(offset);
  const block = statement && innermostBlock(statement, offset);
  if (!block) return NO_NAMES;
  const sources = resolver.visibleSources(block).map(({ source, block: own }) => ({
    name: sourceName(source) ?? '',
    columns: (resolver.sourceColumns(source, own) ?? []).map(({ name }) => name),
  }));
  const aliases = block.items.flatMap(({ alias }) => (alias && alias.start !== offset ? [alias.text] : []));
  const locals = block.locals.filter(({ start, end }) => start <= offset && offset <= end).map(({ name }) => name.text);
  return {
    sources,
    others: [...locals, ...aliases],
    windows: block.windows.map(({ text }) => text),
    ctes: resolver.visibleCtes(block.query).map(({ name }) => name.text),
  };
}
