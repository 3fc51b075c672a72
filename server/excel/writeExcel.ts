import { open } from 'node:fs/promises';
import { KodiakError } from '../../engine/base/errors.ts';
import { writeWholeFile } from '../../engine/base/wholeFile.ts';
import type { Column, Row } from '../../engine/types.ts';
import { columnName, escapeXml, headXml, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, rowXml } from './sheetCells.ts';
import { ZipFile } from './zipFile.ts';

/** Rows to be written, a page at a time. */
export interface ExcelSource {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  page(offset: number, limit: number): Promise<Row[]>;
}

export interface ExcelOptions {
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (percent: number) => void;
}

/** Cells of one page: so many are in memory at once. */
const PAGE_CELLS = 50_000;
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/**
 * Writes rows as a workbook with one sheet. Rows go from pages to the packed file, so a large result needs no more memory than a
 * small one; the library for Excel that there is would hold all rows and the whole sheet as one text.
 */
export async function writeExcel(path: string, source: ExcelSource, options: ExcelOptions): Promise<{ rows: number; bytes: number }> {
  const { columns, rowCount } = source;
  if (rowCount > MAX_SHEET_ROWS - 1) {
    throw new KodiakError(
      'limit',
      `A sheet of Excel takes ${MAX_SHEET_ROWS - 1} rows below its head, and there are ${rowCount}: write CSV or Parquet, or filter the rows.`,
    );
  }
  if (columns.length > MAX_SHEET_COLUMNS) {
    throw new KodiakError(
      'limit',
      `A sheet of Excel takes ${MAX_SHEET_COLUMNS} columns, and there are ${columns.length}: write CSV or Parquet.`,
    );
  }
  const { bytes } = await writeWholeFile(path, options.overwrite, async (temporaryPath) => {
    const file = await open(temporaryPath, 'wx');
    try {
      const zip = new ZipFile(file);
      for (const [name, text] of Object.entries(FIXED_PARTS)) await zip.add(name, [text]);
      await zip.add('xl/worksheets/sheet1.xml', sheetXml(source, options));
      await zip.end();
    } finally {
      await file.close();
    }
  });
  return { rows: rowCount, bytes };
}

async function* sheetXml({ columns, rowCount, page }: ExcelSource, { signal, onProgress }: ExcelOptions): AsyncGenerator<string> {
  const names = columns.map(({ name }) => name);
  const types = columns.map(({ type }) => type);
  const size = `A1:${columnName(columns.length - 1)}${rowCount + 1}`;
  yield `${XML}<worksheet xmlns="${MAIN}"><dimension ref="${size}"/><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`;
  yield columns
    .map(({ name, type }, index) => `<col min="${index + 1}" max="${index + 1}" width="${widthOf(name, type)}" customWidth="1"/>`)
    .join('');
  yield `</cols><sheetData>${headXml(names)}`;
  const pageRows = Math.max(1, Math.floor(PAGE_CELLS / columns.length));
  for (let offset = 0; offset < rowCount; offset += pageRows) {
    if (signal.aborted) throw new KodiakError('cancelled', 'The export was cancelled.');
    const rows = await page(offset, Math.min(pageRows, rowCount - offset));
    yield rows.map((row, index) => rowXml(row, offset + index + 2, names, types)).join('');
    onProgress(Math.min(100, ((offset + rows.length) / rowCount) * 100));
  }
  if (signal.aborted) throw new KodiakError('cancelled', 'The export was cancelled.');
  yield '</sheetData></worksheet>';
}

function widthOf(name: string, type: string): number {
  const values = /^TIMESTAMP/.test(type) ? 20 : type === 'VARCHAR' ? 18 : 11;
  return Math.min(60, Math.max(values, name.length + 2));
}

const FIXED_PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' +
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
  '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Result" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>` +
    `<Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml':
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>` +
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/><numFmt numFmtId="166" formatCode="hh:mm:ss.000"/>' +
    `<numFmt numFmtId="167" formatCode="${escapeXml('yyyy\\-mm\\-dd\\ hh:mm:ss.000\\ "UTC"')}"/></numFmts>` +
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">' +
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
    [164, 165, 166, 167]
      .map((format) => `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
      .join('') +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
};
