import {
  CHART_ATTRIBUTES,
  CHART_MARKS,
  type ChartAttributes,
  type ChartMark,
  type WireChart,
  type WireChartSpec,
} from '../../../server/protocol/chart.ts';
import { cancelQuery, chartResult } from '../../../server/protocol/requests.ts';
import { readChart } from '../../renderer/chart/chartAttributes.ts';
import { columnRole, firstChart } from '../../renderer/chart/firstChart.ts';
import { chartText } from '../../text/chartText.ts';
import { visible } from '../../text/displayText.ts';
import type { LastResult, Shell } from '../shell.ts';
import { type CommandOutcome, type DotCommand, say, WrongUsage } from './dotCommand.ts';

/** Where there is no terminal. */
const WIDTH = 80;
const HEIGHT = 24;

export const CHART: DotCommand = {
  name: 'chart',
  usage: '[MARK] [X [Y …]] [NAME=VALUE …]',
  summary: 'draw the last result in the terminal',
  explanation:
    'MARK is bar, line, area, scatter, histogram, heatmap, box or pie, which becomes bars; X and Y are columns. What is left out is chosen by the types of the columns. Other attributes are those of a notebook’s cells: color, facet, agg (sum, avg, min, max, median, count, none), unit, bins. All rows count, not only those that were shown.',
  example: [
    '.chart',
    '.chart line day total',
    '.chart bar region amount agg=avg',
    '.chart histogram amount bins=20',
    '.chart box region amount',
  ],
  takes: [0, 30],
  run: (shell, words, signal) => drawLast(shell, words, signal),
};

let drawn = 0;

async function drawLast(shell: Shell, words: readonly string[], signal: AbortSignal): Promise<CommandOutcome> {
  const { last } = shell;
  if (!last) return say(shell, 'There is no result yet.');
  const spec = specOf(last, words);
  const { resultId } = last.outcome.result;
  const runId = `${process.pid}-chart-${++drawn}`;
  const ask = (wanted: WireChartSpec): Promise<WireChart> => shell.link.request(chartResult, { resultId, spec: wanted, runId });
  const cancel = () => void shell.link.request(cancelQuery, { runId }).catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    let chart = await ask(spec);
    if (chart.kind === 'refused' && chart.instead) {
      await shell.errors.writeLines([shell.errors.style.dim(visible(chart.reason))]);
      chart = await ask(chart.instead);
    }
    if (chart.kind === 'refused') throw new Error(chart.reason);
    const { width = WIDTH, height = HEIGHT, style } = shell.output;
    return say(shell, ...chartText(chart, { width, height: Math.max(8, height - 4), style }));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** What is typed, and for the rest what the columns suggest. */
function specOf({ outcome }: LastResult, words: readonly string[]): WireChartSpec {
  const { columns, preview } = outcome.result;
  const named = words.flatMap((word) => word.match(/^([a-z]\w*)=(.*)$/is)?.slice(1, 3) ?? []);
  const attributes: Record<string, string> = {};
  for (let at = 0; at < named.length; at += 2) attributes[named[at] ?? ''] = named[at + 1] ?? '';
  const unknown = Object.keys(attributes).find((name) => !CHART_ATTRIBUTES.includes(name));
  if (unknown !== undefined) throw new WrongUsage(`There is no attribute ${unknown}; there are ${CHART_ATTRIBUTES.slice(1).join(', ')}.`);
  const plain = words.filter((word) => !/^[a-z]\w*=/i.test(word));
  const mark = CHART_MARKS.find((known) => known === (attributes['chart'] ?? plain[0])?.toLowerCase());
  if (mark !== undefined && attributes['chart'] === undefined) plain.shift();
  const [x, ...ys] = plain;
  if (x !== undefined) attributes['x'] = x;
  for (const [at, y] of ys.entries()) attributes[at === 0 ? 'y' : `y${at + 1}`] = y;
  const first = firstChart(columns, preview);
  const chooses = ['x', 'y', 'color'].some((name) => attributes[name] !== undefined);
  if (!chooses) return suggested(first, mark, attributes, columns);
  const typeOfX = columns.find(({ name }) => name === attributes['x'])?.type ?? '';
  const guessed =
    attributes['y'] === undefined && columnRole(typeOfX) === 'number' ? 'histogram' : columnRole(typeOfX) === 'time' ? 'line' : 'bar';
  return read({ ...attributes, chart: mark ?? guessed }, columns);
}

function suggested(
  first: WireChartSpec | undefined,
  mark: ChartMark | undefined,
  attributes: ChartAttributes,
  columns: LastResult['outcome']['result']['columns'],
): WireChartSpec {
  if (!first) throw new Error('Nothing of this result can be drawn: it has no column of numbers, times or categories.');
  const { aggregate, unit, bins } = read({ ...attributes, chart: mark ?? first.mark }, columns);
  const chosen = {
    ...first,
    ...(attributes['agg'] !== undefined && { aggregate }),
    ...(unit !== undefined && { unit }),
    ...(bins !== undefined && { bins }),
  };
  if (mark === undefined || mark === first.mark) return chosen;
  const x = first.y?.[0] ?? first.x;
  return mark === 'histogram'
    ? { mark, aggregate: 'count', ...(x !== undefined && { x }), ...(bins !== undefined && { bins }) }
    : { ...chosen, mark };
}

function read(attributes: ChartAttributes, columns: LastResult['outcome']['result']['columns']): WireChartSpec {
  const chart = readChart(attributes, columns);
  if (!chart) throw new WrongUsage();
  const [problem] = chart.problems;
  if (problem !== undefined) throw new WrongUsage(problem.replace(/, which the cell names for/, '; it was given for'));
  return chart.spec;
}
