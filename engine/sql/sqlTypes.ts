export interface TypedName {
  readonly name: string;
  /** DuckDB's name of the type; undefined where the text does not tell it. */
  readonly type: string | undefined;
}

/** The fields of `STRUCT(a INTEGER, "b c" VARCHAR[])`; undefined for any other type. */
export function structFields(type: string | undefined): TypedName[] | undefined {
  const match = /^(?:STRUCT|ROW)\s*\((.*)\)$/is.exec(type?.trim() ?? '');
  if (!match) return undefined;
  return splitTopLevel(match[1] ?? '').map((part) => {
    const field = /^("(?:[^"]|"")*"|\S+)\s+(.*)$/s.exec(part);
    const name = field?.[1] ?? part;
    return { name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name, type: field?.[2] };
  });
}

/** The type of an element of a list or array; undefined for any other type. */
export function elementType(type: string | undefined): string | undefined {
  return type === undefined ? undefined : /^(.*)\[\d*\]$/s.exec(type.trim())?.[1];
}

/** Cuts at commas outside of brackets and quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '');
}
