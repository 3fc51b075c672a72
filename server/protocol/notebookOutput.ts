import type { ResultHandle } from './requests.ts';
import type { WireRow } from './values.ts';

/** Type of a cell output whose JSON is a `ResultOutput`. */
export const RESULT_MIME = 'application/vnd.kodiak.result+json';

/** The renderer that package.json registers for `RESULT_MIME`. */
export const RENDERER_ID = 'kodiak-result';

/** What a notebook's output holds of a result. The rows beyond the preview stay in the server. */
export interface ResultOutput extends ResultHandle {
  readonly kind: string;
  readonly elapsedMs: number;
  readonly rowsChanged?: number;
  /** Time and provenance in words: `0.42 s · proved: nothing it read has changed`. */
  readonly note: string;
}

/** From the renderer to the extension. `limit` 0 asks only how far an incomplete result has come. */
export interface PageRequest {
  readonly type: 'page';
  /** Chosen by the renderer, unique among all renderers. */
  readonly requestId: string;
  readonly resultId: string;
  readonly offset: number;
  readonly limit: number;
}

/** From the renderer to the extension: a person wants the cell run whose output holds this result. */
export interface RunAgainRequest {
  readonly type: 'runAgain';
  readonly resultId: string;
}

/** From the extension to the renderer. */
export type PageReply =
  | {
      readonly type: 'page';
      readonly requestId: string;
      readonly offset: number;
      readonly rows: readonly WireRow[];
      readonly rowCount: number;
      readonly complete: boolean;
    }
  | {
      readonly type: 'failed';
      readonly requestId: string;
      readonly message: string;
      /** The server no longer has the result; other failures are about this page only. */
      readonly gone: boolean;
    };
