import type { ChartAttributes } from '../../../server/protocol/chart.ts';
import type { PanelRequest, ShownOutput, ShownRun } from '../../../server/protocol/resultsPanel.ts';
import { formatDuration } from '../../monitor/statsText.ts';
import { button, create, setText } from '../elements.ts';
import type { ChartKeeper, TabParts } from '../resultTabs.ts';
import { PlanView, ResultTabs } from '../shared.ts';

/** What all runs have in common. */
export type RunParts = Omit<TabParts, 'keeper'>;

const TICK_MS = 100;
/** The head and one row. */
const MIN_GRID_HEIGHT = 72;

/** One run: what it is and how it goes, its outputs of which one is shown, and why it stopped. */
export class RunView {
  readonly element = create('section', 'results-run-view');
  readonly #runId: string;
  readonly #parts: RunParts;
  readonly #post: (request: PanelRequest) => void;
  readonly #statement: HTMLButtonElement;
  readonly #status = create('span', 'results-status');
  readonly #cancel: HTMLButtonElement;
  readonly #rerun: HTMLButtonElement;
  readonly #export: HTMLButtonElement;
  readonly #bar = create('div', 'results-progress');
  readonly #outputs = create('div', 'results-outputs');
  readonly #failure = create('div', 'results-failure');
  readonly #failureText = create('pre', 'results-failure-text');
  readonly #failurePlace: HTMLButtonElement;
  readonly #notice = create('div', 'results-panel-notice');
  readonly #body = create('div', 'results-output');
  /** By output: a chart is kept while its run can be looked at, also when it runs again. */
  readonly #charts = new Map<number, ChartAttributes>();
  /** By result: a grid keeps its place while another output is looked at. */
  readonly #views = new Map<string, ResultTabs>();
  /** The plan that is shown, and of which output of which run it is. */
  #plan: { readonly of: string; readonly view: PlanView } | undefined;
  readonly #resizes = new ResizeObserver(() => this.#fit());
  #run: ShownRun | undefined;
  #selected = 0;
  #beganAt = 0;
  #progress = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(runId: string, parts: RunParts, post: (request: PanelRequest) => void) {
    this.#runId = runId;
    this.#parts = parts;
    this.#post = post;
    this.#statement = button('results-link', '', 'Go to the statement', () => post({ type: 'goTo', runId, target: 'statement' }));
    this.#cancel = button('kodiak-button', 'Cancel', 'Stop this run', () => {
      this.#cancel.disabled = true;
      post({ type: 'cancelRun', runId });
    });
    this.#rerun = button('kodiak-button results-quiet', 'Run again', 'Run it again', () => post({ type: 'rerun', runId }));
    this.#export = button('kodiak-button results-quiet', 'Export…', 'Write the rows that are shown to a file', () =>
      post({ type: 'exportRun', runId }),
    );
    this.#failurePlace = button('results-link', '', 'Go to the error', () => post({ type: 'goTo', runId, target: 'error' }));
    this.#status.setAttribute('role', 'status');
    this.#bar.setAttribute('role', 'progressbar');
    this.#bar.setAttribute('aria-label', 'Running');
    this.#bar.append(create('div', 'results-progress-value'));
    this.#outputs.setAttribute('role', 'group');
    this.#outputs.setAttribute('aria-label', 'Outputs of this run');
    // In the document before it says anything: only then do screen readers read out what it comes to say.
    this.#failure.setAttribute('role', 'alert');
    this.#failure.append(this.#failurePlace, this.#failureText);
    this.#notice.setAttribute('role', 'status');
    const head = create('header', 'results-run-head');
    head.append(this.#statement, this.#status, this.#cancel, this.#rerun, this.#export);
    this.#resizes.observe(this.#body);
    this.#body.addEventListener('kodiak-layout', () => this.#fit());
    this.element.append(head, this.#bar, this.#failure, this.#notice, this.#outputs, this.#body);
  }

  get selected(): number {
    return this.#selected;
  }

  update(run: ShownRun): void {
    const began = run.state === 'running' && this.#run?.state !== 'running';
    this.#run = run;
    this.#selected = run.selected;
    const running = run.state === 'running';
    if (began) {
      this.#beganAt = performance.now() - run.elapsedMs;
      this.#progress = '';
      this.#cancel.disabled = false;
      this.#setPercent(undefined);
    }
    this.#statement.textContent = run.place;
    this.#cancel.hidden = !running;
    this.#rerun.hidden = running;
    this.#bar.hidden = !running;
    this.#failure.hidden = run.failure === undefined;
    setText(this.#failureText, run.failure?.text ?? '');
    setText(this.#failurePlace, run.failure?.place ?? '');
    this.#failurePlace.hidden = run.failure?.place === undefined;
    setText(this.#notice, run.notice ?? '');
    this.#notice.hidden = run.notice === undefined;
    this.#tick();
    clearInterval(this.#timer);
    if (running) this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#dropViews(run.outputs);
    this.#showOutputs(run.outputs);
    this.#showOutput();
  }

  progress(text: string, percent: number | undefined): void {
    this.#progress = text;
    this.#setPercent(percent);
    this.#tick();
  }

  /** To be called once the element is in the document. */
  attached(): void {
    this.#shownView()?.attached();
    if (this.#plan?.view.element.parentElement === this.#body) this.#plan.view.attached();
    this.#fit();
  }

  dispose(): void {
    this.#resizes.disconnect();
    clearInterval(this.#timer);
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
    this.#plan?.view.dispose();
  }

  #tick(): void {
    const run = this.#run;
    if (run === undefined) return;
    if (run.state !== 'running') {
      const words = { done: '', failed: 'failed after', cancelled: 'cancelled after' } as const;
      setText(this.#status, `${words[run.state]} ${formatDuration(run.elapsedMs)}`.trim());
      return;
    }
    const seconds = ((performance.now() - this.#beganAt) / 1000).toFixed(1);
    setText(this.#status, [`running ${seconds} s`, this.#progress].filter((part) => part !== '').join(' · '));
  }

  /** Less than one percent says nothing, and is drawn as a run of unknown length. */
  #setPercent(told: number | undefined): void {
    const percent = told !== undefined && told >= 1 ? told : undefined;
    const value = this.#bar.firstElementChild;
    if (value instanceof HTMLElement) value.style.width = percent === undefined ? '' : `${Math.min(100, percent)}%`;
    this.#bar.classList.toggle('results-known', percent !== undefined);
    if (percent === undefined) this.#bar.removeAttribute('aria-valuenow');
    else this.#bar.setAttribute('aria-valuenow', String(Math.floor(percent)));
  }

  #showOutputs(outputs: readonly ShownOutput[]): void {
    this.#outputs.hidden = outputs.length < 2;
    const chips = outputs.map(({ title }, index) => {
      const chip = button('results-chip', `${index + 1} ${title}`, title, () => {
        this.#selected = index;
        this.#post({ type: 'selectOutput', runId: this.#runId, output: index });
      });
      chip.setAttribute('aria-pressed', String(index === this.#selected));
      return chip;
    });
    const focused = [...this.#outputs.children].indexOf(document.activeElement ?? this.element);
    this.#outputs.replaceChildren(...chips);
    chips[focused]?.focus();
  }

  #showOutput(): void {
    const output = this.#run?.outputs[this.#selected];
    const view = this.#shownView();
    this.#export.hidden = view === undefined;
    if (output?.result !== undefined && view !== undefined) {
      view.update(output.result);
      if (view.element.parentElement !== this.#body) this.#body.replaceChildren(view.element);
      if (this.element.isConnected) this.attached();
      return;
    }
    if (output?.plan !== undefined) {
      const of = `${this.#selected} ${this.#run?.elapsedMs}`;
      if (this.#plan?.of !== of) {
        this.#plan?.view.dispose();
        this.#plan = { of, view: new PlanView(output.plan, this.#post) };
      }
      const { view: plan } = this.#plan;
      if (plan.element.parentElement !== this.#body) this.#body.replaceChildren(plan.element);
      if (this.element.isConnected) plan.attached();
      return;
    }
    const text = create('pre', 'results-text');
    text.tabIndex = 0;
    text.textContent = output?.text ?? '';
    this.#body.replaceChildren(...(output === undefined ? [] : [text]));
  }

  #shownView(): ResultTabs | undefined {
    const result = this.#run?.outputs[this.#selected]?.result;
    if (result === undefined) return undefined;
    const known = this.#views.get(result.resultId);
    if (known !== undefined) return known;
    const view = new ResultTabs(result, { ...this.#parts, keeper: this.#keeper(this.#selected) });
    this.#views.set(result.resultId, view);
    this.#resizes.observe(view.element);
    return view;
  }

  #keeper(output: number): ChartKeeper {
    return {
      keptIn: 'run',
      read: () => Promise.resolve(this.#charts.get(output)),
      keep: (_resultId, attributes) => {
        if (attributes) this.#charts.set(output, attributes);
        else this.#charts.delete(output);
      },
    };
  }

  /** Gives the grid the height that the panel has, less what stands above and below it. */
  #fit(): void {
    const result = this.#shownView()?.element;
    const main = [...(result?.querySelectorAll<HTMLElement>('.kodiak-main, .kodiak-chart-figure, .kodiak-profile-list') ?? [])].find(
      ({ offsetParent }) => offsetParent,
    );
    if (result === undefined || !main || !this.#body.isConnected) return;
    const others = result.offsetHeight - main.offsetHeight;
    this.#body.style.setProperty('--results-grid-height', `${Math.max(MIN_GRID_HEIGHT, this.#body.clientHeight - others)}px`);
  }

  #dropViews(outputs: readonly ShownOutput[]): void {
    const ids = new Set(outputs.map(({ result }) => result?.resultId));
    for (const [resultId, view] of this.#views) {
      if (ids.has(resultId)) continue;
      this.#resizes.unobserve(view.element);
      view.dispose();
      view.element.remove();
      this.#views.delete(resultId);
    }
  }
}
