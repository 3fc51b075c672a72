import { comment, type FileCell } from '../notebook/cellFormat.ts';
import type { ImportedCell } from './importedNotebook.ts';

/** The cells as they stand in a Kodiak file. A line that would begin another cell gets a blank before it. */
export function fileCells(cells: readonly ImportedCell[]): FileCell[] {
  return cells.map(({ kind, text, marker }) => {
    const written = kind === 'code' ? text.replaceAll(/^--[ \t]*%%/gm, ' $&') : text;
    const role = kind === 'markup' ? ' [markdown]' : '';
    const head = `-- %%${role}${marker === undefined ? '' : ` ${marker}`}\n`;
    return { kind, text: written, source: { kind, head, body: kind === 'code' ? written : comment(written, '\n'), tail: '\n\n' } };
  });
}
