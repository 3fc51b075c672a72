import type { TextRange } from '../../engine/sql/scopeTree.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { definitionRange, occurrenceAt } from './occurrences.ts';

/** Where the name at the offset is defined in the script; undefined for tables, columns and functions of the database. */
export function findDefinition(document: LanguageDocument, offset: number): TextRange | undefined {
  const found = occurrenceAt(document, offset);
  return found && definitionRange(found.key);
}
