import { join } from 'node:path';
import type { ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { chartResult } from '../../server/protocol/requests.ts';
import type { CellMarker } from '../notebook/cellMarker.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { type CellPicture, drawnChart } from './drawnChart.ts';

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

  async draw(marker: CellMarker, { resultId, columns }: ResultOutput): Promise<CellPicture | undefined> {
    return await drawnChart(this.#script, marker, columns, async (spec) => {
      const rows = await this.#views.rowsShown(resultId);
      return await this.#server.request(chartResult, { resultId: rows, spec });
    });
  }
}
