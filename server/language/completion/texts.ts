import type { CursorContext } from '../cursorContext.ts';
import type { LanguageDocument } from '../languageDocument.ts';
import { dateParts, optionValues, takesDatePart } from '../stringValues.ts';
import { enumValues } from './enumValues.ts';
import { type Completion, type CompletionKind, type Completions, type FolderEntry, MAX_ITEMS, matches, score } from './item.ts';

/** Functions that read files, the first argument of which is a path. */
export const FILE_FUNCTION = /^(?:read_|parquet_|sniff_csv|glob$)/;

/** Texts of a known set: settings, variables, parts of dates, values of options; undefined where a text may be anything. */
export function completeText(document: LanguageDocument, context: CursorContext): Completions | undefined {
  const { call, before, prefix, start, end } = context;
  const items: Completion[] = [];
  const add = (label: string, kind: CompletionKind, detail?: string, documentation?: string) => {
    if (matches(label, prefix))
      items.push({ label, kind, insert: label.replaceAll("'", "''"), detail, documentation, rank: items.length / 1000 });
  };
  if (call?.name === 'current_setting' && before[0] === '(') {
    for (const { name, type, description } of document.catalog.settings) add(name, 'setting', type, description);
  } else if (call?.name === 'getvariable' && before[0] === '(') {
    for (const name of variablesBefore(document, context)) add(name, 'variable', 'variable');
  } else if (call && before[0] === '(' && /^(?:nextval|currval)$/.test(call.name)) {
    for (const { kind, name } of document.catalog.named) if (kind === 'sequence') add(name, 'variable', kind);
    for (const { created } of document.resolver.createdBefore(start))
      if (created.kind === 'sequence') add(created.parts.at(-1)?.text ?? '', 'variable', 'sequence of this document');
  } else if (call && before[0] === '(' && /^(?:pragma_)?(?:table_info|show|storage_info)$/.test(call.name)) {
    for (const { name, kind, schema } of document.catalog.tables) add(name, kind, schema);
  } else if (context.statement?.kind === 'set' && context.words.some((word) => word === 'search_path' || word === 'schema')) {
    for (const { kind, name } of document.catalog.named) if (kind === 'schema') add(name, 'schema');
  } else if (call && takesDatePart(call)) {
    for (const part of dateParts()) add(part, 'variable', 'part of a date');
  } else {
    const option = before[0] === '=' || before[0] === '=>' || before[0] === ':=' ? before[1] : before[0];
    const labels = enumValues(document, context);
    const values = labels ?? (call && option !== undefined ? optionValues(option) : undefined);
    if (!values) return undefined;
    for (const value of values) add(value, 'variable', labels ? 'value' : option);
  }
  return { items: items.sort((a, b) => score(a, prefix) - score(b, prefix)), start, end, incomplete: false };
}

/** Names that SET VARIABLE gives a value before the cursor. */
function variablesBefore({ script }: LanguageDocument, { start }: CursorContext): string[] {
  const found = script.text.slice(0, start).matchAll(/\bset\s+variable\s+("(?:[^"]|"")+"|\w+)/gi);
  return [...new Set([...found].map(([, name = '']) => name.replaceAll('"', '')))];
}

/** Entries of the folder that is written, where a path may stand; nothing elsewhere. */
export async function completePath(
  context: CursorContext,
  listFolder: (path: string) => Promise<readonly FolderEntry[]>,
): Promise<Completions> {
  const { prefix, before, call, start, end } = context;
  const inFrom =
    ['from', 'join', 'attach', 'to', 'import', 'export', 'database'].includes(before[0] ?? '') ||
    (before[0] === ',' && context.clause === 'from' && !call?.name);
  const inCall = call !== undefined && FILE_FUNCTION.test(call.name) && call.argument === 0 && call.named.length === 0;
  if (!inFrom && !inCall) return { items: [], start, end, incomplete: false };
  const slash = prefix.lastIndexOf('/') + 1;
  const entries = await listFolder(prefix.slice(0, slash));
  const typed = prefix.slice(slash);
  const items = entries
    .filter(({ name }) => matches(name, typed) && (typed.startsWith('.') || !name.startsWith('.')))
    .map(({ name, folder }): Completion => {
      const data = /\.(?:csv|tsv|parquet|json|jsonl|ndjson|duckdb|db)(?:\.gz|\.zst)?$/i.test(name);
      return {
        label: folder ? `${name}/` : name,
        kind: folder ? 'folder' : 'file',
        insert: (folder ? `${name}/` : name).replaceAll("'", "''"),
        rank: folder ? 50 : data ? 10 : 90,
      };
    });
  return { items: items.sort((a, b) => a.rank - b.rank).slice(0, MAX_ITEMS), start: start + slash, end, incomplete: true };
}
