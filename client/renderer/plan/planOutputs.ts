import type { OutputItem } from 'vscode-notebook-renderer';
import type { PlanTextRequest } from '../../../server/protocol/plan.ts';
import { PlanView } from './planView.ts';

/** The plans in a notebook's outputs. */
export class PlanOutputs {
  readonly #post: (request: PlanTextRequest) => void;
  /** By output item, with the JSON that each shows. */
  readonly #views = new Map<string, { readonly json: string; readonly view: PlanView }>();

  constructor(post: (request: PlanTextRequest) => void) {
    this.#post = post;
  }

  /** A plan that is shown already stays as the person left it. */
  render(item: OutputItem, element: HTMLElement): void {
    const json = item.text();
    const known = this.#views.get(item.id);
    const shown = known?.json === json ? known : { json, view: new PlanView(item.json(), this.#post) };
    if (shown !== known) known?.view.dispose();
    this.#views.set(item.id, shown);
    if (shown.view.element.parentElement !== element) element.replaceChildren(shown.view.element);
    shown.view.attached();
  }

  /** Of one item, or of all. */
  dispose(id: string | undefined): void {
    for (const known of id === undefined ? [...this.#views.keys()] : [id]) {
      this.#views.get(known)?.view.dispose();
      this.#views.delete(known);
    }
  }
}
