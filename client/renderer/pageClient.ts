import type { ChartAttributes, ChartFileFormat, WireChart, WireChartSpec } from '../../server/protocol/chart.ts';
import { ColumnFrame } from '../../server/protocol/columnFrame.ts';
import type {
  ChartRequest,
  FindRequest,
  GridRequest,
  PageReply,
  ShownView,
  SumRequest,
  ViewSpec,
} from '../../server/protocol/notebookOutput.ts';
import type { ReadValueParams, ReadValueResult, WireColumnProfile, WireColumnSum } from '../../server/protocol/requests.ts';
import type { RowPage } from './pageStore.ts';

type Page = PageReply & { readonly type: 'page' };
/** A chart of the rows that a table shows; without `chart` where those are drawn already. */
export interface ChartOfRows {
  readonly rows: string;
  readonly isView: boolean;
  readonly chart?: WireChart;
}

type Answer = Exclude<PageReply, { readonly type: 'failed' }>;

/** Why an answer did not come. */
export class PageFailure extends Error {
  readonly gone: boolean;

  constructor(message: string, gone: boolean) {
    super(message);
    this.gone = gone;
  }
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

function rowsOf({ rows, frame }: Page): RowPage {
  if (frame === undefined) return { length: rows.length, row: (index) => rows[index] };
  return new ColumnFrame({ bytes: bytesOf(frame.data), text: frame.text });
}

function bytesOf(base64: string): Uint8Array {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}

/** Asks the extension for rows, views and statistics, and gives each answer to who asked. Several notebooks' pages hear the same answers. */
export class PageClient {
  readonly #post: (message: GridRequest | ChartRequest) => void;
  /** Names this page. */
  readonly #prefix = crypto.randomUUID();
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;

  constructor(post: (message: GridRequest | ChartRequest) => void) {
    this.#post = post;
  }

  async fetch(resultId: string, offset: number, limit: number): Promise<Page> {
    const answer = await this.#ask((requestId) => ({ type: 'page', requestId, resultId, offset, limit }));
    if (answer.type !== 'page') throw new PageFailure('The answer is not a page.', false);
    return answer;
  }

  /** Rows to be shown: values that are very long are cut, see `MAX_SHOWN_TEXT`. */
  async fetchFrame(resultId: string, offset: number, limit: number): Promise<Omit<Page, 'rows'> & { readonly rows: RowPage }> {
    const answer = await this.#ask((requestId) => ({ type: 'page', requestId, resultId, offset, limit, format: 'frame' }));
    if (answer.type !== 'page') throw new PageFailure('The answer is not a page.', false);
    return { ...answer, rows: rowsOf(answer) };
  }

  /** Opens a view of a result in place of the one that was shown before; undefined for all rows. */
  async show(resultId: string, spec: ViewSpec, signal: AbortSignal): Promise<ShownView | undefined> {
    const answer = await this.#ask((requestId) => ({ type: 'show', requestId, viewer: this.#prefix, resultId, spec }), signal);
    if (answer.type !== 'shown') throw new PageFailure('The answer is not a view.', false);
    return answer.view;
  }

  /** The statistics of one column of a result. */
  async profile(resultId: string, column: number, signal: AbortSignal): Promise<WireColumnProfile> {
    const answer = await this.#ask((requestId) => ({ type: 'profile', requestId, resultId, column }), signal);
    if (answer.type !== 'profile') throw new PageFailure('The answer is not a profile.', false);
    return answer.profile;
  }

  /** What cells add up to, of the rows behind a handle. */
  async sum(request: Omit<SumRequest, 'requestId' | 'type'>, signal: AbortSignal): Promise<readonly WireColumnSum[]> {
    const answer = await this.#ask((requestId) => ({ type: 'sum', requestId, ...request }), signal);
    if (answer.type !== 'sum') throw new PageFailure('The answer is not a sum.', false);
    return answer.columns;
  }

  /** The next row with a text, of those behind a handle. */
  async find(request: Omit<FindRequest, 'requestId' | 'type'>, signal: AbortSignal): Promise<number | undefined> {
    const answer = await this.#ask((requestId) => ({ type: 'find', requestId, ...request }), signal);
    if (answer.type !== 'found') throw new PageFailure('The answer is not a row.', false);
    return answer.row;
  }

  /** A part of a long value. */
  async value(request: ReadValueParams, signal: AbortSignal): Promise<ReadValueResult> {
    const answer = await this.#ask((requestId) => ({ type: 'value', requestId, ...request }), signal);
    if (answer.type !== 'value') throw new PageFailure('The answer is not a value.', false);
    return answer.value;
  }

  /** Puts a text into the clipboard. */
  async copy(text: string): Promise<void> {
    await this.#ask((requestId) => ({ type: 'copy', requestId, text }));
  }

  /** The marks of a chart of the rows that the result's table shows. */
  async chart(resultId: string, spec: WireChartSpec, unlessRows: string | undefined, signal: AbortSignal): Promise<ChartOfRows> {
    const request = (requestId: string) => ({ type: 'chart' as const, requestId, resultId, spec, ...(unlessRows && { unlessRows }) });
    const answer = await this.#ask(request, signal);
    if (answer.type !== 'chart') throw new PageFailure('The answer is not a chart.', false);
    return answer;
  }

  /** The chart that is kept with the cell of a result. */
  async keptChart(resultId: string): Promise<ChartAttributes | undefined> {
    const answer = await this.#ask((requestId) => ({ type: 'readChart', requestId, resultId }));
    return answer.type === 'keptChart' ? answer.attributes : undefined;
  }

  /** Has a chart kept with the cell of a result, or none any more. */
  keepChart(resultId: string, attributes: ChartAttributes | undefined): void {
    this.#post({ type: 'keepChart', resultId, ...(attributes && { attributes }) });
  }

  exportChart(resultId: string, format: ChartFileFormat, content: string): void {
    this.#post({ type: 'exportChart', resultId, format, content });
  }

  /** Has the cell run that gave this result; its new output takes the place of this one. */
  runAgain(resultId: string): void {
    this.#post({ type: 'runAgain', resultId });
  }

  receive(reply: PageReply): void {
    const waiting = this.#waiting.get(reply.requestId);
    this.#waiting.delete(reply.requestId);
    if (reply.type === 'failed') waiting?.reject(new PageFailure(reply.message, reply.gone));
    else waiting?.resolve(reply);
  }

  #ask(request: (requestId: string) => GridRequest | ChartRequest, signal?: AbortSignal): Promise<Answer> {
    const requestId = `${this.#prefix}-${++this.#requests}`;
    const cancel = () => this.#post({ type: 'cancel', requestId });
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      this.#post(request(requestId));
      signal?.addEventListener('abort', cancel, { once: true });
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }
}
