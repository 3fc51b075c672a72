import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  CHART_ATTRIBUTES,
  type ChartAggregate,
  type ChartAttributes,
  type WireChartDrawing,
  type WireChartSpec,
} from '../../server/protocol/chart.ts';
import type { ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { chartResult } from '../../server/protocol/requests.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import type { CellMarker } from '../notebook/cellMarker.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';

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

/** Draws the charts that cells name in their attributes, of the rows that their grids show. */
export class CellPictures {
  readonly #server: ServerProcess;
  readonly #views: ResultViews;
  readonly #script: string;

  constructor(server: ServerProcess, views: ResultViews, extensionPath: string) {
    this.#server = server;
    this.#views = views;
    this.#script = join(extensionPath, 'dist', 'client', 'chartPicture.js');
  }

  /** Undefined for a cell without a chart, for one that would say nothing, and where the rows are gone: the table is there anyway. */
  async draw({ attributes }: CellMarker, { resultId, columns }: ResultOutput): Promise<CellPicture | undefined> {
    if (!attributes.has('chart')) return undefined;
    const { pictureSpec, drawPicture } = createRequire(this.#script)(this.#script) as PictureModule;
    const spec = pictureSpec(Object.fromEntries([...attributes].filter(([name]) => CHART_ATTRIBUTES.includes(name))), columns);
    if (spec === undefined) return undefined;
    try {
      const rows = await this.#views.rowsShown(resultId);
      const chart = await this.#server.request(chartResult, { resultId: rows, spec });
      return chart.kind === 'drawn' ? await drawPicture(chart, spec.aggregate) : undefined;
    } catch {
      return undefined;
    }
  }
}
