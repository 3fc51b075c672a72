import type { ShownFile, ViewerMessage, ViewerRequest } from '../../../server/protocol/dataViewer.ts';
import type { PanelRequest } from '../../../server/protocol/resultsPanel.ts';
import { button, create, setText } from '../elements.ts';
import { type RunParts, RunView } from '../panel/runView.ts';
import { ReadForm } from './readForm.ts';
import { TableList } from './tableList.ts';

/** The whole page of an editor for a data file: what the file is and how it is read, its tables if it is a database, and its rows. */
export class ViewerView {
  readonly element = create('main', 'viewer');
  readonly #parts: RunParts;
  readonly #post: (request: PanelRequest | ViewerRequest) => void;
  readonly #about = create('span', 'viewer-about');
  readonly #useDatabase: HTMLButtonElement;
  readonly #changed = create('div', 'viewer-changed');
  readonly #changedText = create('span', '');
  readonly #advice = create('div', 'viewer-advice');
  readonly #failure = create('div', 'viewer-failure');
  readonly #showAll: HTMLButtonElement;
  readonly #form: ReadForm;
  readonly #tables: TableList;
  readonly #rows = create('div', 'viewer-rows');
  #file: ShownFile | undefined;
  #run: { readonly id: string; readonly view: RunView } | undefined;

  constructor(parts: RunParts, post: (request: PanelRequest | ViewerRequest) => void) {
    this.#parts = parts;
    this.#post = post;
    this.#form = new ReadForm((options) => post({ type: 'readWith', options }));
    this.#tables = new TableList((table) => post({ type: 'chooseTable', table }));
    const head = create('header', 'viewer-head');
    const reload = button('kodiak-button results-quiet', 'Reload', 'Read the file again', () => post({ type: 'reload' }));
    this.#useDatabase = button('kodiak-button results-quiet', 'Use as Database', 'Make it the database of notebooks and SQL files', () =>
      post({ type: 'useDatabase' }),
    );
    const query = button('kodiak-button results-quiet', 'Query This File', 'Open a SQL file that reads it', () =>
      post({ type: 'openQuery' }),
    );
    const notebook = button('kodiak-button results-quiet', 'Open as Notebook', 'Open a notebook that reads it', () =>
      post({ type: 'openNotebook' }),
    );
    head.append(this.#about, reload, query, notebook, this.#useDatabase);
    this.#changed.setAttribute('role', 'status');
    this.#changed.append(
      this.#changedText,
      button('kodiak-button', 'Reload', 'Read the file again', () => post({ type: 'reload' })),
    );
    this.#advice.setAttribute('role', 'status');
    this.#failure.setAttribute('role', 'alert');
    this.#showAll = button('kodiak-button results-quiet', 'Show All Rows', 'Read the file to its end', () => {
      const { limit: _limit, ...options } = this.#file?.options ?? { kind: 'csv' as const };
      post({ type: 'readWith', options });
    });
    const main = create('div', 'viewer-main');
    main.append(this.#tables.element, this.#rows);
    this.element.append(head, this.#form.element, this.#changed, this.#failure, this.#advice, this.#showAll, main);
  }

  receive(message: ViewerMessage): void {
    switch (message.type) {
      case 'file':
        this.#showFile(message.file);
        return;
      case 'run':
        this.#runView(message.run.runId).update(message.run);
        this.#run?.view.attached();
        return;
      case 'runProgress':
        if (this.#run?.id === message.runId) this.#run.view.progress(message.text, message.percent);
        return;
      case 'runClosed':
        if (this.#run?.id === message.runId) this.#dropRun();
        return;
      case 'runActive':
        return;
    }
  }

  #showFile(file: ShownFile): void {
    this.#file = file;
    setText(this.#about, `${file.name} · ${file.size}`);
    this.#useDatabase.hidden = file.options.kind !== 'database';
    this.#changed.hidden = file.changed === undefined;
    setText(this.#changedText, file.changed === 'gone' ? 'The file is gone: these are the rows that were read.' : 'Changed on disk.');
    setText(this.#failure, file.failure ?? '');
    this.#failure.hidden = file.failure === undefined;
    setText(this.#advice, file.advice ?? '');
    this.#advice.hidden = file.advice === undefined;
    this.#showAll.hidden = file.options.limit === undefined;
    this.#form.show(file.options);
    this.#tables.show(file.tables, file.table);
    if (file.failure !== undefined) this.#dropRun();
  }

  #runView(id: string): RunView {
    if (this.#run?.id === id) return this.#run.view;
    this.#dropRun();
    const view = new RunView(id, this.#parts, (request) => this.#post(request));
    this.#run = { id, view };
    this.#rows.replaceChildren(view.element);
    return view;
  }

  #dropRun(): void {
    this.#run?.view.dispose();
    this.#run?.view.element.remove();
    this.#run = undefined;
  }
}
