import type { SavedOutput } from '../../server/protocol/savedOutput.ts';

/** A stored output for whatever cannot show its table: head and rows, tab-separated. */
export function savedPlainText({ origin, table, text }: SavedOutput): string {
  const lines = table === undefined ? [] : [table.columns, ...table.rows.map((row) => row.map((value) => value ?? 'NULL'))];
  const written = lines.map((fields) => fields.map((field) => field.replaceAll(/[\t\r\n]+/g, ' ')).join('\t'));
  return [...written, ...(text === undefined ? [] : [text]), `(old result, stored in ${origin})`].join('\n');
}
