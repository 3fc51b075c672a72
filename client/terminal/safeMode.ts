import { tokenize } from '../../engine/sql/lexer.ts';
import type { WirePlan } from '../../server/protocol/plan.ts';
import { explainSql } from './explainSql.ts';
import type { Shell } from './shell.ts';

export const SAFE_MODE_TEXT =
  'Until this terminal ends, commands that touch files or start programs are refused (.help NAME says which), and so are ATTACH, COPY, EXPORT, IMPORT, ' +
  'INSTALL, LOAD, CALL, EXECUTE, secrets, settings other than of names and time zones, files in FROM, and functions that read files. Of what is left DuckDB ' +
  'is asked for the plan first, which also shows views and macros that read files. The pager is the one that the environment names. It guards against mistakes and pasted text, in this terminal: other ' +
  'terminals and notebooks on the same engine are as free as before. --safe starts the program so.';

/** Statements that touch files, load code, or change what the engine may do, whatever else they say. */
const REFUSED = new Set('attach copy export import install load call execute force'.split(' '));
const SETTINGS = new Set('variable schema search_path timezone calendar default_order default_null_order null_order'.split(' '));
const PRAGMAS =
  /^(?:table_info|show|show_tables|show_tables_expanded|show_databases|version|platform|database_list|database_size|storage_info|functions|collations)$/;
const READING =
  /^(?:read_\w+|\w*parquet\w*|glob|sniff_csv|\w*_scan\w*|\w*_attach|st_read\w*|query|query_table|getenv|write_log|\w*_logging|duckdb_secrets|which_secret|load_\w+|import_\w+)$/;
const DATA_NAME = /[/\\:*?]|\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|xlsx|db|duckdb|sqlite|gz|zst|avro|arrow)$/i;
/** Words after which a source of rows may stand, and those that end such a part. */
const SOURCES = new Set('from join using into describe desc summarize table show update pivot unpivot'.split(' '));
const OTHERS = new Set('where select group order having set values limit qualify window returning union except intersect'.split(' '));
/** Functions with a FROM of their own. */
const WITH_FROM = new Set(['extract', 'trim', 'substring', 'overlay', 'position']);

interface Word {
  readonly kind: string;
  readonly text: string;
  readonly lower: string;
}

/** Why safe mode does not let a statement run, as far as its own text tells; `undefined` when it does. */
export function refusalInSafeMode(statement: string): string | undefined {
  const words: Word[] = tokenize(statement)
    .filter(({ kind }) => !kind.endsWith('Comment'))
    .map(({ kind, start, end }) => ({ kind, text: statement.slice(start, end), lower: statement.slice(start, end).toLowerCase() }));
  return ofKind(words) ?? ofFunctions(words) ?? ofSources(words);
}

/** Throws why safe mode does not let a statement run: as its text tells, or else the plan that DuckDB has for it. */
export async function expectSafe(shell: Shell, sql: string, signal: AbortSignal): Promise<void> {
  const refusal = refusalInSafeMode(sql);
  if (refusal !== undefined) throw new Error(refusal);
  // What has no plan is judged by its text alone; a mistake in it is told when it runs.
  const plan = await explainSql(shell, sql, false, signal).catch(() => undefined);
  const reading = plan && planRefusal(plan);
  if (reading !== undefined) throw new Error(reading);
}

/** Why safe mode does not let a statement run that DuckDB would execute so. */
export function planRefusal(plan: WirePlan): string | undefined {
  for (const { kind, details } of plan.operators) {
    const names = [kind, ...details.filter(({ name }) => /^(?:function|name)$/i.test(name)).flatMap(({ values }) => values)];
    const reading = names.find((name) =>
      /^(?:READ_|COPY_TO|BATCH_COPY|GLOB|SNIFF|.*PARQUET|.*(?:CSV|JSON)_SCAN|SQLITE|POSTGRES|MYSQL|ICEBERG|DELTA)/i.test(name),
    );
    if (reading !== undefined) return refused(`${reading.toLowerCase()}, which is in the statement’s plan`);
  }
  return undefined;
}

function ofKind(words: readonly Word[]): string | undefined {
  const [first, second] = words;
  if (!first) return undefined;
  if (REFUSED.has(first.lower)) return refused(first.lower.toUpperCase());
  switch (first.lower) {
    case 'set':
    case 'reset': {
      const name = words.slice(1).find(({ lower }) => !['session', 'local', 'global'].includes(lower));
      const isTimeZone = name?.lower === 'time';
      return isTimeZone || SETTINGS.has(name?.lower.replace(/^"|"$/g, '') ?? '') ? undefined : refused(`the setting ${name?.text ?? ''}`);
    }
    case 'pragma':
      return PRAGMAS.test(second?.lower ?? '') ? undefined : refused(`PRAGMA ${second?.text ?? ''}`);
    case 'explain':
    case 'prepare': {
      const inner = words.find(({ kind, lower }) => kind === 'word' && REFUSED.has(lower));
      return inner && refused(inner.text.toUpperCase());
    }
    case 'create':
    case 'alter':
    case 'drop':
      return words.slice(1, 6).some(({ kind, lower }) => kind === 'word' && lower === 'secret') ? refused('a secret') : undefined;
    default:
      return undefined;
  }
}

function ofFunctions(words: readonly Word[]): string | undefined {
  const called = words.find(({ kind, lower }, at) => {
    if (kind !== 'word' && kind !== 'quotedName') return false;
    return words[at + 1]?.text === '(' && READING.test(lower.replace(/^"|"$/g, ''));
  });
  return called && refused(`${called.text}()`);
}

function ofSources(words: readonly Word[]): string | undefined {
  const parts: ('source' | 'condition' | 'other' | 'function')[] = ['other'];
  for (const [at, { kind, text, lower }] of words.entries()) {
    const before = words[at - 1];
    const part = parts.at(-1) ?? 'other';
    if (text === '(') {
      const isCall =
        before !== undefined &&
        (before.kind === 'quotedName' || (before.kind === 'word' && !SOURCES.has(before.lower) && !OTHERS.has(before.lower)));
      parts.push(isCall ? (WITH_FROM.has(before.lower) ? 'function' : 'other') : part === 'source' ? 'source' : 'other');
    } else if (text === ')') {
      if (parts.length > 1) parts.pop();
    } else if (kind === 'word' && part !== 'function' && SOURCES.has(lower) && before?.lower !== 'distinct')
      parts[parts.length - 1] = 'source';
    else if (part === 'condition' && text === ',') parts[parts.length - 1] = 'source';
    else if (part === 'source' && kind === 'word' && lower === 'on') parts[parts.length - 1] = 'condition';
    else if (kind === 'word' && (part === 'source' || part === 'condition') && OTHERS.has(lower)) parts[parts.length - 1] = 'other';
    else if (part === 'source') {
      if (kind === 'string') return refused(`the file ${text}`);
      if (kind === 'quotedName' && DATA_NAME.test(text.slice(1, -1))) return refused(`the file ${text}`);
      if (kind === 'word' && before?.text === '.' && DATA_NAME.test(`.${text}`))
        return refused(`the file ${words[at - 2]?.text ?? ''}.${text}`);
    }
  }
  return undefined;
}

function refused(what: string): string {
  return `Safe mode does not allow ${what}: nothing may read or write files, or run programs.`;
}
