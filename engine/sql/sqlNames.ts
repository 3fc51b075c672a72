const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** DuckDB's reserved words (`duckdb_keywords()`): as a name they must be quoted everywhere. */
export const RESERVED = words(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with',
);

/** Words that may name a function or a type, but neither a table nor a column, unless they are quoted. */
export const TYPE_OR_FUNCTION = words(
  'anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is isnull join left like map natural notnull outer overlaps positional right semi similar struct tablesample try_cast unpack verbose',
);

/** Words that may name a column or a table, but not a function. */
const COLUMN_ONLY = words(
  'between coalesce exists extract grouping interval none nullif overlay position row setof substring treat trim values',
);

/** The name that a token's text stands for: without quotes and doubled quotes. An unclosed quote counts as closed. */
export function unquoteName(text: string): string {
  if (text.charAt(0) !== '"') return text;
  const closed = text.length > 1 && text.endsWith('"');
  return text.slice(1, closed ? -1 : undefined).replaceAll('""', '"');
}

/** The name as it has to be written in SQL: quoted when DuckDB would read it as something else. */
export function quoteName(name: string): string {
  const lower = name.toLowerCase();
  const plain = /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) && !RESERVED.has(lower) && !TYPE_OR_FUNCTION.has(lower) && !COLUMN_ONLY.has(lower);
  return plain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Whether two names mean the same in DuckDB, which compares them without case even when they are quoted. */
export function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** The value of a string literal, as far as it can be read without evaluating escapes. An unclosed one counts as closed. */
export function stringValue(text: string): string {
  const open = text.indexOf("'");
  if (open < 0) return text.replace(/^\$[^$]*\$|\$[^$]*\$$/g, '');
  const closed = text.length > open + 1 && text.endsWith("'");
  return text.slice(open + 1, closed ? -1 : undefined).replaceAll("''", "'");
}
