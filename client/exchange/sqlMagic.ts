/** SQL that a cell of Jupyter runs by a magic command. */
export interface MagicSql {
  readonly sql: string;
  /** The name that the result was given. */
  readonly resultName?: string;
  /** What the magic's line says beside: a connection, options. Without passwords. */
  readonly ignored?: string;
}

/** Magics of ipython-sql, JupySQL, and those that people write for DuckDB. */
const CELL_MAGIC = /^\s*%%(sql|dql|duckdb|bigquery|sparksql|read_sql)\b([^\n]*)\n?/i;
const LINE_MAGIC = /^(?:(\w+)\s*=\s*)?%(?:sql|dql)\b\s*(.*)$/i;
/** Lines that only set a magic up. */
const SET_UP = /^\s*(?:#.*|%(?:load_ext|reload_ext|config|pip|conda)\b.*|!pip\b.*)?\s*$/;
const CONNECTION = /^(?:[a-z][\w+.]*:\/\/\S*|@\S+|\S+@\S+)$/i;
const VALUE_OPTIONS = new Set([
  '--save',
  '-S',
  '--with',
  '-w',
  '--alias',
  '-A',
  '--section',
  '-s',
  '--connection_arguments',
  '-a',
  '--interact',
]);

/** The SQL of a cell that is nothing else; undefined for a cell with other code in it. */
export function magicSql(source: string): MagicSql | undefined {
  const magic = CELL_MAGIC.exec(source.replace(/^(?:\s*#[^\n]*\n)+/, ''));
  if (magic === null) return lineMagics(source);
  const body = source.replace(/^(?:\s*#[^\n]*\n)+/, '').slice(magic[0].length);
  const { rest, resultName, ignored } = readLine(magic[2] ?? '');
  const sql = [rest, body].filter((part) => part.trim() !== '').join('\n');
  return { sql, ...(resultName !== undefined && { resultName }), ...(ignored !== undefined && { ignored }) };
}

/** Whether a cell does nothing but set the magics up. */
export function isMagicSetUp(source: string): boolean {
  return /%(?:load_ext|reload_ext|config)\b/.test(source) && source.split('\n').every((line) => SET_UP.test(line));
}

function lineMagics(source: string): MagicSql | undefined {
  const lines = source.split('\n').filter((line) => !SET_UP.test(line));
  const magics = lines.map((line) => LINE_MAGIC.exec(line.trim()));
  if (magics.length === 0 || magics.some((magic) => magic === null || (magic[2] ?? '').endsWith('\\'))) return undefined;
  const read = magics.map((magic) => ({ ...readLine(magic?.[2] ?? ''), assigned: magic?.[1] }));
  const statements = read.map(({ rest }) => rest.trim()).filter((sql) => sql !== '');
  const ignored = read.flatMap((line) => line.ignored ?? []).join(' ');
  const resultName = read.length === 1 ? (read[0]?.assigned ?? read[0]?.resultName) : undefined;
  const sql =
    statements.length === 1 ? (statements[0] ?? '') : statements.map((text) => (text.endsWith(';') ? text : `${text};`)).join('\n');
  return { sql, ...(resultName !== undefined && { resultName }), ...(ignored !== '' && { ignored }) };
}

/** What stands on a magic's line: options and a connection, the name of the result, and the SQL that may begin there. */
function readLine(line: string): { readonly rest: string; readonly resultName?: string; readonly ignored?: string } {
  let text = line.trim();
  let resultName: string | undefined;
  const ignored: string[] = [];
  for (let word = /^\S+/.exec(text)?.[0]; word !== undefined; word = /^\S+/.exec(text)?.[0]) {
    const after = text.slice(word.length).trimStart();
    const assigned = /^(\w+)(?:\s*=)?\s*<<\s*/.exec(text);
    if (assigned !== null) {
      resultName = assigned[1];
      text = text.slice(assigned[0].length);
    } else if (word.startsWith('-') && !word.startsWith('--') && !/^-[A-Za-z]$/.test(word)) break;
    else if (/^--?[A-Za-z]/.test(word)) {
      const [option = '', given] = word.split('=', 2);
      const value = given ?? (VALUE_OPTIONS.has(option) ? /^\S+/.exec(after)?.[0] : undefined);
      if (option === '--save' || option === '-S') resultName = value;
      else ignored.push([option, ...(value === undefined ? [] : [shownConnection(value)])].join(' '));
      text = given === undefined && value !== undefined ? after.slice(value.length).trimStart() : after;
    } else if (CONNECTION.test(word)) {
      ignored.push(shownConnection(word));
      text = after;
    } else break;
  }
  return { rest: text, ...(resultName !== undefined && { resultName }), ...(ignored.length > 0 && { ignored: ignored.join(' ') }) };
}

/** A connection without its password and options: they may hold secrets. */
function shownConnection(text: string): string {
  return text.replace(/:\/\/[^/@]*@/, '://…@').replace(/\?.*$/, '');
}
