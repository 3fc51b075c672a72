import type { ChartAttributes, ChartFileFormat, WireChart, WireChartSpec } from './chart.ts';
import type { WireFrame } from './columnFrame.ts';
import type {
  CheckResultsResult,
  FindRowParams,
  ReadValueParams,
  ReadValueResult,
  ResultHandle,
  SumRowsParams,
  WireColumnProfile,
  WireColumnSum,
  WireFilter,
  WireSortKey,
} from './requests.ts';
import type { WireRow } from './values.ts';

/** Type of a cell output whose JSON is a `ResultOutput`. */
export const RESULT_MIME = 'application/vnd.kodiak.result+json';

/** The renderer that package.json registers for `RESULT_MIME`. */
export const RENDERER_ID = 'kodiak-result';

/** Type of the output above the results of an earlier run; its JSON is an `AsOfOutput`. */
export const AS_OF_MIME = 'application/vnd.kodiak.as-of+json';

/** The renderer that package.json registers for `AS_OF_MIME`. */
export const AS_OF_RENDERER_ID = 'kodiak-as-of';

/** Says that the outputs below are those of an earlier run. */
export interface AsOfOutput {
  /** The cell's, see `cellKey`. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly ranAt: number;
}

/** From the line's renderer to the extension: did the sources change since, or run the cell again. */
export interface AsOfRequest {
  readonly type: 'check' | 'runAgain';
  readonly key: string;
}

/** From the extension to the line's renderer. */
export interface AsOfReply {
  readonly key: string;
  readonly freshness: CheckResultsResult;
}

/** What a notebook's output holds of a result. The rows beyond the preview stay in the server. */
export interface ResultOutput extends ResultHandle {
  readonly kind: string;
  readonly elapsedMs: number;
  readonly rowsChanged?: number;
  /** Time and provenance in words: `0.42 s · proved: nothing it read has changed`. */
  readonly note: string;
  /** Names what gave it, a statement of a cell or of a run: a later result of the same keeps how a person looks at it. */
  readonly origin?: string;
}

/** From the renderer to the extension. `limit` 0 asks only how far an incomplete result has come. */
export interface PageRequest {
  readonly type: 'page';
  /** Chosen by the renderer, unique among all renderers. */
  readonly requestId: string;
  readonly resultId: string;
  readonly offset: number;
  readonly limit: number;
  /** See `FetchPageParams`. */
  readonly format?: 'frame';
}

/** From the renderer to the extension: a person wants the cell run whose output holds this result. */
export interface RunAgainRequest {
  readonly type: 'runAgain';
  readonly resultId: string;
}

/** How a grid shows its result's rows. With nothing in it: all of them in their own order. */
export interface ViewSpec {
  readonly sort: readonly WireSortKey[];
  readonly filters: readonly WireFilter[];
  /** Rows in which any column's text contains this. */
  readonly search: string;
}

/** From the renderer to the extension: a grid is to show its rows in this way. It takes the place of what the same grid asked for before. */
export interface ShowRequest {
  readonly type: 'show';
  readonly requestId: string;
  /** Names the page that the grid is on. */
  readonly viewer: string;
  readonly resultId: string;
  readonly spec: ViewSpec;
}

/** From the renderer to the extension: a person looks at the statistics of a column. */
export interface ProfileRequest {
  readonly type: 'profile';
  readonly requestId: string;
  readonly resultId: string;
  readonly column: number;
}

/** From the renderer to the extension: cells of the rows behind a handle are selected, and what they add up to is asked for. */
export interface SumRequest extends Omit<SumRowsParams, 'runId'> {
  readonly type: 'sum';
  readonly requestId: string;
}

/** From the renderer to the extension: the next row with a text is looked for, see `FindRowParams`. */
export interface FindRequest extends Omit<FindRowParams, 'runId'> {
  readonly type: 'find';
  readonly requestId: string;
}

/** From the renderer to the extension: a person looks at a value that is longer than pages have it. */
export interface ValueRequest extends ReadValueParams {
  readonly type: 'value';
  readonly requestId: string;
}

/** From the renderer to the extension: this goes to the clipboard. */
export interface CopyRequest {
  readonly type: 'copy';
  readonly requestId: string;
  readonly text: string;
}

/** From the renderer to the extension: the answer to a long request is no longer wanted. */
export interface CancelRequest {
  readonly type: 'cancel';
  readonly requestId: string;
}

/** What grids ask the extension for. */
export type GridRequest =
  | PageRequest
  | RunAgainRequest
  | ShowRequest
  | ProfileRequest
  | SumRequest
  | FindRequest
  | ValueRequest
  | CopyRequest
  | CancelRequest;

/** What charts ask the extension for. */
export type ChartRequest =
  | {
      /** The marks of a chart of the rows that the result's table shows. */
      readonly type: 'chart';
      readonly requestId: string;
      readonly resultId: string;
      readonly spec: WireChartSpec;
      /** The rows that are drawn already: no chart is wanted of the same. */
      readonly unlessRows?: string;
    }
  /** The chart that is kept with the cell of a result. */
  | { readonly type: 'readChart'; readonly requestId: string; readonly resultId: string }
  /** A chart is to be kept there, or none any more. */
  | { readonly type: 'keepChart'; readonly resultId: string; readonly attributes?: ChartAttributes }
  /** A person wants a chart in a file. `content` is text, or base64 for PNG. */
  | { readonly type: 'exportChart'; readonly resultId: string; readonly format: ChartFileFormat; readonly content: string };

/** Rows behind a handle of their own, for `page` requests, with the first of them. */
export interface ShownView {
  readonly resultId: string;
  readonly rowCount: number;
  readonly rows: readonly WireRow[];
}

/** From the extension to the renderer. */
export type PageReply =
  | {
      readonly type: 'page';
      readonly requestId: string;
      readonly offset: number;
      readonly rows: readonly WireRow[];
      /** In place of `rows`. */
      readonly frame?: WireFrame;
      readonly rowCount: number;
      readonly complete: boolean;
    }
  | {
      readonly type: 'shown';
      readonly requestId: string;
      /** Absent when the grid shows all rows of its result. */
      readonly view?: ShownView;
    }
  | { readonly type: 'profile'; readonly requestId: string; readonly profile: WireColumnProfile }
  | { readonly type: 'sum'; readonly requestId: string; readonly columns: readonly WireColumnSum[] }
  | {
      readonly type: 'found';
      readonly requestId: string;
      /** Absent where no row has the text. */
      readonly row?: number;
    }
  | { readonly type: 'value'; readonly requestId: string; readonly value: ReadValueResult }
  | { readonly type: 'copied'; readonly requestId: string }
  | {
      readonly type: 'chart';
      readonly requestId: string;
      /** Names the rows that it is a chart of. */
      readonly rows: string;
      /** They are not all rows: the table is filtered or searched. */
      readonly isView: boolean;
      /** Absent where the chart of the same rows is there already. */
      readonly chart?: WireChart;
    }
  | { readonly type: 'keptChart'; readonly requestId: string; readonly attributes?: ChartAttributes }
  | {
      readonly type: 'failed';
      readonly requestId: string;
      readonly message: string;
      /** The server no longer has the result; other failures are about this request only. */
      readonly gone: boolean;
    };
