import { resolve } from 'node:path';
import { formatScript } from '../../../server/protocol/script.ts';
import { parseNotebook, writeNotebook } from '../../notebook/cellFormat.ts';
import { decodeUtf8 } from '../../notebook/decodeUtf8.ts';
import { conflictFailure } from '../../notebook/mergeConflict.ts';
import { visible, visibleLines } from '../../text/displayText.ts';
import { ServerLink } from '../serverLink.ts';
import { readSqlFile } from '../sqlFile.ts';
import { EXIT } from '../subcommands/exitCode.ts';
import type { GivenOptions } from '../subcommands/givenOptions.ts';
import { type SubcommandContext, UsageError } from '../subcommands/subcommand.ts';
import { writeOutFile } from './outFile.ts';
import { sqlFiles } from './sqlFiles.ts';

const DEFAULT_INDENT = 4;
const MAX_INDENT = 16;
const BYTE_ORDER_MARK = '\ufeff';

/** Lays a text out; `tell` is told what was left as it is. */
type Format = (text: string, tell: (message: string) => Promise<void>) => Promise<string>;

/** `kodiak format`: lays files out as the editor's Format Document does, or says which are not. */
export async function formatCommand(given: GivenOptions, context: SubcommandContext): Promise<number> {
  const { words } = given;
  const layout = indentOf(given.one('indent'));
  const isStdin = given.has('stdin');
  if (isStdin ? words.length > 0 : words.length === 0)
    throw new UsageError(isStdin ? '--stdin takes no files' : 'it needs files or folders, or --stdin');
  const files = isStdin ? [] : sqlFiles(words, ['.sql']);
  const link = new ServerLink({ kind: 'memory' });
  const format: Format = async (text, tell) => await formatted(link, text, layout, tell);
  try {
    await link.connect();
    return await (isStdin ? formatStdin(format, given.has('check'), context) : formatFiles(files, format, given.has('check'), context));
  } finally {
    link.close();
  }
}

async function formatFiles(files: readonly string[], format: Format, isCheck: boolean, context: SubcommandContext): Promise<number> {
  const { output, errors, environment } = context;
  let changed = 0;
  for (const path of files) {
    const text = readSqlFile(path, { keepMark: true });
    const after = await format(text, (message) => errors.writeLines([`${visible(path)}: ${visibleLines(message)}`]));
    if (after === text) continue;
    changed++;
    if (isCheck) await output.writeLines([visible(path)]);
    else await writeOutFile(resolve(path), environment, (file) => file.write(after));
  }
  const files_ = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  await errors.writeLines([`${files_}: ${changed} ${isCheck ? 'not formatted' : 'changed'}`]);
  return isCheck && changed > 0 ? EXIT.notAsExpected : EXIT.ok;
}

async function formatStdin(format: Format, isCheck: boolean, { output, errors }: SubcommandContext): Promise<number> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  const text = decodeUtf8(Buffer.concat(parts));
  const after = await format(text, (message) => errors.writeLines([`<stdin>: ${visibleLines(message)}`]));
  if (!isCheck) await output.write(after);
  return isCheck && after !== text ? EXIT.notAsExpected : EXIT.ok;
}

/** Each code cell for itself, as in the editor; markers, markdown and what git could not merge stay as they are. */
async function formatted(
  link: ServerLink,
  text: string,
  layout: { readonly tabSize: number; readonly insertSpaces: boolean },
  tell: (message: string) => Promise<void>,
): Promise<string> {
  const file = parseNotebook(text);
  const cells = [];
  for (const cell of file.cells) {
    if (cell.kind !== 'code' || cell.text.trim() === '') {
      cells.push(cell);
      continue;
    }
    const conflict = conflictFailure(cell.text);
    if (conflict) await tell(conflict.message);
    const { sql, refusal } = conflict ? { sql: cell.text } : await link.request(formatScript, { sql: cell.text, ...layout });
    if (refusal !== undefined) await tell(refusal);
    cells.push({ ...cell, text: sql });
  }
  const written = writeNotebook({ ...file, cells });
  return text.startsWith(BYTE_ORDER_MARK) && !written.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + written : written;
}

function indentOf(text: string | undefined): { readonly tabSize: number; readonly insertSpaces: boolean } {
  if (text === undefined) return { tabSize: DEFAULT_INDENT, insertSpaces: true };
  if (text === 'tab') return { tabSize: DEFAULT_INDENT, insertSpaces: false };
  const tabSize = Number(text);
  if (!/^\d+$/.test(text) || tabSize < 1 || tabSize > MAX_INDENT)
    throw new UsageError(`--indent takes tab, or 1 to ${MAX_INDENT}, not ${text}`);
  return { tabSize, insertSpaces: true };
}
