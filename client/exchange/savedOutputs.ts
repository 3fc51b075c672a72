import type { SavedOutput, SavedTable } from '../../server/protocol/savedOutput.ts';
import { htmlText, readHtmlTable } from './htmlTable.ts';
import { type IpynbCell, isJson, type Json, joinedText, jsonOf, textOf } from './readIpynb.ts';

/** Rows of a stored table that are kept; the whole one stays in the original file. */
export const MAX_SAVED_ROWS = 1000;
const MAX_COLUMNS = 1000;
const MAX_TEXT = 20_000;
const MAX_CELL_TEXT = 5000;

/** Escape sequences of terminals, which Jupyter stores in tracebacks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** What a cell's stored outputs show, and how many of them were pictures or things that only their own program can draw. */
export function savedOutputs(cell: IpynbCell, origin: string): { readonly outputs: SavedOutput[]; readonly dropped: number } {
  const savedAt = ranAt(cell.metadata);
  const about = { origin, ...(savedAt !== undefined && { savedAt }) };
  const outputs: SavedOutput[] = [];
  let messages: string[] = [];
  let dropped = 0;
  const flush = () => {
    const text = messages.join('\n').trim();
    if (text !== '') outputs.push({ ...about, text: shortened(text, MAX_TEXT) });
    messages = [];
  };
  for (const output of cell.outputs) {
    const table = tableOf(output);
    const text = table === undefined ? messageOf(output) : undefined;
    if (table !== undefined) {
      flush();
      outputs.push({ ...about, table });
    } else if (text !== undefined) messages.push(text);
    else if (Object.keys(jsonOf(output['data'])).length > 0) dropped++;
  }
  flush();
  return { outputs, dropped };
}

function tableOf(output: Json): SavedTable | undefined {
  const data = jsonOf(output['data']);
  const resource = Object.entries(data).find(([mime]) => mime.startsWith('application/vnd.dataresource+json'))?.[1];
  const html = joinedText(data['text/html']);
  return resourceTable(resource) ?? (html === undefined ? undefined : htmlTable(html));
}

/** Azure Data Studio keys the fields of a row by name, or by the column's number. */
function resourceTable(value: unknown): SavedTable | undefined {
  const { schema, data } = jsonOf(value);
  if (!Array.isArray(data)) return undefined;
  const listed = jsonOf(schema)['fields'];
  const fields = Array.isArray(listed) ? listed.map((field) => String(jsonOf(field)['name'] ?? '')) : Object.keys(jsonOf(data[0]));
  const columns = fields.slice(0, MAX_COLUMNS);
  if (columns.length === 0) return undefined;
  const rows = data.slice(0, MAX_SAVED_ROWS).map((row) => columns.map((name, index) => cellText(fieldOf(row, name, index))));
  return { columns, rows, rowCount: data.length };
}

function fieldOf(row: unknown, name: string, index: number): unknown {
  if (Array.isArray(row)) return row[index];
  if (!isJson(row)) return undefined;
  return Object.hasOwn(row, name) ? row[name] : Object.hasOwn(row, String(index)) ? row[String(index)] : undefined;
}

function htmlTable(html: string): SavedTable | undefined {
  const table = readHtmlTable(html);
  if (table === undefined) return undefined;
  const columns = table.columns.slice(0, MAX_COLUMNS);
  const rows = table.rows.slice(0, MAX_SAVED_ROWS).map((row) => columns.map((_, index) => cellText(row[index] ?? '')));
  return { columns, rows, rowCount: table.rows.length };
}

function messageOf(output: Json): string | undefined {
  switch (output['output_type']) {
    case 'stream':
      return clean(joinedText(output['text']));
    case 'error': {
      const [name, value] = [textOf(output['ename']), textOf(output['evalue'])];
      return clean([name, value].filter((part) => part !== undefined).join(': ') || 'Error');
    }
    default: {
      const data = jsonOf(output['data']);
      const isPicture = Object.keys(data).some((mime) => /^image\/|^application\/(?:vnd\.(?:plotly|vega)|javascript)/.test(mime));
      if (isPicture) return undefined;
      const html = joinedText(data['text/html']);
      return clean(
        joinedText(data['text/plain']) ?? joinedText(data['text/markdown']) ?? (html === undefined ? undefined : htmlText(html)),
      );
    }
  }
}

function clean(text: string | undefined): string | undefined {
  return text
    ?.replaceAll(ANSI, '')
    .replaceAll(/\r\n|\r/g, '\n')
    .trimEnd();
}

function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return shortened(typeof value === 'object' ? JSON.stringify(value) : String(value), MAX_CELL_TEXT);
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** When a cell had run, where an extension of Jupyter noted it. */
function ranAt(metadata: Json): string | undefined {
  const execution = jsonOf(metadata['execution']);
  const times = [
    execution['shell.execute_reply'],
    execution['iopub.status.idle'],
    execution['iopub.execute_input'],
    jsonOf(metadata['ExecuteTime'])['end_time'],
    jsonOf(metadata['papermill'])['end_time'],
    jsonOf(metadata['executionInfo'])['timestamp'],
  ];
  for (const time of times) {
    if (typeof time !== 'string' && typeof time !== 'number') continue;
    const date = new Date(time);
    if (!Number.isNaN(date.getTime())) return date.toISOString();
  }
  return undefined;
}
