import { createRequire } from 'node:module';
import {
  CHART_ATTRIBUTES,
  type ChartAggregate,
  type ChartAttributes,
  type WireChart,
  type WireChartDrawing,
  type WireChartSpec,
} from '../../server/protocol/chart.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import type { CellMarker } from '../notebook/cellMarker.ts';

/** A chart of a cell as a picture, with what it shows in words. */
export interface CellPicture {
  readonly svg: string;
  readonly label: string;
}

/** The code that draws charts, which is large, in a file of its own. */
interface PictureModule {
  pictureSpec(attributes: ChartAttributes, columns: readonly WireColumn[]): WireChartSpec | undefined;
  drawPicture(chart: WireChartDrawing, aggregate: ChartAggregate): Promise<CellPicture>;
}

/**
 * Draws the chart that a cell names in its attributes, by the script that draws pictures. Undefined for a cell without a chart, for one that
 * would say nothing, and where the rows are gone: the table is there anyway.
 */
export async function drawnChart(
  script: string,
  { attributes }: CellMarker,
  columns: readonly WireColumn[],
  readChart: (spec: WireChartSpec) => Promise<WireChart>,
): Promise<CellPicture | undefined> {
  if (!attributes.has('chart')) return undefined;
  const { pictureSpec, drawPicture } = createRequire(script)(script) as PictureModule;
  const spec = pictureSpec(Object.fromEntries([...attributes].filter(([name]) => CHART_ATTRIBUTES.includes(name))), columns);
  if (spec === undefined) return undefined;
  try {
    const chart = await readChart(spec);
    return chart.kind === 'drawn' ? await drawPicture(chart, spec.aggregate) : undefined;
  } catch {
    return undefined;
  }
}
