import { formatNamed, OUTPUT_FORMATS, type OutputFormat } from './outputFormat.ts';

export interface ProgramArguments {
  readonly kind: 'run';
  /** As typed; undefined: in memory. */
  readonly database?: string;
  readonly sqlFile?: string;
  readonly commands: readonly string[];
  readonly format: OutputFormat;
  readonly readOnly: boolean;
  /** Nothing may touch files or start programs. */
  readonly safe: boolean;
  readonly attach?: { readonly socketFile: string; readonly tokenFile: string };
}

export type ParsedArguments =
  | ProgramArguments
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const USAGE = `Usage: kodiak [file.sql | database.duckdb] [options]

SQL on DuckDB in the terminal. Without SQL to run it starts a prompt, where .help lists commands.

  file.sql                 run a script or a notebook (*.kodiak.sql) and leave;
                           relative paths in it start at its folder
  database.duckdb          open this database, or create it; without one, data lives in memory

  -c SQL                   run SQL and leave; may be repeated
      --db PATH            database to open, beside a file.sql
      --format FORMAT      ${OUTPUT_FORMATS.slice(0, 9).join(', ')},
                           ${OUTPUT_FORMATS.slice(9).join(', ')};
                           box shows the first and last rows of a result, the others all
      --readonly           open the database read-only
      --safe               begin in safe mode: no files, no programs (.help safe_mode)
      --attach SOCKET      use the server that listens there …
      --token-file FILE    … with the token in this file
  -h, --help               show this
      --version            show the version

SQL can also come from a pipe: echo 'select 42' | kodiak
Exit code: 0 done, 1 an SQL error, 2 wrong usage, 130 cancelled with Ctrl+C.
Environment: NO_COLOR, KODIAK_HISTORY (file of the prompt's history), KODIAK_RUNTIME_DIR,
KODIAK_STATE_DIR (where the record of all statements lies), KODIAK_STATEMENT_HISTORY=off.
`;

export const DATA_FILE = /\.(?:parquet|csv|tsv|json|jsonl|ndjson)(?:\.(?:gz|zst))?$/i;
const SHORT_NAMES: Readonly<Record<string, string>> = { '-h': '--help', '-c': '--command', '-f': '--format' };

/** Reads the program's arguments (without node and script). */
export function parseArguments(args: readonly string[]): ParsedArguments {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      positional.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positional.push(arg);
      continue;
    }
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const typed = equals < 0 ? arg : arg.slice(0, equals);
    const name = SHORT_NAMES[typed] ?? typed;
    switch (name) {
      case '--help':
      case '--version':
      case '--readonly':
      case '--safe':
        if (equals >= 0) return wrong(`${typed} takes no value`);
        flags.add(name);
        break;
      case '--command':
      case '--db':
      case '--format':
      case '--attach':
      case '--token-file': {
        const value = equals < 0 ? args[++at] : arg.slice(equals + 1);
        if (value === undefined) return wrong(`${typed} needs a value`);
        values.set(name, [...(values.get(name) ?? []), value]);
        break;
      }
      default:
        return wrong(`unknown option ${typed}`);
    }
  }
  if (flags.has('--help')) return { kind: 'help' };
  if (flags.has('--version')) return { kind: 'version' };
  return combined(positional, values, flags);
}

function combined(
  positional: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
  flags: ReadonlySet<string>,
): ParsedArguments {
  const readOnly = flags.has('--readonly');
  for (const name of ['--db', '--format', '--attach', '--token-file']) {
    if ((values.get(name)?.length ?? 0) > 1) return wrong(`${name} is given twice`);
  }
  const sqlFiles = positional.filter((name) => /\.sql$/i.test(name));
  const databases = [...positional.filter((name) => !/\.sql$/i.test(name)), ...(values.get('--db') ?? [])];
  const [sqlFile] = sqlFiles;
  const [database] = databases;
  if (sqlFiles.length > 1) return wrong('only one SQL file can be run');
  if (databases.length > 1) return wrong('only one database can be opened');
  if (database === '') return wrong('the name of the database is empty');
  if (database !== undefined && DATA_FILE.test(database)) {
    return wrong(`${database} is data, not a database; query it with kodiak -c "from '${database}'"`);
  }
  const formatName = values.get('--format')?.[0] ?? 'box';
  const format = formatNamed(formatName);
  if (format === undefined) return wrong(`unknown format ${formatName}; there are ${OUTPUT_FORMATS.join(', ')}`);
  const socketFile = values.get('--attach')?.[0];
  const tokenFile = values.get('--token-file')?.[0];
  if ((socketFile === undefined) !== (tokenFile === undefined)) return wrong('--attach and --token-file belong together');
  if (socketFile !== undefined && database !== undefined) return wrong('--attach uses the database that the server has open');
  if (readOnly && (database === undefined || database === ':memory:')) return wrong('--readonly needs a database file');
  return {
    kind: 'run',
    commands: values.get('--command') ?? [],
    format,
    readOnly,
    safe: flags.has('--safe'),
    ...(database === undefined ? {} : { database }),
    ...(sqlFile === undefined ? {} : { sqlFile }),
    ...(socketFile === undefined || tokenFile === undefined ? {} : { attach: { socketFile, tokenFile } }),
  };
}

function wrong(message: string): ParsedArguments {
  return { kind: 'wrong', message };
}
