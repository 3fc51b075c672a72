import { meaningType } from '../../../engine/sql/resolveNames.ts';
import type { CursorContext } from '../cursorContext.ts';
import type { LanguageDocument } from '../languageDocument.ts';

const COMPARISONS = new Set(['=', '==', '!=', '<>', '<', '>', '<=', '>=']);

/** The values of the enumeration that a text in quotes is compared with, or that it becomes; undefined for any other text. */
export function enumValues({ script, resolver }: LanguageDocument, { before, call, block, start }: CursorContext): string[] | undefined {
  const isListed = call?.name === 'in' && (before[0] === '(' || before[0] === ',');
  if (!block || !(isListed || COMPARISONS.has(before[0] ?? ''))) return undefined;
  const until = isListed ? call.start : start;
  // The name stands before the operator, which `NOT` may be a part of.
  const reference = block.references.findLast(({ kind, end }) => (kind === 'column' || kind === 'output') && end < until);
  const between = reference && script.text.slice(reference.end, isListed ? until : start - 1);
  if (!reference || !/^\s*(?:[=!<>]+\s*|not\s+)?$/i.test(between ?? '')) return undefined;
  const meaning = resolver.meanings(reference, block).at(-1);
  const labels = /^ENUM\s*\((.*)\)$/is.exec((meaning && meaningType(meaning)) ?? '')?.[1];
  return labels === undefined ? undefined : [...labels.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"));
}
