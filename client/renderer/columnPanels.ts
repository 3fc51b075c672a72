import type { ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { create } from './elements.ts';
import { FilterForm } from './filterForm.ts';
import type { PageClient } from './pageClient.ts';
import { ProfilePane } from './profilePane.ts';
import type { ViewControl } from './viewControl.ts';
import { filterOf, withFilter, withoutFilter } from './viewSpec.ts';

/** The result whose columns are looked at. */
export interface ColumnSource {
  readonly resultId: string;
  readonly columns: readonly WireColumn[];
  readonly control: ViewControl;
  readonly pages: PageClient;
  show(spec: ViewSpec): void;
  /** The person is done here: the focus goes back to the grid. */
  leave(): void;
}

/** What is opened for one column of a grid: its filter, above the grid, and its profile, beside it. */
export class ColumnPanels {
  /** Where the filter is. */
  readonly above = create('div', 'kodiak-form-place');
  /** Where the profile is, behind the grid. */
  readonly #beside: HTMLElement;
  readonly #source: ColumnSource;
  #profile: { readonly pane: ProfilePane; readonly abort: AbortController } | undefined;

  constructor(source: ColumnSource, beside: HTMLElement) {
    this.#source = source;
    this.#beside = beside;
  }

  openFilter(column: number): void {
    const { columns, control, show, leave } = this.#source;
    const head = columns[column];
    if (head === undefined) return;
    const close = () => {
      this.above.replaceChildren();
      leave();
    };
    const form = new FilterForm(column, head, filterOf(control.wanted, column), {
      apply: async (filter) => {
        const problem = await control.show(withFilter(control.wanted, filter));
        if (problem === undefined && form.element.isConnected) close();
        return problem;
      },
      remove: () => {
        close();
        show(withoutFilter(control.wanted, column));
      },
      close: () => {
        control.cancel();
        close();
      },
    });
    this.above.replaceChildren(form.element);
    form.focus();
  }

  async openProfile(column: number): Promise<void> {
    const { resultId, columns, control, pages, show, leave } = this.#source;
    const head = columns[column];
    if (head === undefined) return;
    this.dispose();
    const abort = new AbortController();
    const pane = new ProfilePane(head.name, {
      filter: (filter) => show(withFilter(control.wanted, filter)),
      close: () => {
        this.dispose();
        leave();
      },
    });
    this.#profile = { pane, abort };
    this.#beside.append(pane.element);
    this.refresh();
    pane.focus();
    try {
      pane.show(await pages.profile(resultId, column, abort.signal), column);
    } catch (error) {
      pane.fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Other rows are shown. */
  refresh(): void {
    const { filters, search } = this.#source.control.shown;
    this.#profile?.pane.setWhole(filters.length === 0 && search === '');
  }

  /** Closes the profile, and ends the work for it. */
  dispose(): void {
    this.#profile?.abort.abort();
    this.#profile?.pane.element.remove();
    this.#profile = undefined;
  }
}
