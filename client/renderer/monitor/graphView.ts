import uPlot from 'uplot';
import { ACTIVITY_MS } from '../../../server/protocol/activity.ts';
import { type ActivityGraph, formatValue, type GraphSeries, graphText, type Unit } from '../../monitor/activityGraphs.ts';
import { clockTime } from '../../monitor/statsText.ts';
import { create, setText, svg } from '../elements.ts';
import { colourOf, type GraphTheme } from './graphTheme.ts';

const HEIGHT = 118;
const MIN_WIDTH = 120;
/** What is known of the last 15 minutes takes the whole width, but so many seconds at least. */
const MIN_RANGE_S = 60;
/** Over a shorter time, seconds are written, too. */
const SECONDS_RANGE_S = 240;
/** A limit is drawn when the lines come this near to it. */
const NEAR = 0.6;
/** Steps of an axis of bytes: 1, 2, 4 … of each unit. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

interface LegendEntry {
  readonly value: HTMLElement;
  readonly label: string;
}

/** One graph with its title, its figures and a legend that shows the values of now, or of the moment under the pointer or the cursor. */
export class GraphView {
  readonly element = create('section', 'monitor-graph');
  readonly #theme: () => GraphTheme;
  readonly #now = create('span', 'monitor-now');
  readonly #figure = create('div', 'monitor-figure');
  readonly #legend = create('ul', 'monitor-legend');
  readonly #notes = create('p', 'monitor-notes');
  #plot: uPlot | undefined;
  #graph: ActivityGraph | undefined;
  #times: number[] = [];
  #entries: LegendEntry[] = [];

  constructor(id: string, title: string, theme: () => GraphTheme) {
    this.#theme = theme;
    const heading = create('h3', 'monitor-title');
    heading.id = `monitor-${id}`;
    heading.textContent = title;
    this.element.dataset['graph'] = id;
    this.element.setAttribute('aria-labelledby', heading.id);
    const head = create('div', 'monitor-graph-head');
    head.append(heading, this.#now);
    this.#figure.setAttribute('role', 'img');
    this.#figure.tabIndex = 0;
    this.#figure.addEventListener('keydown', (event) => this.#pressed(event));
    this.#figure.addEventListener('blur', () => this.#plot?.setCursor({ left: -10, top: -10 }));
    this.element.append(head, this.#figure, this.#legend, this.#notes);
    new ResizeObserver(() => this.#resize()).observe(this.#figure);
  }

  /** Times are Unix milliseconds. */
  show(graph: ActivityGraph, times: readonly number[]): void {
    this.#graph = graph;
    this.#times = times.map((at) => at / 1000);
    setText(this.#notes, graph.notes.join(' · '));
    // Not spoken as it changes: only read when it is come to. A moment that was gone to stays.
    if (this.#plot?.cursor.idx == null) this.#figure.setAttribute('aria-label', graphText(graph));
    this.#plot ??= this.#make(graph);
    const data = [this.#times, ...graph.series.map(({ values }) => values)] as uPlot.AlignedData;
    this.#plot.setData(data);
    this.#tell(this.#plot.cursor.idx ?? undefined);
  }

  /** The theme is another one. */
  recolour(): void {
    this.#drawLegend();
    this.#plot?.redraw(false, true);
  }

  #make(graph: ActivityGraph): uPlot {
    this.#drawLegend();
    const ink = () => this.#theme().text;
    const grid = { stroke: () => this.#theme().grid, width: 1 };
    const [left] = graph.series.filter(({ side }) => side === 'left');
    const right = graph.series.find(({ side }) => side === 'right');
    const font = `${this.#theme().fontSize}px ${this.#theme().fontFamily}`;
    const axis = { stroke: ink, grid, ticks: { show: false }, font, gap: 4 };
    const valueAxis = (unit: Unit): uPlot.Axis => ({
      ...axis,
      size: 58,
      space: 28,
      values: (_plot, splits) => splits.map((value) => formatValue(value, unit)),
      ...(unit === 'bytes' && { incrs: BYTE_STEPS }),
      ...(unit === 'count' && { incrs: COUNT_STEPS, size: 34 }),
      ...(unit === 'share' && { splits: () => [0, 0.5, 1], size: 44 }),
    });
    const range = (unit: Unit) => (_plot: uPlot, _min: number, max: number) => this.#range(unit, max);
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    return new uPlot(
      {
        width: Math.max(MIN_WIDTH, this.#figure.clientWidth),
        height: HEIGHT,
        padding: [8, right ? 0 : 10, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { time: true, range: () => this.#timeRange() },
          left: { range: range(left?.unit ?? 'count') },
          ...(right && { right: { range: range(right.unit) } }),
        },
        axes: [
          { ...axis, size: 22, space: 70, values: (_plot, splits) => this.#clockTimes(splits) },
          { ...valueAxis(left?.unit ?? 'count'), scale: 'left' },
          ...(right ? [{ ...valueAxis(right.unit), scale: 'right', side: 1, grid: { show: false } }] : []),
        ],
        series: [
          {},
          ...graph.series.map(
            (line, index): uPlot.Series => ({
              scale: line.side,
              stroke: () => colourOf(this.#theme(), index),
              width: 1.6,
              dash: [...line.dash],
              points: { show: (plot) => plot.data[0].length < 2 },
              ...(line.unit === 'count' && stepped && { paths: stepped }),
            }),
          ),
        ],
        hooks: { draw: [(plot) => this.#drawMarks(plot)], setCursor: [(plot) => this.#tell(plot.cursor.idx ?? undefined)] },
      },
      [[], ...graph.series.map(() => [])] as unknown as uPlot.AlignedData,
      this.#figure,
    );
  }

  #timeRange(): [number, number] {
    const last = this.#times.at(-1) ?? 0;
    const first = this.#times[0] ?? last;
    return [Math.max(last - ACTIVITY_MS / 1000, Math.min(first, last - MIN_RANGE_S)), last];
  }

  #clockTimes(splits: readonly number[]): string[] {
    const [first, last] = this.#timeRange();
    const length = last - first < SECONDS_RANGE_S ? 8 : 5;
    return splits.map((at) => clockTime(at * 1000).slice(0, length));
  }

  /** From nothing to a little more than the highest, and to a limit that is near. */
  #range(unit: Unit, highest: number): [number, number] {
    if (unit === 'share') return [0, 1.02];
    const floor = unit === 'count' ? 2 : 1;
    let top = Math.max(floor, (Number.isFinite(highest) ? highest : 0) * 1.1);
    for (const { value } of this.#graph?.limits ?? []) if (value > 0 && highest >= value * NEAR) top = Math.max(top, value * 1.05);
    return [0, top];
  }

  /** Limits as lines across, clean-ups as marks at their time. */
  #drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const theme = this.#theme();
    const scale = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = theme.limit;
    ctx.fillStyle = theme.limit;
    ctx.font = `${theme.fontSize * scale}px ${theme.fontFamily}`;
    ctx.lineWidth = scale;
    for (const { label, value } of this.#graph?.limits ?? []) {
      const top = plot.scales['left']?.max ?? 0;
      if (value <= 0 || value > top) continue;
      const y = plot.valToPos(value, 'left', true);
      ctx.setLineDash([6 * scale, 3 * scale]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.fillText(label, bbox.left + 4 * scale, y + (theme.fontSize + 2) * scale);
    }
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.mark;
    ctx.fillStyle = theme.mark;
    for (const { at } of this.#graph?.marks ?? []) {
      const x = plot.valToPos(at / 1000, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + 7 * scale);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 5 * scale, bbox.top);
      ctx.lineTo(x + 5 * scale, bbox.top);
      ctx.lineTo(x, bbox.top + 8 * scale);
      ctx.fill();
    }
    ctx.restore();
  }

  #drawLegend(): void {
    const graph = this.#graph;
    if (!graph) return;
    this.#entries = [];
    const items = graph.series.map((line, index) => {
      const item = create('li', 'monitor-legend-item');
      const value = create('span', 'monitor-legend-value');
      item.append(swatch(line, colourOf(this.#theme(), index)), value);
      this.#entries.push({ value, label: line.label });
      return item;
    });
    if (graph.id === 'memory') items.push(cleanUpSign(this.#theme().mark));
    this.#legend.replaceChildren(...items);
    this.#tell(this.#plot?.cursor.idx ?? undefined);
  }

  /** The values of a moment, by its index; of now without one. */
  #tell(index: number | undefined): void {
    const graph = this.#graph;
    if (!graph) return;
    const at = index ?? this.#times.length - 1;
    const time = index === undefined ? undefined : this.#times[index];
    // In the place of the figures: a line that comes and goes would move what is about to be clicked.
    setText(this.#now, time === undefined ? graph.now : `at ${clockTime(time * 1000)}`);
    for (const [place, { value, label }] of this.#entries.entries()) {
      const line = graph.series[place];
      const one = line?.values[at];
      setText(value, `${label} ${line === undefined || one === undefined || one === null ? '–' : formatValue(one, line.unit)}`);
    }
  }

  /** Arrows move through the moments, as the pointer does. */
  #pressed(event: KeyboardEvent): void {
    const plot = this.#plot;
    if (!plot || this.#times.length === 0) return;
    const last = this.#times.length - 1;
    const at = plot.cursor.idx ?? last;
    const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const time = this.#times[Math.min(Math.max(0, step), last)] ?? 0;
    plot.setCursor({ left: plot.valToPos(time, 'x'), top: 10 });
    const said = this.#entries.map(({ value }) => value.textContent).join(', ');
    this.#figure.setAttribute('aria-label', `${this.#graph?.title ?? ''} ${this.#now.textContent}: ${said}`);
  }

  #resize(): void {
    const width = Math.floor(this.#figure.clientWidth);
    if (this.#plot && width >= MIN_WIDTH && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }
}

/** A piece of a line as the graph has it. */
function swatch({ dash }: GraphSeries, colour: string): SVGElement {
  const picture = svg('svg', { class: 'monitor-swatch', width: '26', height: '10', viewBox: '0 0 26 10', 'aria-hidden': 'true' });
  picture.append(svg('path', { d: 'M1 5H25', stroke: colour, 'stroke-width': '2', 'stroke-dasharray': dash.join(' '), fill: 'none' }));
  return picture;
}

function cleanUpSign(colour: string): HTMLLIElement {
  const item = create('li', 'monitor-legend-item');
  const picture = svg('svg', { class: 'monitor-swatch', width: '12', height: '10', viewBox: '0 0 12 10', 'aria-hidden': 'true' });
  picture.append(svg('path', { d: 'M1 1H11L6 9Z', fill: colour }));
  const text = document.createElement('span');
  text.textContent = 'clean-up';
  item.append(picture, text);
  return item;
}
