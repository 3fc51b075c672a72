import type { KodiakError } from '../../engine/base/errors.ts';
import { closestNames, editDistance } from '../../engine/sql/closestNames.ts';
import { quoteName, sameName, stringValue, unquoteName } from '../../engine/sql/sqlNames.ts';
import type { Catalog } from './catalog.ts';
import { COPY_OPTIONS } from './keywords.ts';
import { type FixPlace, type QuickFix, replacing } from './quickFix.ts';
import type { ScopeNames } from './scopeNames.ts';
import { lowerText } from './sqlText.ts';
import { dateParts } from './stringValues.ts';

/** DuckDB's own tables, and what is no name, which it proposes too. */
const INTERNAL = /^(?:pg_|duckdb_|sqlite_|pragma_)|\(|->/;

/** Names that are proposed when none is like the one that is written. */
const MAX_FAR = 3;
const MAX_CANDIDATES = 5;

export interface KnownNames {
  readonly catalog: Catalog;
  readonly scope: ScopeNames;
  /** Files beside the one that was not found, as paths that can be written in its place. */
  readonly files: readonly string[];
}

/** The names that may have been meant: those that are alike, else what DuckDB proposes. */
export function nameFixes(error: KodiakError, place: FixPlace, known: KnownNames): QuickFix[] {
  const { message } = error;
  const name = place.written.includes("'") ? stringValue(place.written) : unquoteName(place.written);
  const moved = /^Binder Error: Table "(?:[^"]|"")*" does not have a column named/.test(message) ? elsewhere(name, place, known.scope) : [];
  const said = proposedNames(error);
  const pool = unique([...poolOf(message, place, known), ...said.filter((candidate) => !isInternal(candidate, message))]);
  const near = nearest(name, pool);
  const far =
    near.names.length === 0 && moved.length === 0 ? said.filter((candidate) => !isInternal(candidate, message)).slice(0, MAX_FAR) : [];
  const names = unique([...near.names, ...far]).slice(0, MAX_CANDIDATES);
  const isDrop = /^drop$/i.test(lowerText(place.text, place.statement.tokens[0]));
  return [
    ...names.map((candidate, index) => toFix(candidate, error, place, index === 0 && near.isObvious && !(isDrop && far.length > 0))),
    ...moved,
  ];
}

/** Names of the kind that the error is about, beside those that DuckDB proposes. */
function poolOf(message: string, place: FixPlace, { catalog, scope, files }: KnownNames): readonly string[] {
  const columns = scope.sources.flatMap((source) => source.columns);
  const ofTable = /Table "((?:[^"]|"")*)" does not have a column named/.exec(message)?.[1];
  if (ofTable !== undefined) return scope.sources.find(({ name }) => sameName(name, ofTable))?.columns ?? [];
  if (/Referenced column "/.test(message)) return [...columns, ...scope.others, ...scope.sources.map((source) => source.name)];
  if (/list not found in FROM clause|side of join/.test(message)) return columns;
  if (/Referenced table "/.test(message)) return scope.sources.map((source) => source.name).filter((name) => name !== '');
  if (/^Catalog Error: Table with name \S+ does not exist!/.test(message)) return scope.ctes;
  if (/window "[^"]*" does not exist/.test(message)) return scope.windows;
  if (/(?:because schema|[Ss]chema with name|Catalog) "[^"]*" does not exist|Catalog with name/.test(message))
    return schemasOf(catalog, place);
  if (/for (?:csv|parquet)|option for COPY/i.test(message)) return COPY_OPTIONS;
  if (/specifier "[^"]*" not recognized|date part/i.test(message)) return dateParts();
  if (/No files found/.test(message)) return files;
  return [];
}

function schemasOf(catalog: Catalog, { text, end }: FixPlace): string[] {
  const schemas = catalog.named.filter(({ kind }) => kind === 'schema' || kind === 'database');
  // Before two more names stands a database.
  const isDatabase = /^\s*\.\s*(?:\w+|"[^"]*")\s*\./.test(text.slice(end));
  return schemas.filter(({ kind }) => !isDatabase || kind === 'database').map(({ name }) => name);
}

/** The sources that have the column which the qualifier's does not. */
function elsewhere(name: string, { text, statement, start, end }: FixPlace, { sources }: ScopeNames): QuickFix[] {
  const index = statement.tokens.findIndex((token) => token.start === start);
  const qualifier = statement.tokens[index - 2];
  if (!qualifier || text.charAt(statement.tokens[index - 1]?.start ?? 0) !== '.') return [];
  return sources
    .filter((source) => source.name !== '' && source.columns.some((column) => sameName(column, name)))
    .map((source) => {
      const fixed = `${quoteName(source.name)}.${text.slice(start, end)}`;
      return { title: `Change to ${fixed}`, edits: [{ start: qualifier.start, end, text: fixed }], preferred: false };
    });
}

/** Those that are like a name, nearest first; obvious when none is as near as the first. */
function nearest(name: string, pool: readonly string[]): { readonly names: readonly string[]; readonly isObvious: boolean } {
  const written = name.toLowerCase();
  const lower = (candidate: string) => (written.includes('.') ? candidate : (candidate.split('.').at(-1) ?? '')).toLowerCase();
  const alike = new Set(closestNames(written, new Set(pool.map(lower))));
  const distance = (candidate: string) => editDistance(written, lower(candidate));
  const names = pool.filter((candidate) => alike.has(lower(candidate))).sort((a, b) => distance(a) - distance(b));
  const [first, second] = names;
  const isObvious =
    first !== undefined && (second === undefined || sameName(lower(first), lower(second)) || distance(first) < distance(second));
  return { names, isObvious };
}

function toFix(name: string, { message }: KodiakError, place: FixPlace, preferred: boolean): QuickFix {
  const { text, start, end, written } = place;
  if (written.includes("'")) return replacing(place, `'${name.replaceAll("'", "''")}'`, undefined, preferred);
  const last = name.split('.').at(-1) ?? name;
  // What is written already lacks only its schema.
  const bare = sameName(last, unquoteName(written)) || /Ambiguous/.test(message) ? name : last;
  const isPlain = /Function with name|Unrecognized option|specifier|configuration parameter/.test(message);
  const fixed = isPlain ? bare : bare.split('.').map(quoteName).join('.');
  const shouts = /[A-Z]/.test(written) && written === written.toUpperCase() && /Error: Type|Unrecognized option/.test(message);
  const replacement = shouts ? fixed.toUpperCase() : fixed;
  // A name with spaces whose first word was read alone is written in full already.
  const inFull = sameName(text.slice(start, start + bare.length), bare);
  return {
    title: `Change to ${replacement}`,
    edits: [{ start, end: inFull ? Math.max(end, start + bare.length) : end, text: replacement }],
    preferred,
  };
}

/** What DuckDB proposes in its error. */
function proposedNames({ candidates, message }: KodiakError): string[] {
  const parameter = /Invalid named parameter "([^"]+)"/.test(message);
  if (parameter) return [...message.matchAll(/^\s+(\w+) [A-Z]/gm)].map(([, name]) => name ?? '');
  const said =
    /(?:Candidate bindings|Candidate tables|Candidate Entries|Candidate options|Did you mean)\W*?(".*")/.exec(message)?.[1] ?? '';
  return candidates.length > 0 ? [...candidates] : [...said.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name ?? '');
}

function isInternal(name: string, message: string): boolean {
  return name === '' || (INTERNAL.test(name) && !/Pragma|Function with name/.test(message));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
