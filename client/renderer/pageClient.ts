import type { GridRequest, PageReply, ShownView, ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireColumnProfile } from '../../server/protocol/requests.ts';

type Page = PageReply & { readonly type: 'page' };
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

/** Asks the extension for rows, views and statistics, and gives each answer to who asked. Several notebooks' pages hear the same answers. */
export class PageClient {
  readonly #post: (message: GridRequest) => void;
  /** Names this page. */
  readonly #prefix = crypto.randomUUID();
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;

  constructor(post: (message: GridRequest) => void) {
    this.#post = post;
  }

  async fetch(resultId: string, offset: number, limit: number): Promise<Page> {
    const answer = await this.#ask((requestId) => ({ type: 'page', requestId, resultId, offset, limit }));
    if (answer.type !== 'page') throw new PageFailure('The answer is not a page.', false);
    return answer;
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

  #ask(request: (requestId: string) => GridRequest, signal?: AbortSignal): Promise<Answer> {
    const requestId = `${this.#prefix}-${++this.#requests}`;
    const cancel = () => this.#post({ type: 'cancel', requestId });
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      this.#post(request(requestId));
      signal?.addEventListener('abort', cancel, { once: true });
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }
}
