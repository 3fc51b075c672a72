import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Range } from 'vscode-languageserver/node';
import type { Completion, CompletionKind } from './item.ts';

/** How an editor takes items, and where. */
export interface ItemPlace {
  /** What an item replaces up to the cursor, and with the rest of the word that the cursor stands in. */
  readonly insert: Range;
  readonly replace: Range;
  /** The name begins with a double quote already. */
  readonly quoted: boolean;
  readonly snippets: boolean;
  /** The editor asks people which of the two ranges they mean. */
  readonly chooses: boolean;
  /** The place of an offset. */
  readonly at: (offset: number) => Range;
}

/** An item in the editor's protocol. `index` is its place in the list. */
export function toCompletionItem(
  item: Completion,
  index: number,
  { insert, replace, quoted, snippets, chooses, at }: ItemPlace,
): CompletionItem {
  const snippet = snippets ? item.snippet : undefined;
  // Inside of quotes the editor compares what it replaces, quotes included; the name is written with them.
  const closed = quoted && !item.insert.endsWith('"') && item.kind !== 'keyword' ? `"${item.insert}"` : item.insert;
  const newText = quoted ? closed : (snippet ?? item.insert);
  return {
    label: item.label,
    kind: KINDS[item.kind],
    sortText: String(index).padStart(4, '0'),
    filterText: quoted ? `"${item.label}"` : item.label,
    textEdit: chooses ? { insert, replace, newText } : { range: insert, newText },
    ...(snippet !== undefined && !quoted && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(item.detail !== undefined && { detail: item.detail }),
    ...(item.documentation && { documentation: { kind: 'markdown' as const, value: item.documentation } }),
    ...(item.also && { additionalTextEdits: [{ range: at(item.also.offset), newText: item.also.text }] }),
  };
}

const KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  column: CompletionItemKind.Field,
  field: CompletionItemKind.Property,
  table: CompletionItemKind.Struct,
  view: CompletionItemKind.Interface,
  query: CompletionItemKind.Variable,
  schema: CompletionItemKind.Module,
  function: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  setting: CompletionItemKind.Property,
  type: CompletionItemKind.TypeParameter,
  variable: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  condition: CompletionItemKind.Snippet,
};
