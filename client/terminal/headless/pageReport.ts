import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { WireChart, WireChartSpec } from '../../../server/protocol/chart.ts';
import { drawnChart } from '../../exchange/drawnChart.ts';
import type { CellToExport, OutputItems } from '../../exchange/exportedNotebook.ts';
import { givesRows, planOutputs } from '../../notebook/resultOutput.ts';
import { createStyle } from '../../text/style.ts';
import { formatFailure } from '../failureText.ts';
import type { Output } from '../output.ts';
import type { CellOutcome } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';
import type { RunReport } from './runReport.ts';

/** What lies in `dist/client/notebookPage.js`. */
interface PageModule {
  htmlPage(path: string, cells: readonly CellToExport[]): string;
  markdownPage(
    path: string,
    cells: readonly CellToExport[],
    folder: string | undefined,
  ): { readonly text: string; readonly pictures: readonly { readonly name: string; readonly svg: string }[] };
}

export interface PageReportOptions {
  readonly file: string;
  readonly format: 'markdown' | 'html';
  readonly output: Output;
  /** Where the page will lie; undefined for standard output. */
  readonly path: string | undefined;
  readonly readChart: (resultId: string, spec: WireChartSpec) => Promise<WireChart>;
}

const CLIENT = join(__dirname, '..');
/** Of the engine's failure, for pages that are in no terminal. */
const PLAIN = createStyle(false);

/** The notebook with what its cells gave as one page: HTML that needs neither network nor script, or Markdown. */
export class PageReport implements RunReport {
  readonly #options: PageReportOptions;
  readonly #cells: CellToExport[] = [];

  constructor(options: PageReportOptions) {
    this.#options = options;
  }

  async cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void> {
    const { kind, text, source } = cell;
    const statements = outcome?.run?.statements ?? [];
    const outputs: OutputItems[] = planOutputs(statements).map(({ items }) => items);
    if (outcome?.run?.nameProblem !== undefined) outputs.push([{ mime: 'text/plain', text: outcome.run.nameProblem }]);
    if (outcome?.run?.verdict?.state === 'passed') outputs.unshift([{ mime: 'text/plain', text: '✓ passed' }]);
    const complaint = this.#complaint(outcome);
    if (complaint !== undefined) outputs.push([errorItem(complaint)]);
    const pictures = [];
    for (const { result } of statements.filter(givesRows)) {
      const draw = (spec: WireChartSpec) => this.#options.readChart(result.resultId, spec);
      const picture = await drawnChart(join(CLIENT, 'chartPicture.js'), cell.marker, result.columns, draw);
      if (picture) pictures.push(picture);
    }
    this.#cells.push({ kind, text, source, outputs, pictures });
  }

  async end(): Promise<void> {
    const { file, format, output, path } = this.#options;
    const script = join(CLIENT, 'notebookPage.js');
    const { htmlPage, markdownPage } = createRequire(script)(script) as PageModule;
    if (format === 'html') {
      await output.write(htmlPage(file, this.#cells));
      return;
    }
    const folder = path === undefined ? undefined : `${basename(path).replace(/\.[^.]*$/, '')}-files`;
    const { text, pictures } = markdownPage(file, this.#cells, folder);
    if (path !== undefined && folder !== undefined && pictures.length > 0) {
      const place = join(dirname(path), folder);
      mkdirSync(place, { recursive: true });
      for (const { name, svg } of pictures) writeFileSync(join(place, name), svg);
    }
    await output.write(text);
  }

  #complaint(outcome: CellOutcome | undefined): string | undefined {
    if (outcome === undefined) return undefined;
    const { cell, run, reason } = outcome;
    if (run === undefined) return `Not run: ${reason ?? outcome.state}.`;
    if (run.failure === undefined) return undefined;
    const source = { name: basename(this.#options.file), text: cell.text, linesBefore: cell.linesBefore };
    return formatFailure(run.failure, source, 0, PLAIN).join('\n');
  }
}

function errorItem(text: string): OutputItems[number] {
  return { mime: 'application/vnd.code.notebook.error', text: JSON.stringify({ name: 'Error', message: text, stack: text }) };
}
