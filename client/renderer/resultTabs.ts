import type { ChartAttributes } from '../../server/protocol/chart.ts';
import type { ResultOutput } from '../../server/protocol/notebookOutput.ts';
import type * as ChartModule from './chart/main.ts';
import { create } from './elements.ts';
import type { PageClient } from './pageClient.ts';
import { ProfileTab } from './profile/profileTab.ts';
import { ResultView } from './resultView.ts';
import { TabStrip } from './tabStrip.ts';

type ChartView = ReturnType<typeof ChartModule.openChart>;

/** Where the chart of a result is kept that a person chose. */
export interface ChartKeeper {
  readonly keptIn: 'cell' | 'run';
  read(resultId: string): Promise<ChartAttributes | undefined>;
  keep(resultId: string, attributes: ChartAttributes | undefined): void;
}

export interface TabParts {
  readonly pages: PageClient;
  readonly keeper: ChartKeeper;
  /** Loads the code for charts, at the first look at one. */
  loadCharts(): Promise<typeof ChartModule>;
}

/** The table is shown when nobody knows of a kept chart by then. */
const PATIENCE_MS = 300;

/** A result on the screen: its table, a chart of it and a profile of its columns, of which one is shown. */
export class ResultTabs {
  readonly element = create('div', 'kodiak-tabbed');
  readonly #parts: TabParts;
  readonly #table: ResultView;
  readonly #tableArea = create('div', 'kodiak-tab-area');
  readonly #chartArea = create('div', 'kodiak-tab-area');
  readonly #profileArea = create('div', 'kodiak-tab-area');
  readonly #strip: TabStrip;
  readonly #kept: Promise<ChartAttributes | undefined>;
  #output: ResultOutput;
  #chart: Promise<ChartView> | undefined;
  #profile: ProfileTab | undefined;
  #isAttached = false;
  #isDisposed = false;
  /** A person has chosen a tab: from then on it stays. */
  #isChosen = false;

  constructor(output: ResultOutput, parts: TabParts) {
    this.#output = output;
    this.#parts = parts;
    this.#table = new ResultView(output, parts.pages);
    this.#tableArea.append(this.#table.element);
    const tabs = [
      { name: 'table', label: 'Table', panel: this.#tableArea },
      { name: 'chart', label: 'Chart', panel: this.#chartArea },
      { name: 'profile', label: 'Profile', panel: this.#profileArea },
    ];
    this.#strip = new TabStrip('How the result is shown', tabs, () => {
      this.#isChosen = true;
      this.#show();
    });
    this.element.append(this.#strip.element, this.#tableArea, this.#chartArea, this.#profileArea);
    this.#kept = parts.keeper.read(output.resultId).catch(() => undefined);
    void this.#showKept();
  }

  /** To be called once the element is in the document, and after it was moved. */
  attached(): void {
    this.#isAttached = true;
    this.#show();
  }

  /** The same result, further on. */
  update(output: ResultOutput): void {
    this.#output = output;
    this.#table.update(output);
    this.#profile?.update(output);
    void this.#chart?.then((chart) => chart.update(output));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#table.dispose();
    this.#profile?.dispose();
    void this.#chart?.then((chart) => chart.dispose());
  }

  /** A chart that is kept is the first that is seen of the result. */
  async #showKept(): Promise<void> {
    this.#tableArea.style.visibility = 'hidden';
    const patience = setTimeout(() => this.#tableArea.style.removeProperty('visibility'), PATIENCE_MS);
    const kept = await this.#kept;
    clearTimeout(patience);
    this.#tableArea.style.removeProperty('visibility');
    if (kept === undefined || this.#isChosen || this.#isDisposed) return;
    this.#strip.selectName('chart');
    this.#show();
  }

  #show(): void {
    if (!this.#isAttached) return;
    const { selected } = this.#strip;
    if (selected !== 'profile') this.#profile?.hidden();
    if (selected === 'chart') void this.#showChart();
    else if (selected === 'profile') this.#showProfile();
    else this.#table.attached();
    this.#laidOut();
  }

  async #showChart(): Promise<void> {
    this.#chart ??= this.#openChart();
    try {
      const chart = await this.#chart;
      if (!this.#isDisposed && this.#strip.selected === 'chart') chart.shown();
    } catch (error) {
      this.#chart = undefined;
      this.#chartArea.textContent = `The code for charts could not be loaded: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#laidOut();
  }

  #showProfile(): void {
    if (this.#profile === undefined) {
      this.#profile = new ProfileTab(this.#output, this.#parts.pages);
      this.#profileArea.append(this.#profile.element);
    }
    this.#profile.shown();
  }

  /** The panel gives what is shown now the height that it has. */
  #laidOut(): void {
    this.element.dispatchEvent(new Event('kodiak-layout', { bubbles: true }));
  }

  async #openChart(): Promise<ChartView> {
    const { pages, keeper, loadCharts } = this.#parts;
    const [{ openChart }, attributes] = await Promise.all([loadCharts(), this.#kept]);
    const { resultId } = this.#output;
    const chart = openChart({
      output: this.#output,
      pages,
      attributes,
      keptIn: keeper.keptIn,
      keep: (kept) => keeper.keep(resultId, kept),
    });
    if (this.#isDisposed) chart.dispose();
    else this.#chartArea.replaceChildren(chart.element);
    return chart;
  }
}
