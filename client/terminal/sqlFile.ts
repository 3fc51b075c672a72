import { readFileSync } from 'node:fs';
import { decodeUtf8 } from '../notebook/decodeUtf8.ts';
import { conflictFailure } from '../notebook/mergeConflict.ts';
import { readCells } from '../notebook/readCells.ts';
import { visibleLines } from '../text/displayText.ts';
import type { Style } from '../text/style.ts';
import { runAssertCell } from './assertCell.ts';
import { formatFailure } from './failureText.ts';
import type { Outcome, Shell } from './shell.ts';

/** Without a byte order mark, unless it is to stay. Throws an error that names what is wrong in a reader's words. */
export function readSqlFile(file: string, { keepMark = false } = {}): string {
  try {
    const text = decodeUtf8(readFileSync(file));
    return keepMark ? text : text.replace(/^\ufeff/, '');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Error(`There is no file ${file}.`, { cause: thrown });
    if (code === 'EISDIR') throw new Error(`${file} is a folder.`, { cause: thrown });
    if (code === undefined && thrown instanceof Error) throw new Error(`${file}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

/** Runs a script, or the cells of a notebook, until a statement or an assertion fails. */
export async function runSqlFile(shell: Shell, name: string, text: string, signal: AbortSignal): Promise<Outcome> {
  for (const cell of readCells(text)) {
    if (cell.kind === 'markdown') {
      if (shell.format === 'box') await shell.output.write(`\n${markdownText(cell.text, shell.output.style)}\n\n`);
      continue;
    }
    const conflict = conflictFailure(cell.text);
    if (conflict !== undefined) {
      await shell.errors.writeLines(formatFailure(conflict, { name, text }, cell.start, shell.errors.style));
      return 'failed';
    }
    const isAssertion = cell.marker.role === 'assert';
    const outcome = isAssertion
      ? await runAssertCell(shell, { name, text }, cell, cell.marker.title, signal)
      : await shell.runText({ name, text }, signal, cell);
    if (outcome !== 'done') return outcome;
  }
  return 'done';
}

/** Markdown as it is, with headings that stand out. */
export function markdownText(text: string, style: Style): string {
  return visibleLines(text)
    .split('\n')
    .map((line) => (/^#{1,6} /.test(line) ? style.bold(style.cyan(line)) : line))
    .join('\n');
}
