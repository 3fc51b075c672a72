import { cursorContext } from '../cursorContext.ts';
import type { LanguageDocument } from '../languageDocument.ts';
import { collect } from './collect.ts';
import { type Completion, type CompletionKind, type Completions, type FolderEntry, MAX_ITEMS, matches, score } from './item.ts';
import { CompletionPlace } from './place.ts';
import { completePath, completeText } from './texts.ts';

/** What can be written in quotes. */
const NAMES: ReadonlySet<CompletionKind> = new Set(['column', 'field', 'table', 'view', 'query', 'schema', 'type', 'variable']);

/** A function whose brackets are written already. */
function withoutBrackets(item: Completion): Completion {
  if (item.kind !== 'function') return item;
  const { snippet: _, ...plain } = item;
  return { ...plain, insert: item.insert.replace(/\(\)?$/, '') };
}

/** What may be written at the offset, the likeliest first. `listFolder` gives the entries of a folder for paths in quotes. */
export async function complete(
  document: LanguageDocument,
  offset: number,
  listFolder: (path: string) => Promise<readonly FolderEntry[]>,
): Promise<Completions> {
  const context = cursorContext(document.script, offset);
  const { start, end, prefix } = context;
  if (context.place === 'nothing') return { items: [], start, end, incomplete: false };
  if (context.place === 'string') return completeText(document, context) ?? (await completePath(context, listFolder));
  const items = collect(new CompletionPlace(document, context))
    .filter(({ kind, label }) => (!context.quoted || NAMES.has(kind)) && matches(label, prefix))
    .map((item) => ({ item, score: score(item, prefix) }))
    .sort((a, b) => a.score - b.score)
    .map(({ item }) => (document.script.text.charAt(end) === '(' ? withoutBrackets(item) : item));
  return { items: items.slice(0, MAX_ITEMS), start, end, wordEnd: context.wordEnd, incomplete: prefix === '' || items.length > MAX_ITEMS };
}
