import { resolve } from 'node:path';
import {
  type CatalogTable,
  clearCache,
  freeMemory,
  readCacheEntries,
  readCatalog,
  readHealth,
  readStats,
  setCacheEnabled,
} from '../../server/protocol/requests.ts';
import { formatBytes, formatCache, formatConnections, formatCount, formatMemory, formatParallel } from '../monitor/statsText.ts';
import { visible, visibleLines } from '../text/displayText.ts';
import { DATA_FILE } from './arguments.ts';
import { closestName } from './closestName.ts';
import { isFormat, OUTPUT_FORMATS } from './outputFormat.ts';
import { fileTarget } from './serverLink.ts';
import type { Shell } from './shell.ts';
import { readSqlFile, runSqlFile } from './sqlFile.ts';

/** `exit` ends the program, `failed` has written a message. */
export type CommandOutcome = 'done' | 'failed' | 'cancelled' | 'exit';

interface DotCommand {
  readonly usage: string;
  readonly summary: string;
  readonly run: (shell: Shell, args: readonly string[], signal: AbortSignal) => Promise<CommandOutcome>;
}

class WrongUsage extends Error {}

const COMMANDS: Readonly<Record<string, DotCommand>> = {
  help: {
    usage: '',
    summary: 'show this',
    run: (shell) => lines(shell, helpLines()),
  },
  tables: {
    usage: '[pattern]',
    summary: 'list tables and views; * stands for anything',
    run: async (shell, [pattern]) => {
      const tables = await readTables(shell, pattern);
      return lines(shell, tables.length > 0 ? tableLines(tables) : [pattern === undefined ? 'No tables.' : 'No such table.']);
    },
  },
  schema: {
    usage: '[table]',
    summary: 'show columns and definitions',
    run: async (shell, [name]) => {
      const tables = await readTables(shell, name, true);
      return lines(shell, tables.length > 0 ? tables.flatMap(schemaLines) : [name === undefined ? 'No tables.' : 'No such table.']);
    },
  },
  cache: {
    usage: '[clear|on|off]',
    summary: 'show the result cache, empty it, switch it',
    run: async (shell, [action]) => {
      switch (action) {
        case undefined: {
          const stats = await shell.link.request(readStats, null);
          const { entries } = await shell.link.request(readCacheEntries, null);
          return lines(shell, formatCache(stats, entries));
        }
        case 'clear': {
          const { removed } = await shell.link.request(clearCache, null);
          return lines(shell, [`${formatCount(removed)} ${removed === 1 ? 'entry' : 'entries'} removed.`]);
        }
        case 'on':
        case 'off':
          await shell.link.request(setCacheEnabled, { enabled: action === 'on' });
          return lines(shell, [`The cache is ${action}.`]);
        default:
          throw new WrongUsage();
      }
    },
  },
  connections: {
    usage: '',
    summary: 'show the connection pool and who uses it',
    run: async (shell) => lines(shell, formatConnections(await shell.link.request(readStats, null))),
  },
  memory: {
    usage: '[free]',
    summary: 'show memory, or give back what is only kept for later',
    run: async (shell, [action]) => {
      if (action === undefined) return lines(shell, formatMemory(await shell.link.request(readStats, null)));
      if (action !== 'free') throw new WrongUsage();
      const { freedBytes } = await shell.link.request(freeMemory, null);
      return lines(shell, [`${formatBytes(freedBytes)} freed.`]);
    },
  },
  parallel: {
    usage: '',
    summary: 'show parallel execution',
    run: async (shell) => lines(shell, formatParallel(await shell.link.request(readStats, null))),
  },
  health: {
    usage: '',
    summary: 'check the server and the database',
    run: async (shell) => {
      const { checks } = await shell.link.request(readHealth, null);
      const width = Math.max(0, ...checks.map((check) => check.name.length));
      const { style } = shell.output;
      await lines(
        shell,
        checks.map((check) => `${check.ok ? style.green('✓') : style.red('✗')} ${check.name.padEnd(width)}  ${visible(check.detail)}`),
      );
      return checks.every((check) => check.ok) ? 'done' : 'failed';
    },
  },
  open: {
    usage: '[file|:memory:]',
    summary: 'open another database; without a name, a new one in memory',
    run: async (shell, [file]) => {
      if (DATA_FILE.test(file ?? '')) throw new Error(`${file} is data, not a database; query it with from '${file}';`);
      await shell.open(fileTarget(file ?? ':memory:', shell.cwd, false));
      return lines(shell, [databaseLine(shell)]);
    },
  },
  timer: {
    usage: 'on|off',
    summary: 'show times and where a result came from',
    run: async (shell, [action]) => {
      if (action !== 'on' && action !== 'off') throw new WrongUsage();
      shell.timer = action === 'on';
      return 'done';
    },
  },
  mode: {
    usage: OUTPUT_FORMATS.join('|'),
    summary: 'choose how results are shown',
    run: async (shell, [format]) => {
      if (format === undefined) return lines(shell, [`The mode is ${shell.format}.`]);
      if (!isFormat(format)) throw new WrongUsage();
      shell.format = format;
      return 'done';
    },
  },
  read: {
    usage: 'file',
    summary: 'run a script or a notebook',
    run: async (shell, [file], signal) => {
      if (file === undefined) throw new WrongUsage();
      const outcome = await runSqlFile(shell, file, readSqlFile(resolve(shell.cwd, file)), signal);
      return outcome === 'gone' ? 'exit' : outcome;
    },
  },
  exit: {
    usage: '',
    summary: 'leave; .quit and Ctrl+D too',
    run: async () => 'exit',
  },
};

const ALIASES: Readonly<Record<string, string>> = { quit: 'exit', '?': 'help', q: 'exit', h: 'help' };

/** Carries out a line that begins with a dot. Errors are written, not thrown. */
export async function runDotCommand(shell: Shell, line: string, signal: AbortSignal): Promise<CommandOutcome> {
  const [typed = '', ...args] = splitCommand(line);
  const name = ALIASES[typed] ?? typed;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    await shell.errors.writeLines([unknownText(typed)]);
    return 'failed';
  }
  try {
    if (args.length > 1 || (args.length > 0 && command.usage === '')) throw new WrongUsage();
    return await command.run(shell, args, signal);
  } catch (error) {
    if (error instanceof WrongUsage) await shell.errors.writeLines([`Usage: .${name} ${command.usage}`.trimEnd()]);
    else await shell.report(error);
    return 'failed';
  }
}

/** The words of a command, the first one without its dot; quotes hold a word together. A semicolon at the end is habit. */
export function splitCommand(line: string): string[] {
  const words = line
    .trim()
    .replace(/^\./, '')
    .replace(/\s*;$/, '')
    .match(/"[^"]*"|'[^']*'|\S+/g);
  return (words ?? []).map((word) => (/^(["']).*\1$/.test(word) && word.length > 1 ? word.slice(1, -1) : word));
}

/** `DuckDB v1.5.5 · /data/sales.duckdb (new)`. */
export function databaseLine(shell: Shell): string {
  const info = shell.link.info;
  if (!info) return '';
  const place = info.database === ':memory:' || info.database === '' ? 'in memory' : visible(info.database);
  return `DuckDB ${visible(info.duckdbVersion)} · ${place}${info.created && place !== 'in memory' ? ' (new)' : ''}`;
}

function unknownText(typed: string): string {
  const near = closestName(typed, Object.keys(COMMANDS));
  return `Unknown command .${visible(typed)}; ${near === undefined ? '.help lists them.' : `did you mean .${near}?`}`;
}

function helpLines(): string[] {
  const usages = Object.entries(COMMANDS).map(([name, command]) => [`.${name} ${command.usage}`.trimEnd(), command.summary] as const);
  const width = Math.max(...usages.map(([usage]) => (usage.length > 24 ? 0 : usage.length)));
  const commands = usages.map(([usage, summary]) =>
    usage.length > width ? `${usage}\n${' '.repeat(width + 2)}${summary}` : `${usage.padEnd(width)}  ${summary}`,
  );
  return [...commands, '', 'A statement ends with a semicolon. Ctrl+C cancels, Ctrl+D leaves.'];
}

async function lines(shell: Shell, text: readonly string[]): Promise<'done'> {
  await shell.output.writeLines(text);
  return 'done';
}

async function readTables(shell: Shell, pattern: string | undefined, exact = false): Promise<CatalogTable[]> {
  const { tables } = await shell.link.request(readCatalog, { sessionId: shell.sessionId });
  if (pattern === undefined) return [...tables];
  const wildcard = /[*%]/.test(pattern);
  const body = pattern
    .split(/[*%]/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const matcher = new RegExp(wildcard || exact ? `^${body}$` : body, 'i');
  return tables.filter((table) => matcher.test(table.name) || matcher.test(`${table.schema}.${table.name}`));
}

function tableLines(tables: readonly CatalogTable[]): string[] {
  const names = tables.map((table) => visible(table.schema === 'main' ? table.name : `${table.schema}.${table.name}`));
  const rows = tables.map((table) => (table.kind === 'view' ? 'view' : `${formatCount(table.estimatedRows ?? 0)} rows`));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const rowsWidth = Math.max(...rows.map((text) => text.length));
  return tables.map(
    (table, at) =>
      `${(names[at] ?? '').padEnd(nameWidth)}  ${(rows[at] ?? '').padStart(rowsWidth)}  ${formatCount(table.columns.length)} columns`,
  );
}

function schemaLines(table: CatalogTable): string[] {
  if (table.sql) return [visibleLines(table.sql).trimEnd().replace(/;?$/, ';')];
  const columns = table.columns.map((column) => `  "${visible(column.name)}" ${visible(column.type)}`);
  return [`-- ${table.kind} ${visible(table.schema)}.${visible(table.name)}`, `(\n${columns.join(',\n')}\n);`];
}
