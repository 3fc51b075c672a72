import type { CellSource } from './cellFormat.ts';

/** What a cell is for, beyond its statements: `-- %% params` holds the notebook's parameters, `-- %% assert` a test. */
export type CellRole = 'assert' | 'params';

/** What a cell's marker line says, as in `-- %% assert No orphans key=order_id`. */
export interface CellMarker {
  readonly role?: CellRole;
  readonly title: string;
  /** `name=value`, or `name="a value with blanks"`, where a quote is doubled. The last of equal names counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

const MARKER = /^--[ \t]*%%[ \t]*(?:\[(?:markdown|md)\])?/i;
const WORD = /([\w.-]+)=("(?:[^"]|"")*"|\S*)|\S+/g;
const ROLES: ReadonlySet<string> = new Set<CellRole>(['assert', 'params']);

/** Empty for a cell without a marker line. */
export function readMarker(source: CellSource | undefined): CellMarker {
  const { rest } = split(source?.head ?? '');
  const attributes = new Map<string, string>();
  const words: string[] = [];
  for (const [word, name, value] of rest.matchAll(WORD)) {
    if (name === undefined) words.push(word);
    else attributes.set(name, unquoted(value ?? ''));
  }
  const [first] = words;
  const role = source?.kind === 'code' && first !== undefined && ROLES.has(first) ? (first as CellRole) : undefined;
  return { ...(role && { role }), title: words.slice(role ? 1 : 0).join(' '), attributes };
}

/** The cell with other attributes: `undefined` removes one, those not named stay as they are written. */
export function withAttributes(source: CellSource, changes: Readonly<Record<string, string | undefined>>, eol: string): CellSource {
  const { marker, rest, below } = split(source.head);
  const left = new Map(Object.entries(changes));
  let line = rest.replaceAll(WORD, (word, name: string | undefined) => {
    if (name === undefined || !Object.hasOwn(changes, name)) return word;
    const value = left.get(name);
    left.delete(name);
    return value === undefined ? '' : attributeText(name, value);
  });
  for (const [name, value] of left) if (value !== undefined) line = `${line.trimEnd()} ${attributeText(name, value)}`;
  line = line.trimEnd();
  if (marker === '' && line === '') return source;
  const gap = line === '' || /^\s/.test(line) ? '' : ' ';
  return { ...source, head: `${marker === '' ? '-- %%' : marker}${gap}${line}${below === '' ? eol : below}` };
}

/** The marker's own signs, what follows them on its line, and all from that line's end on. */
function split(head: string): { readonly marker: string; readonly rest: string; readonly below: string } {
  const marker = MARKER.exec(head)?.[0].trimEnd() ?? '';
  if (marker === '') return { marker: '', rest: '', below: head };
  const end = /[\r\n]/.exec(head)?.index ?? head.length;
  return { marker, rest: head.slice(marker.length, end), below: head.slice(end) };
}

function attributeText(name: string, value: string): string {
  const text = value.replaceAll(/[\r\n]+/g, ' ');
  return `${name}=${text === '' || /[\s"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text}`;
}

function unquoted(value: string): string {
  return /^".*"$/.test(value) ? value.slice(1, -1).replaceAll('""', '"') : value;
}
