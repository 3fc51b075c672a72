import { type ChartParts, ChartView } from './chartView.ts';

/** The entry of the code for charts, which is loaded when the first one is looked at. */
export function openChart(parts: ChartParts): ChartView {
  return new ChartView(parts);
}
