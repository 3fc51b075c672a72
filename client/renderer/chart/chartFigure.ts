import { Error as ERRORS_ONLY, type Loader, loader, parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { ChartAggregate, WireChartDrawing } from '../../../server/protocol/chart.ts';
import { create } from '../elements.ts';
import { chartSummary } from './chartText.ts';
import { chartConfig, readTheme } from './chartTheme.ts';
import { ChartTooltip } from './chartTooltip.ts';
import { type Spec, vegaSpec } from './vegaSpec.ts';

const MIN_WIDTH = 160;
const HEIGHT = 340;
const PNG_SCALE = 2;
const TRANSPARENT = 'transparent';

/** What is asked of the network: nothing. */
const noLoader: Loader = {
  ...loader(),
  load: () => Promise.reject(new Error('A chart loads nothing.')),
  sanitize: () => Promise.reject(new Error('A chart links to nothing.')),
};

/** The picture of a chart: drawn by Vega as SVG, in the colours of the theme, as wide as there is room. */
export class ChartFigure {
  readonly element = create('div', 'kodiak-chart-figure');
  /** What screen readers see of it: one picture with its description. */
  readonly #host = create('div', 'kodiak-chart-picture');
  /** Vega gives this a role and a description of its own. */
  readonly #canvas = create('div', '');
  readonly #tooltip = new ChartTooltip(this.element);
  readonly #resizes = new ResizeObserver(() => this.#resized());
  readonly #themes = new MutationObserver(() => this.#redrawSoon());
  #shown: { readonly chart: WireChartDrawing; readonly aggregate: ChartAggregate } | undefined;
  #view: View | undefined;
  #spec: Spec | undefined;
  #size = '';
  #frame = 0;

  constructor() {
    this.#host.setAttribute('role', 'img');
    this.#host.tabIndex = 0;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#host.append(this.#canvas);
    this.element.append(this.#host);
    this.#resizes.observe(this.element);
    // VS Code tells a page of a new theme by the class of its body and the variables of its root.
    for (const target of [document.body, document.documentElement]) {
      this.#themes.observe(target, { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] });
    }
  }

  get isEmpty(): boolean {
    return this.#shown === undefined;
  }

  draw(chart: WireChartDrawing, aggregate: ChartAggregate): void {
    this.#shown = { chart, aggregate };
    const summary = chartSummary(chart);
    this.#host.setAttribute('aria-label', summary);
    this.#redraw();
  }

  clear(): void {
    this.#shown = undefined;
    this.#finish();
    this.#canvas.replaceChildren();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#resizes.disconnect();
    this.#themes.disconnect();
    this.clear();
  }

  async svg(): Promise<string> {
    return await this.#onBackground((view) => view.toSVG());
  }

  /** Base64. */
  async png(): Promise<string> {
    const address = await this.#onBackground((view) => view.toImageURL('png', PNG_SCALE));
    return address.slice(address.indexOf(',') + 1);
  }

  /** The Vega-Lite specification with its data. */
  vegaLite(): string {
    this.#drawn();
    return JSON.stringify({ ...this.#spec, config: chartConfig(readTheme(this.element)) }, null, 2);
  }

  /** On the screen a chart has the background of its place; a file needs one of its own. */
  async #onBackground<T>(write: (view: View) => Promise<T>): Promise<T> {
    const view = this.#drawn();
    view.background(readTheme(this.element).background);
    await view.runAsync();
    try {
      return await write(view);
    } finally {
      await view.background(TRANSPARENT).runAsync();
    }
  }

  #drawn(): View {
    if (this.#view === undefined) throw new Error('There is no chart yet.');
    return this.#view;
  }

  #resized(): void {
    const size = this.#room();
    if (size === this.#size) return;
    this.#redrawSoon();
  }

  #room(): string {
    return `${this.element.clientWidth}×${this.element.clientHeight}`;
  }

  #redrawSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#redraw());
  }

  #redraw(): void {
    const shown = this.#shown;
    const width = this.element.clientWidth;
    if (shown === undefined || width < MIN_WIDTH) return;
    this.#finish();
    const theme = readTheme(this.element);
    const room = parseFloat(getComputedStyle(this.element).getPropertyValue('--results-grid-height'));
    const height = Number.isFinite(room) ? Math.max(MIN_WIDTH, room - 4) : HEIGHT;
    const drawn = vegaSpec(shown.chart, shown.aggregate, { width: width - 4, height, highContrast: theme.highContrast });
    this.#spec = drawn.spec;
    const config = { ...chartConfig(theme), background: TRANSPARENT };
    const { spec } = compile(drawn.spec as unknown as TopLevelSpec, { config });
    this.#host.style.minHeight = `${drawn.height}px`;
    this.#view = new View(parse(spec, {}, { ast: true }), {
      expr: expressionInterpreter,
      loader: noLoader,
      logLevel: ERRORS_ONLY,
      renderer: 'svg',
      container: this.#canvas,
      hover: false,
    });
    this.#view.tooltip((_handler, event, _item, value) => this.#tooltip.show(event, value, shown.chart));
    this.#view.run();
    this.#size = this.#room();
  }

  #finish(): void {
    this.#tooltip.hide();
    this.#view?.finalize();
    this.#view = undefined;
  }
}
