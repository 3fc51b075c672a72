import type { PanelMessage, PanelRequest, ShownRun } from '../../../server/protocol/resultsPanel.ts';
import { create } from '../elements.ts';
import { type RunParts, RunView } from './runView.ts';

interface Tab {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  readonly view: RunView;
}

/** The whole panel: a tab for each run, and the run that is looked at. The extension says what there is; the page only shows it. */
export class PanelView {
  readonly element = create('main', 'results-panel');
  readonly #parts: RunParts;
  readonly #post: (request: PanelRequest) => void;
  readonly #strip = create('div', 'results-tabs');
  readonly #body = create('div', 'results-run');
  readonly #empty = create('p', 'results-empty');
  readonly #tabs = new Map<string, Tab>();
  #active: string | undefined;

  constructor(parts: RunParts, post: (request: PanelRequest) => void) {
    this.#parts = parts;
    this.#post = post;
    this.#strip.setAttribute('role', 'tablist');
    this.#strip.setAttribute('aria-label', 'Results');
    this.#strip.addEventListener('keydown', (event) => this.#key(event));
    this.#body.id = 'results-run';
    this.#body.setAttribute('role', 'tabpanel');
    this.#empty.textContent = 'Results of SQL files are shown here. Run the statement at the cursor with Ctrl+Enter (⌘+Enter on a Mac).';
    this.element.append(this.#strip, this.#body, this.#empty);
    this.#refresh();
  }

  receive(message: PanelMessage): void {
    switch (message.type) {
      case 'run':
        this.#show(message.run);
        return;
      case 'runProgress':
        this.#tabs.get(message.runId)?.view.progress(message.text, message.percent);
        return;
      case 'runActive':
        this.#activate(message.runId);
        return;
      case 'runClosed':
        this.#close(message.runId);
        return;
    }
  }

  #show(run: ShownRun): void {
    const tab = this.#tabs.get(run.runId) ?? this.#add(run.runId);
    tab.view.update(run);
    tab.label.textContent = run.title;
    tab.element.title = `${run.title} (${run.place})`;
    tab.element.dataset['state'] = run.state;
    tab.element.setAttribute('aria-label', `${run.title}, ${run.state}`);
    if (run.runId === this.#active) tab.view.attached();
    this.#refresh();
  }

  #add(runId: string): Tab {
    const element = create('div', 'results-tab');
    element.setAttribute('role', 'tab');
    element.setAttribute('aria-controls', this.#body.id);
    const label = create('span', 'results-tab-label');
    const close = create('button', 'results-close');
    close.type = 'button';
    close.textContent = '×';
    close.title = 'Close (Delete)';
    close.tabIndex = -1;
    close.setAttribute('aria-label', 'Close');
    close.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#post({ type: 'closeRun', runId });
    });
    element.append(create('span', 'results-dot'), label, close);
    element.addEventListener('click', () => this.#select(runId));
    this.#strip.append(element);
    const tab = { element, label, view: new RunView(runId, this.#parts, this.#post) };
    this.#tabs.set(runId, tab);
    return tab;
  }

  #select(runId: string): void {
    const output = this.#tabs.get(runId)?.view.selected ?? 0;
    this.#post({ type: 'selectOutput', runId, output });
    this.#activate(runId);
  }

  #activate(runId: string): void {
    const tab = this.#tabs.get(runId);
    if (tab === undefined) return;
    this.#active = runId;
    if (tab.view.element.parentElement !== this.#body) this.#body.replaceChildren(tab.view.element);
    tab.view.attached();
    tab.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#refresh();
  }

  #close(runId: string): void {
    const tab = this.#tabs.get(runId);
    if (tab === undefined) return;
    const hadFocus = tab.element.contains(document.activeElement);
    this.#tabs.delete(runId);
    tab.element.remove();
    tab.view.element.remove();
    tab.view.dispose();
    if (this.#active === runId) this.#active = undefined;
    this.#refresh();
    if (hadFocus) [...this.#tabs.values()].at(-1)?.element.focus();
  }

  #refresh(): void {
    for (const [runId, { element }] of this.#tabs) {
      element.setAttribute('aria-selected', String(runId === this.#active));
      element.tabIndex = runId === this.#active ? 0 : -1;
    }
    this.#strip.hidden = this.#tabs.size === 0;
    this.#body.hidden = this.#tabs.size === 0;
    this.#empty.hidden = this.#tabs.size > 0;
  }

  #key(event: KeyboardEvent): void {
    const ids = [...this.#tabs.keys()];
    const at = ids.findIndex((id) => this.#tabs.get(id)?.element === event.target);
    if (at < 0) return;
    const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: ids.length - 1 };
    const target = steps[event.key];
    const id = ids[target === undefined ? at : (target + ids.length) % ids.length];
    if (id === undefined) return;
    if (event.key === 'Delete') this.#post({ type: 'closeRun', runId: id });
    else if (target !== undefined || event.key === 'Enter' || event.key === ' ') {
      this.#select(id);
      this.#tabs.get(id)?.element.focus();
    } else return;
    event.preventDefault();
  }
}
