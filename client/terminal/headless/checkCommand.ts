import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkScript } from '../../../server/protocol/script.ts';
import type { Output } from '../output.ts';
import { ownVersion } from '../ownVersion.ts';
import { ServerLink } from '../serverLink.ts';
import { readSqlFile } from '../sqlFile.ts';
import { databaseTarget } from '../subcommands/databaseTarget.ts';
import { EXIT } from '../subcommands/exitCode.ts';
import type { GivenOptions } from '../subcommands/givenOptions.ts';
import { type SubcommandContext, UsageError } from '../subcommands/subcommand.ts';
import { checkedCells, fileFindings } from './checkedFile.ts';
import { CHECK_FORMATS, SEVERITIES } from './checkFormats.ts';
import { type CheckedFile, findingLines, githubLines, sarifText } from './findingReports.ts';
import { writeOutFile } from './outFile.ts';
import { sqlFiles } from './sqlFiles.ts';

const ENDINGS = ['.sql', '.ipynb'];

/** `kodiak check`: what the language server says of files, each as if it were run in an empty session. */
export async function checkCommand(given: GivenOptions, { output, errors, environment }: SubcommandContext): Promise<number> {
  if (given.words.length === 0) throw new UsageError('it needs files or folders');
  const files = sqlFiles(given.words, ENDINGS);
  const database = given.one('db');
  // Looking never makes a database.
  if (database !== undefined && database !== ':memory:' && !existsSync(database)) throw new Error(`There is no database ${database}.`);
  const out = given.one('out');
  const link = new ServerLink(databaseTarget(database, false));
  const checked: CheckedFile[] = [];
  try {
    await link.connect();
    for (const path of files) {
      const cells = cellsIn(path);
      const cwd = dirname(resolve(path));
      const sent = cells.map(({ sql, resultName }) => ({ sql, ...(resultName !== undefined && { resultName }) }));
      const found = sent.length === 0 ? { cells: [] } : await link.request(checkScript, { cells: sent, cwd });
      checked.push({ path, findings: fileFindings(cells, found.cells) });
    }
  } finally {
    link.close();
  }
  const write = (to: Output) => report(given, checked, to);
  await (out === undefined ? write(output) : writeOutFile(resolve(out), environment, write));
  const all = checked.flatMap(({ findings }) => findings);
  const bad = all.filter(({ severity }) => severity === 'error').length;
  await errors.writeLines([`${counted(files.length, 'file')}: ${counted(bad, 'error')}, ${counted(all.length - bad, 'note')}`]);
  const limit = given.choice('fail-on', SEVERITIES, 'error');
  const isBad = limit === 'error' ? bad > 0 : limit === 'info' && all.length > 0;
  return isBad ? EXIT.notAsExpected : EXIT.ok;
}

function cellsIn(path: string): ReturnType<typeof checkedCells> {
  const text = readSqlFile(path);
  try {
    return checkedCells(path, text);
  } catch (thrown) {
    throw new Error(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
  }
}

async function report(given: GivenOptions, checked: readonly CheckedFile[], output: Output): Promise<void> {
  switch (given.choice('format', CHECK_FORMATS, 'text')) {
    case 'text':
      await output.writeLines(checked.flatMap((file) => findingLines(file, output.style)));
      return;
    case 'github':
      await output.writeLines(checked.flatMap(githubLines));
      return;
    case 'sarif':
      await output.write(sarifText(checked, process.cwd(), ownVersion()));
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
