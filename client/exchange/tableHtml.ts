import { isNumber, parseColumnType } from '../text/columnType.ts';
import { visible, visibleLines } from '../text/displayText.ts';
import { escapeHtml } from '../text/escapeHtml.ts';
import { plainText } from '../text/valueText.ts';
import type { ExportedTable } from './exportedNotebook.ts';

/** A result as a table in HTML; every name and value in it is escaped text. */
export function tableHtml({ columns, rows, caption }: ExportedTable): string {
  const types = columns.map(({ type }) => parseColumnType(type));
  const numeric = types.map((type) => (isNumber(type) ? ' class="number"' : ''));
  const heads = columns.map(
    ({ name, type }, at) => `<th scope="col"${numeric[at]} title="${escapeHtml(visible(type))}">${escapeHtml(visible(name))}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = types.map((type, at) => {
      const text = plainText(row[at] ?? null, type);
      return text === undefined ? '<td class="null">NULL</td>' : `<td${numeric[at]}>${escapeHtml(visibleLines(text))}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const head = `<thead><tr>${heads.join('')}</tr></thead>`;
  return `<table>\n<caption>${escapeHtml(visible(caption))}</caption>\n${head}\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`;
}
