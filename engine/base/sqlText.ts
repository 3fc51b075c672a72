/** A name as SQL: in quotes, whatever it is. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL; for values that a statement cannot bind, such as the file of a COPY. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
