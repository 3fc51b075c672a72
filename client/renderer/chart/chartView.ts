import type { ChartAttributes, ChartFileFormat, WireChartRefusal, WireChartSpec } from '../../../server/protocol/chart.ts';
import type { ResultOutput } from '../../../server/protocol/notebookOutput.ts';
import { button, create, setText } from '../elements.ts';
import type { PageClient } from '../pageClient.ts';
import { PageFailure } from '../shared.ts';
import { chartAttributes, readChart } from './chartAttributes.ts';
import { ChartControls } from './chartControls.ts';
import { ChartFigure } from './chartFigure.ts';
import { ExportMenu } from './exportMenu.ts';
import { firstChart } from './firstChart.ts';

/** Where a chart that a person has chosen is kept, and how to get at what it draws. */
export interface ChartParts {
  readonly output: ResultOutput;
  readonly pages: PageClient;
  /** The chart that is kept, if one is. */
  readonly attributes: ChartAttributes | undefined;
  /** Keeps a chart, or none any more. */
  keep(attributes: ChartAttributes | undefined): void;
  /** `cell`: it is written into the notebook, and shown first there; `run`: it lasts as long as the result. */
  readonly keptIn: 'cell' | 'run';
}

/** Nothing is said of work that is done sooner. */
const PATIENCE_MS = 250;

/** A result as a chart: its choices, its picture, and what is said about it. */
export class ChartView {
  readonly element = create('section', 'kodiak-chart');
  readonly #parts: ChartParts;
  readonly #columns: ResultOutput['columns'];
  readonly #controls: ChartControls | undefined;
  readonly #figure = new ChartFigure();
  readonly #menu = new ExportMenu(this.element, (format) => void this.#export(format));
  readonly #keepsBox = create('input', '');
  readonly #status = create('div', 'kodiak-chart-status');
  readonly #notes = create('ul', 'kodiak-chart-notes');
  readonly #cancel: HTMLButtonElement;
  readonly #actions = create('span', 'kodiak-chart-actions');
  #output: ResultOutput;
  #spec: WireChartSpec | undefined;
  #abort: AbortController | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** Names the rows that are drawn. */
  #rows: string | undefined;

  constructor(parts: ChartParts) {
    this.#parts = parts;
    this.#output = parts.output;
    this.#columns = parts.output.columns;
    const kept = readChart(parts.attributes, this.#columns);
    this.#spec = kept?.spec ?? firstChart(this.#columns, parts.output.preview);
    this.#controls = this.#spec && new ChartControls(this.#columns, this.#spec, (spec) => this.#choose(spec));
    this.#cancel = button('kodiak-button kodiak-small kodiak-quiet', 'Cancel', 'Stop the work for this chart', () => this.#abort?.abort());
    this.#status.setAttribute('role', 'status');
    this.#notes.setAttribute('aria-label', 'About this chart');
    const head = create('div', 'kodiak-chart-head');
    if (this.#controls) head.append(this.#controls.element);
    const tools = create('div', 'kodiak-chart-tools');
    if (parts.keptIn === 'cell' && this.#controls) tools.append(this.#keepsLabel(kept !== undefined));
    tools.append(this.#menu.element);
    head.append(tools);
    const said = create('div', 'kodiak-chart-said');
    this.#cancel.hidden = true;
    said.append(this.#status, this.#actions, this.#cancel);
    this.element.append(head, said, this.#figure.element, this.#notes);
    this.#menu.setEnabled(false);
    this.#setNotes(kept?.problems ?? []);
    if (this.#spec === undefined) this.#say('No column of this result can be drawn: a chart needs numbers, times, texts or booleans.');
  }

  /** To be called when the chart comes on the screen: only then it is computed. */
  shown(): void {
    void this.#draw(true);
  }

  /** The same result, further on. */
  update(output: ResultOutput): void {
    this.#output = output;
  }

  dispose(): void {
    this.#abort?.abort();
    clearTimeout(this.#patience);
    this.#figure.dispose();
  }

  #keepsLabel(keeps: boolean): HTMLElement {
    const label = create('label', 'kodiak-chart-keeps');
    this.#keepsBox.type = 'checkbox';
    this.#keepsBox.checked = keeps;
    this.#keepsBox.addEventListener('change', () => this.#keep(this.#keepsBox.checked));
    label.title = 'Keep this chart in the first line of the cell, and show it before the table';
    label.append(this.#keepsBox, 'Show first');
    return label;
  }

  /** What a person chooses by hand is kept. */
  #choose(spec: WireChartSpec): void {
    this.#spec = spec;
    this.#keep(true);
    void this.#draw();
  }

  #keep(keeps: boolean): void {
    this.#keepsBox.checked = keeps;
    this.#parts.keep(keeps && this.#spec ? chartAttributes(this.#spec, this.#columns) : undefined);
  }

  /** With `again`, only where the table shows other rows than those that are drawn. */
  async #draw(again = false): Promise<void> {
    const spec = this.#spec;
    if (spec === undefined || (again && this.#abort !== undefined)) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#waiting();
    try {
      const { chart, rows, isView } = await this.#parts.pages.chart(
        this.#output.resultId,
        spec,
        again ? this.#rows : undefined,
        abort.signal,
      );
      if (this.#abort !== abort) return;
      this.#done(chart !== undefined);
      if (chart === undefined) return;
      this.#rows = rows;
      if (chart.kind === 'refused') {
        this.#refuse(chart);
        return;
      }
      this.#figure.element.hidden = false;
      this.#figure.draw(chart, spec.aggregate);
      this.#menu.setEnabled(true);
      this.#setNotes([...(isView ? [`Of the ${chart.rowCount.toLocaleString('en-US')} rows that the table shows.`] : []), ...chart.notes]);
    } catch (error) {
      if (this.#abort !== abort) return;
      this.#done();
      this.#fail(error);
    }
  }

  #waiting(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      const rows = this.#output.rowCount.toLocaleString('en-US');
      this.#say(this.#output.complete ? `Summing up ${rows} rows…` : 'Waiting for all rows of the result…');
      this.#actions.replaceChildren();
      this.#cancel.hidden = false;
    }, PATIENCE_MS);
  }

  /** What was said before stays where nothing new came. */
  #done(isNew = true): void {
    clearTimeout(this.#patience);
    this.#abort = undefined;
    this.#cancel.hidden = true;
    if (!isNew) return;
    this.#actions.replaceChildren();
    this.#say('');
  }

  #refuse({ reason, instead }: WireChartRefusal): void {
    this.#empty();
    this.#say(reason);
    if (instead === undefined) return;
    const label = instead.mark === this.#spec?.mark ? 'Draw that' : `Draw ${instead.mark === 'bar' ? 'bars' : `a ${instead.mark}`}`;
    this.#actions.append(
      button('kodiak-button kodiak-small', label, 'Draw what is proposed', () => {
        this.#controls?.set(instead);
        this.#choose(instead);
      }),
    );
  }

  #fail(error: unknown): void {
    this.#empty();
    this.#rows = undefined;
    const gone = error instanceof PageFailure && error.gone;
    this.#say(error instanceof Error ? error.message : String(error));
    const again = gone
      ? button('kodiak-button kodiak-small', 'Run again', 'Run it again to get its rows', () =>
          this.#parts.pages.runAgain(this.#output.resultId),
        )
      : button('kodiak-button kodiak-small', 'Draw again', 'Try again', () => void this.#draw());
    this.#actions.append(again);
  }

  #empty(): void {
    this.#figure.clear();
    this.#figure.element.hidden = true;
    this.#menu.setEnabled(false);
    this.#setNotes([]);
  }

  async #export(format: ChartFileFormat): Promise<void> {
    try {
      const content = format === 'svg' ? await this.#figure.svg() : format === 'png' ? await this.#figure.png() : this.#figure.vegaLite();
      this.#parts.pages.exportChart(this.#output.resultId, format, content);
    } catch (error) {
      this.#say(`The chart could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #say(text: string): void {
    setText(this.#status, text);
  }

  #setNotes(notes: readonly string[]): void {
    this.#notes.replaceChildren(
      ...notes.map((note) => {
        const item = create('li', '');
        item.textContent = note;
        return item;
      }),
    );
    this.#notes.hidden = notes.length === 0;
  }
}
