import type { ShownView, ViewSpec } from '../../server/protocol/notebookOutput.ts';
import { type PageClient, PageFailure } from './pageClient.ts';
import { ALL_ROWS, sameView, showsAll } from './viewSpec.ts';

export interface ViewListener {
  /** Other rows are to be shown from now on: those of a view, or with undefined all. */
  shown(view: ShownView | undefined): void;
  /** A wish was made, fulfilled or given up. */
  changed(): void;
  /** The result itself is gone. */
  gone(message: string): void;
}

/** Which view a grid shows, and which one it waits for: a newer wish takes the place of an older one. */
export class ViewControl {
  readonly #resultId: string;
  readonly #pages: PageClient;
  readonly #listener: ViewListener;
  #shown = ALL_ROWS;
  #wanted = ALL_ROWS;
  #work: { readonly abort: AbortController; readonly began: number } | undefined;

  constructor(resultId: string, pages: PageClient, listener: ViewListener) {
    this.#resultId = resultId;
    this.#pages = pages;
    this.#listener = listener;
  }

  get shown(): ViewSpec {
    return this.#shown;
  }

  /** What was asked for last; the view that is shown, unless work goes on. */
  get wanted(): ViewSpec {
    return this.#wanted;
  }

  /** When the work began that goes on, as `performance.now()`. */
  get began(): number | undefined {
    return this.#work?.began;
  }

  /** Resolves once it is shown, replaced or cancelled, or else with why it cannot be shown: then what was shown stays. */
  async show(spec: ViewSpec): Promise<string | undefined> {
    if (sameView(spec, this.#wanted)) return undefined;
    if (this.#work !== undefined && sameView(spec, this.#shown)) {
      this.cancel();
      return undefined;
    }
    return await this.#open(spec);
  }

  /** Gives up what goes on. */
  cancel(): void {
    if (this.#work === undefined) return;
    this.#work.abort.abort();
    this.#work = undefined;
    this.#wanted = this.#shown;
    this.#listener.changed();
  }

  /** The server dropped the view to save memory: opens it again. */
  async reopen(): Promise<string | undefined> {
    return await this.#open(this.#wanted);
  }

  /** All rows again, without a word: there are no others any more. */
  forget(): void {
    this.#work?.abort.abort();
    this.#work = undefined;
    this.#shown = ALL_ROWS;
    this.#wanted = ALL_ROWS;
  }

  /** Gives the view back. */
  dispose(): void {
    const held = !showsAll(this.#shown) || !showsAll(this.#wanted);
    this.forget();
    if (!held) return;
    this.#pages.show(this.#resultId, ALL_ROWS, new AbortController().signal).catch(() => {
      // A server that is gone holds nothing.
    });
  }

  async #open(spec: ViewSpec): Promise<string | undefined> {
    const work = { abort: new AbortController(), began: performance.now() };
    this.#work = work;
    this.#wanted = spec;
    this.#listener.changed();
    try {
      const view = await this.#pages.show(this.#resultId, spec, work.abort.signal);
      if (this.#work !== work) return undefined;
      this.#work = undefined;
      this.#shown = spec;
      this.#listener.shown(view);
      this.#listener.changed();
      return undefined;
    } catch (error) {
      if (this.#work !== work) return undefined;
      this.#work = undefined;
      this.#wanted = this.#shown;
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof PageFailure && error.gone) this.#listener.gone(message);
      this.#listener.changed();
      return message;
    }
  }
}
