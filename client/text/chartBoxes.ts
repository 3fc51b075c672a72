import type { WireChartDrawing } from '../../server/protocol/chart.ts';
import { atBothEnds, axisText, extent, numberOf, numberText, type Point, placeIn, rangeText, titleText } from './chartAxisText.ts';
import type { ChartFrame } from './chartText.ts';
import { cutToWidth, displayWidth, fitToWidth } from './displayText.ts';

const LEAST_ROOM = 12;

interface Box {
  readonly label: string;
  readonly low: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly high: number;
  readonly outliers: number[];
}

/** Boxes that lie, one below the other on one scale: whiskers, quartiles with the median, and points beyond; the median in digits behind. */
export function boxLines(chart: WireChartDrawing, points: readonly Point[], { width, style }: ChartFrame): string[] {
  const boxes = boxesOf(chart, points);
  const scale = extent(boxes.flatMap(({ low, high, outliers }) => [low, high, ...outliers]));
  const { x, y } = chart.axes;
  if (!scale || !x || !y) return ['There is nothing to draw.'];
  const labelWidth = Math.min(Math.floor(width * 0.35), Math.max(0, ...boxes.map(({ label }) => displayWidth(label))));
  const medians = boxes.map(({ median }) => numberText(median));
  const room = Math.max(LEAST_ROOM, width - labelWidth - Math.max(...medians.map(displayWidth)) - 4);
  const column = (value: number) => Math.round(placeIn(scale, value, room));
  const lines = boxes.map((box, at) => {
    const cells = Array<string>(room).fill(' ');
    const fill = (from: number, to: number, character: string) => cells.fill(character, column(from), column(to) + 1);
    fill(box.low, box.high, '─');
    fill(box.low, box.low, '├');
    fill(box.high, box.high, '┤');
    fill(box.q1, box.q3, '▒');
    fill(box.median, box.median, '┃');
    for (const value of box.outliers) fill(value, value, '∘');
    return `${fitToWidth(box.label, labelWidth, 'right')} ${style.dim('│')}${style.cyan(cells.join(''))} ${medians[at]}`;
  });
  const [first, last] = [axisText(y, scale.least), axisText(y, scale.most)].map((text) => cutToWidth(text, room)) as [string, string];
  const indent = ' '.repeat(labelWidth + 1);
  return [
    style.dim(`${titleText(chart)} · median behind the box`),
    ...lines,
    `${indent}${style.dim(`└${'─'.repeat(room)}`)}`,
    `${indent} ${atBothEnds(first, last, room)}`,
  ];
}

/** A box is a point with five numbers; points with a `y` in place of them lie beyond the whiskers of the box before. */
function boxesOf({ axes: { x } }: WireChartDrawing, points: readonly Point[]): Box[] {
  const boxes: Box[] = [];
  for (const point of points) {
    const [low, q1, median, q3, high] = ['low', 'q1', 'median', 'q3', 'high'].map((field) => numberOf(point[field]));
    const beyond = numberOf(point['y']);
    if (low !== undefined && q1 !== undefined && median !== undefined && q3 !== undefined && high !== undefined)
      boxes.push({ label: x ? rangeText(x, point) : '', low, q1, median, q3, high, outliers: [] });
    else if (beyond !== undefined) boxes.at(-1)?.outliers.push(beyond);
  }
  return boxes;
}
