import type { PageReply, PageRequest, RunAgainRequest } from '../../server/protocol/notebookOutput.ts';

type Page = PageReply & { readonly type: 'page' };

/** Why a page did not come. */
export class PageFailure extends Error {
  readonly gone: boolean;

  constructor(message: string, gone: boolean) {
    super(message);
    this.gone = gone;
  }
}

interface Waiting {
  readonly resolve: (page: Page) => void;
  readonly reject: (error: Error) => void;
}

/** Asks the extension for pages, and gives each answer to who asked. Several notebooks' renderers hear the same answers. */
export class PageClient {
  readonly #post: (message: PageRequest | RunAgainRequest) => void;
  readonly #prefix = crypto.randomUUID();
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;

  constructor(post: (message: PageRequest | RunAgainRequest) => void) {
    this.#post = post;
  }

  fetch(resultId: string, offset: number, limit: number): Promise<Page> {
    const requestId = `${this.#prefix}-${++this.#requests}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      this.#post({ type: 'page', requestId, resultId, offset, limit });
    });
  }

  /** Has the cell run that gave this result; its new output takes the place of this one. */
  runAgain(resultId: string): void {
    this.#post({ type: 'runAgain', resultId });
  }

  receive(reply: PageReply): void {
    const waiting = this.#waiting.get(reply.requestId);
    this.#waiting.delete(reply.requestId);
    if (reply.type === 'page') waiting?.resolve(reply);
    else waiting?.reject(new PageFailure(reply.message, reply.gone));
  }
}
