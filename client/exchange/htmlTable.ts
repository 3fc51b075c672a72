/** The cells of a table in HTML, as texts. */
export interface HtmlTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const TAG_START = /<(\/?)([a-z][a-z0-9-]*)/iy;
/** A tag that does not end within so many characters is text. */
const MAX_TAG = 4000;
/** What is not shown, from its first characters to its last. */
const HIDDEN: readonly (readonly [open: string, close: string])[] = [
  ['<!--', '-->'],
  ['<style', '</style'],
  ['<script', '</script'],
];

/**
 * Reads the first table of a fragment of HTML, such as the output of a query that a notebook stores. No tag or attribute is kept;
 * undefined where there is no table. A first row of `<th>` cells, or one in `<thead>`, gives the columns' names.
 */
export function readHtmlTable(html: string): HtmlTable | undefined {
  const shown = withoutHidden(html);
  const start = shown.search(/<table\b/i);
  if (start < 0) return undefined;
  const end = shown.slice(start).search(/<\/table\s*>/i);
  const fragment = shown.slice(start, end < 0 ? undefined : start + end);
  const rows: Row[] = [];
  let cell: { text: string; isHead: boolean } | undefined;
  const close = () => {
    if (cell !== undefined) rows.at(-1)?.cells.push({ text: decoded(cell.text).trim(), isHead: cell.isHead });
    cell = undefined;
  };
  for (const { text, name, isEnd } of tokensOf(fragment)) {
    if (name === undefined) {
      if (cell !== undefined) cell.text += text;
    } else if (name === 'tr' || name === 'thead' || name === 'tbody') {
      close();
      if (name === 'tr' && !isEnd) rows.push({ cells: [] });
    } else if (name === 'td' || name === 'th') {
      close();
      if (rows.length === 0) rows.push({ cells: [] });
      if (!isEnd) cell = { text: '', isHead: name === 'th' };
    } else if (name === 'br' && cell !== undefined) cell.text += '\n';
  }
  close();
  return tableOf(rows.filter(({ cells }) => cells.length > 0));
}

/** The text of a fragment of HTML, without its tags. */
export function htmlText(html: string): string {
  const parts = tokensOf(withoutHidden(html)).map(({ text, name, isEnd }) => {
    if (name === undefined) return text;
    return name === 'br' || (isEnd && /^(?:p|div|li|tr)$/.test(name)) ? '\n' : '';
  });
  return decoded(parts.join('')).trim();
}

/** A tag by its name, or the text before the next tag. */
interface Token {
  readonly text: string;
  readonly name?: string;
  readonly isEnd: boolean;
}

function tokensOf(html: string): Token[] {
  const tokens: Token[] = [];
  let textFrom = 0;
  let at = html.indexOf('<');
  while (at >= 0) {
    TAG_START.lastIndex = at;
    const start = TAG_START.exec(html);
    const { end, isTag } = start === null ? { end: at + 1, isTag: false } : tagEnd(html, TAG_START.lastIndex);
    if (isTag && start !== null) {
      tokens.push({ text: html.slice(textFrom, at), isEnd: false });
      tokens.push({ text: '', name: (start[2] ?? '').toLowerCase(), isEnd: start[1] !== '' });
      textFrom = end;
    }
    at = html.indexOf('<', end);
  }
  tokens.push({ text: html.slice(textFrom), isEnd: false });
  return tokens;
}

/** Quoted attributes may hold `>`. What was looked through in vain is not looked through again. */
function tagEnd(html: string, from: number): { readonly end: number; readonly isTag: boolean } {
  const limit = Math.min(html.length, from + MAX_TAG);
  let quote = '';
  for (let at = from; at < limit; at++) {
    const character = html[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '>') return { end: at + 1, isTag: true };
    else if (character === '"' || character === "'") quote = character;
  }
  return { end: limit, isTag: false };
}

/** An end that is missing hides the rest. */
function withoutHidden(html: string): string {
  return HIDDEN.reduce((text, [open, close]) => {
    const lower = text.toLowerCase();
    if (lower.length !== text.length) return text;
    const parts: string[] = [];
    let at = 0;
    for (let start = lower.indexOf(open); start >= 0; start = lower.indexOf(open, at)) {
      parts.push(text.slice(at, start));
      const last = lower.indexOf(close, start);
      const end = last < 0 ? -1 : lower.indexOf('>', last);
      if (end < 0) return parts.join('');
      at = end + 1;
    }
    return [...parts, text.slice(at)].join('');
  }, html);
}

interface Row {
  readonly cells: { readonly text: string; readonly isHead: boolean }[];
}

function tableOf(rows: readonly Row[]): HtmlTable | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const hasHead = first.cells.every(({ isHead }) => isHead);
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  const heads = hasHead ? first.cells.map(({ text }) => text) : [];
  const columns = Array.from({ length: width }, (_, index) => heads[index] ?? (hasHead ? '' : `column${index + 1}`));
  return { columns, rows: rows.slice(hasHead ? 1 : 0).map(({ cells }) => cells.map(({ text }) => text)) };
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
