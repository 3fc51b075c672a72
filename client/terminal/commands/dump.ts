import { generatedColumns } from '../../../engine/sql/generatedColumns.ts';
import { quoteName } from '../../../engine/sql/sqlNames.ts';
import { visibleLines } from '../../text/displayText.ts';
import { comments, ended, indexes, macrosOf, qualified, schemas, sequences, tablesAndViews, types } from '../databaseDefinitions.ts';
import { type DumpedObject, inMakingOrder } from '../dumpOrder.ts';
import { namePattern } from '../namePattern.ts';
import { OutputSettings } from '../outputSettings.ts';
import { rowsOf, withResult } from '../quietQuery.ts';
import { streamRows } from '../resultPrinter.ts';
import type { Shell } from '../shell.ts';
import type { CommandOutcome, DotCommand } from './dotCommand.ts';

export const DUMP: DotCommand = {
  name: 'dump',
  usage: '[PATTERN …]',
  summary: 'write the database as SQL',
  explanation:
    'Schemas, types, sequences, tables with their rows, macros, views, indexes and comments, in an order in which they can be made again, within one transaction. With patterns only tables and views whose name fits; % and * stand for anything. Temporary tables and other databases are left out.',
  example: ['.dump', '.dump orders', '.dump order% customer%'],
  takes: [0, 100],
  run: (shell, patterns, signal) => dump(shell, patterns, signal),
};

async function dump(shell: Shell, patterns: readonly string[], signal: AbortSignal): Promise<CommandOutcome> {
  const matchers = patterns.map((pattern) => namePattern(pattern, true));
  const isAsked = (name: unknown) => matchers.length === 0 || matchers.some((matcher) => matcher.test(String(name)));
  const macros = matchers.length === 0 ? await macrosOf(shell, signal) : [];
  // One snapshot for all tables; inside of a person's own transaction there is one already.
  const began = await rowsOf(shell, 'begin transaction', signal).then(
    () => true,
    () => false,
  );
  try {
    const write = (...statements: readonly string[]) => writeSql(shell, statements);
    const objects = [...(await tablesAndViews(shell, signal)).filter(({ name }) => isAsked(name)), ...macros];
    const texts = objects.map(({ sql }) => sql).join('\n');
    await write('BEGIN TRANSACTION;');
    await write(...(await schemas(shell, signal, matchers.length === 0 ? undefined : objects)));
    if (matchers.length === 0) await write(...(await types(shell, signal)));
    await write(...(await sequences(shell, signal, (name) => matchers.length === 0 || texts.includes(name))));
    const ordered = inMakingOrder(objects);
    // Rows come before views and indexes, and behind the tables that theirs refer to.
    for (const object of ordered) {
      await write(ended(object.sql));
      if (object.kind === 'table') await writeRows(shell, object, signal);
      if (signal.aborted) return 'cancelled';
    }
    await write(...(await indexes(shell, signal, isAsked)), ...(await comments(shell, signal, isAsked)));
    await write('COMMIT;');
  } finally {
    if (began) await rowsOf(shell, 'rollback', new AbortController().signal).catch(() => undefined);
  }
  return 'done';
}

async function writeSql(shell: Shell, statements: readonly string[]): Promise<void> {
  const shown = shell.output.isTerminal ? visibleLines : (text: string) => text;
  await shell.output.writeLines(statements.map(shown));
}

async function writeRows(shell: Shell, { schema, name, sql }: DumpedObject, signal: AbortSignal): Promise<void> {
  const target = qualified(schema, name);
  const generated = new Set(generatedColumns(sql));
  const chosen = generated.size === 0 ? '*' : `* exclude (${[...generated].map(quoteName).join(', ')})`;
  const settings = new OutputSettings();
  settings.target = target;
  settings.headers = generated.size > 0;
  await withResult(shell, `select ${chosen} from ${target}`, signal, ({ result }) =>
    streamRows(result, 'insert', settings, shell.rowsOf(result), shell.output, signal),
  );
}
