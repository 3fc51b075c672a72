import type { ShownView, ShowRequest, ViewSpec } from '../../server/protocol/notebookOutput.ts';
import {
  cancelQuery,
  fetchPage,
  type OpenViewResult,
  openView,
  PREVIEW_ROWS,
  type RequestDescriptor,
  releaseResult,
} from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { failureOf } from '../presentError.ts';

/** What the views need of the server. */
export interface ViewServer {
  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result>;
}

/** What one grid shows of a result. */
interface Shown {
  readonly resultId: string;
  spec: ViewSpec;
  /** Handle of the view; undefined where all rows are shown. */
  viewId: string | undefined;
  /** The request that goes on. */
  requestId: string | undefined;
}

/** Grids that may be sorted, filtered or searched at once; those that changed longest ago open their view again when looked at. */
const MAX_SHOWN = 32;

/** Why a request has no answer, for `failureOf`. */
class ViewReplaced extends Error {
  readonly failure: WireFailure = { code: 'cancelled', message: 'Another view took the place of this one.' };
}

/**
 * The sorted, filtered and searched views that grids show, each held in the server until its grid shows another. They are not pinned:
 * one that was dropped to save memory is opened again when it is looked at, and it goes with its result anyway.
 */
export class ResultViews {
  readonly #server: ViewServer;
  /** By viewer and result; the one that changed last at the end. */
  readonly #shown = new Map<string, Shown>();

  constructor(server: ViewServer) {
    this.#server = server;
  }

  /** Opens the view that a grid asks for, undefined for all rows. Interrupts what the same grid asked for before, which rejects. */
  async show({ requestId, viewer, resultId, spec }: ShowRequest): Promise<ShownView | undefined> {
    if (showsAll(spec) && this.#of(resultId) === undefined) return undefined;
    const shown = this.#touch(`${viewer} ${resultId}`, resultId);
    if (shown.requestId !== undefined) void this.cancel(shown.requestId);
    shown.requestId = requestId;
    try {
      const view = showsAll(spec) ? undefined : await this.#open(resultId, spec, requestId);
      if (shown.requestId !== requestId) {
        this.#release(view?.resultId);
        throw new ViewReplaced();
      }
      this.#release(shown.viewId);
      shown.viewId = view?.resultId;
      shown.spec = spec;
      return view;
    } finally {
      if (shown.requestId === requestId) shown.requestId = undefined;
    }
  }

  /** Interrupts the work that bears this name, a view or other; a view that is there all the same is not shown. */
  async cancel(requestId: string): Promise<void> {
    for (const shown of this.#shown.values()) if (shown.requestId === requestId) shown.requestId = undefined;
    await this.#server.request(cancelQuery, { runId: requestId }).catch(() => {
      // A server that is gone does no work.
    });
  }

  /** The handle of the rows that a result's grid shows: of its view, opened again if it was dropped, or of the result itself. */
  async rowsShown(resultId: string): Promise<string> {
    const shown = this.#of(resultId);
    if (shown?.viewId === undefined) return resultId;
    try {
      await this.#server.request(fetchPage, { resultId: shown.viewId, offset: 0, limit: 0 });
    } catch (error) {
      if (failureOf(error).code !== 'unavailable') throw error;
      shown.viewId = (await this.#request(resultId, shown.spec)).resultId;
    }
    return shown.viewId;
  }

  /** What the grid of a result shows that changed last: one result may be on several pages. */
  #of(resultId: string): Shown | undefined {
    return [...this.#shown.values()].findLast((shown) => shown.resultId === resultId);
  }

  /** The view with its first rows, which a grid can show at once. */
  async #open(resultId: string, spec: ViewSpec, requestId: string): Promise<ShownView> {
    const view = await this.#request(resultId, spec, requestId);
    try {
      const { rows } = await this.#server.request(fetchPage, { resultId: view.resultId, offset: 0, limit: PREVIEW_ROWS });
      return { ...view, rows };
    } catch (error) {
      this.#release(view.resultId);
      throw error;
    }
  }

  #request(resultId: string, spec: ViewSpec, runId?: string): Promise<OpenViewResult> {
    return this.#server.request(openView, { resultId, ...spec, ...(runId !== undefined && { runId }) });
  }

  #touch(key: string, resultId: string): Shown {
    const known: Shown = this.#shown.get(key) ?? {
      resultId,
      spec: { sort: [], filters: [], search: '' },
      viewId: undefined,
      requestId: undefined,
    };
    this.#shown.delete(key);
    this.#shown.set(key, known);
    for (const [oldest, { viewId, requestId }] of this.#shown) {
      if (this.#shown.size <= MAX_SHOWN) break;
      if (requestId !== undefined || oldest === key) continue;
      this.#shown.delete(oldest);
      this.#release(viewId);
    }
    return known;
  }

  #release(viewId: string | undefined): void {
    if (viewId === undefined) return;
    this.#server.request(releaseResult, { resultId: viewId }).catch(() => {
      // A server that is gone holds nothing.
    });
  }
}

function showsAll({ sort, filters, search }: ViewSpec): boolean {
  return sort.length === 0 && filters.length === 0 && search === '';
}
