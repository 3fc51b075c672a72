import { type ColumnType, isNumber, parseColumnType } from '../text/columnType.ts';
import { visible } from '../text/displayText.ts';
import { plainText } from '../text/valueText.ts';
import type { ExportedNotebook, ExportedOutput, ExportedTable } from './exportedNotebook.ts';
import { fenced } from './foreignCode.ts';
import { markdownText } from './markdownText.ts';

/** A chart that stands in a file of its own beside the Markdown. */
export interface PictureFile {
  readonly name: string;
  readonly svg: string;
}

/** The notebook as Markdown, with tables as GitHub writes them. Its charts are files in `folder`, relative to it. */
export function markdownExport({ cells }: ExportedNotebook, folder: string): { readonly text: string; readonly pictures: PictureFile[] } {
  const pictures: PictureFile[] = [];
  const blocks = cells.flatMap(({ kind, text, title, outputs }) => {
    if (kind === 'markup') return [text];
    const heading = title === '' ? [] : [`**${markdownText(title)}**`];
    return [...heading, fenced(text, 'sql'), ...outputs.map((output) => outputText(output, folder, pictures))];
  });
  return { text: `${blocks.filter((block) => block.trim() !== '').join('\n\n')}\n`, pictures };
}

function outputText(output: ExportedOutput, folder: string, pictures: PictureFile[]): string {
  switch (output.kind) {
    case 'table':
      return tableText(output.table);
    case 'text':
      return fenced(output.text.split('\n').map(visible).join('\n'), 'text');
    case 'chart': {
      const name = `chart-${pictures.length + 1}.svg`;
      pictures.push({ name, svg: output.svg });
      return `![${markdownText(output.label)}](${encodeURI(folder).replaceAll(/[()]/g, '\\$&')}/${name})`;
    }
  }
}

function tableText({ columns, rows, caption }: ExportedTable): string {
  const types = columns.map(({ type }) => parseColumnType(type));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map(({ name }) => cellText(name))),
    line(types.map((type) => (isNumber(type) ? '---:' : '---'))),
    ...rows.map((row) => line(types.map((type, at) => valueText(row[at] ?? null, type)))),
  ];
  return [...lines, '', `*${markdownText(caption)}*`].join('\n');
}

function valueText(value: Parameters<typeof plainText>[0], type: ColumnType): string {
  const text = plainText(value, type);
  return text === undefined ? '*NULL*' : cellText(text);
}

/** Line breaks become visible signs: HTML is not allowed everywhere. */
function cellText(text: string): string {
  return markdownText(visible(text));
}
