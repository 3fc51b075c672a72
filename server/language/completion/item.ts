export type CompletionKind =
  | 'column'
  | 'field'
  | 'table'
  | 'view'
  | 'query'
  | 'schema'
  | 'function'
  | 'keyword'
  | 'setting'
  | 'type'
  | 'variable'
  | 'file'
  | 'folder'
  | 'condition';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Text to write; with `snippet`, in the snippet notation of the language server protocol. */
  readonly insert: string;
  readonly snippet?: string;
  readonly detail?: string | undefined;
  readonly documentation?: string | undefined;
  /** Smaller comes first. */
  readonly rank: number;
  /** Text to write elsewhere as well. */
  readonly also?: { readonly offset: number; readonly text: string };
}

export interface Completions {
  readonly items: readonly Completion[];
  /** What is replaced. */
  readonly start: number;
  readonly end: number;
  /** Where the word ends that the cursor stands in, for editors that replace the whole of it. */
  readonly wordEnd?: number;
  /** True when more typing should ask again. */
  readonly incomplete: boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

/** Names that are given at most in one answer. */
export const MAX_ITEMS = 300;

/** Letters in order, as editors match them, so that what is typed next can only narrow the list. */
export function matches(label: string, prefix: string): boolean {
  const lower = label.toLowerCase();
  let at = 0;
  for (const letter of prefix.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The rank of an item among others when a prefix is written; smaller comes first. */
export function score({ label, rank }: Pick<Completion, 'label' | 'rank'>, prefix: string): number {
  if (prefix === '') return rank;
  const lower = label.toLowerCase();
  const wanted = prefix.toLowerCase();
  if (lower === wanted) return rank - 40;
  if (lower.startsWith(wanted)) return rank - 30;
  if (lower.includes(`_${wanted}`)) return rank - 15;
  return lower.includes(wanted) ? rank : rank + 30;
}

/** A text in the snippet notation, in which some signs have a meaning of their own. */
export function snippetText(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
