import {
  type CancellationToken,
  Disposable,
  Location,
  type NotebookCell,
  type NotebookDocument,
  Position,
  Range,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  Uri,
  workspace,
} from 'vscode';
import { Throttled } from '../explorer/throttled.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { SqlController } from '../notebook/controller.ts';
import type { JudgedRun } from '../notebook/judgedRun.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { visible, visibleLines } from '../text/displayText.ts';
import { assertionsIn } from './assertionCells.ts';
import { type LocatedCell, openNotebook, readNotebook } from './readNotebook.ts';
import { type AssertionOutcome, outcomeOf, runAssertions } from './runAssertions.ts';
import { TestSession } from './testSession.ts';

const FILES = '**/*.kodiak.sql';
const NOT_IN = '**/node_modules/**';
const MAX_FILES = 2_000;
const UPDATE_MS = 300;

/** What the items of one notebook were made from. */
interface KnownNotebook {
  readonly item: TestItem;
  readonly cells: readonly LocatedCell[];
  /** The place of each assertion's cell among `cells`. */
  readonly indexes: ReadonlyMap<string, number>;
}

/**
 * The Testing view's side of assert cells: notebooks of the workspace with their assertions, looked for when the view is first opened, and
 * open notebooks as they are edited. A run there uses a session of its own; a run of an assert cell in its notebook is shown there, too.
 */
export class AssertionTests implements Disposable {
  readonly #server: ServerProcess;
  readonly #tests: TestController = tests.createTestController('kodiak', 'Kodiak Assertions');
  readonly #notebooks = new Map<string, KnownNotebook>();
  readonly #changed = new Map<string, Uri>();
  readonly #updating = new Throttled(UPDATE_MS, () => void this.#updateChanged());
  readonly #subscriptions: Disposable[];
  #discovered: Promise<void> | undefined;

  constructor(server: ServerProcess, controller: Pick<SqlController, 'onDidEndRun'>) {
    this.#server = server;
    this.#tests.resolveHandler = async () => await this.#discover();
    this.#tests.refreshHandler = async () => {
      this.#discovered = undefined;
      await this.#discover();
    };
    this.#tests.createRunProfile('Run', TestRunProfileKind.Run, async (request, token) => await this.#run(request, token), true);
    this.#subscriptions = [
      this.#tests,
      new Disposable(() => this.#updating.dispose()),
      controller.onDidEndRun(({ cell, run }) => void this.#show(cell, run)),
      workspace.onDidOpenNotebookDocument((notebook) => this.#request(notebook)),
      workspace.onDidCloseNotebookDocument((notebook) => this.#request(notebook)),
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        if (contentChanges.length > 0 || cellChanges.some(({ document, metadata }) => document ?? metadata)) this.#request(notebook);
      }),
    ];
    for (const notebook of workspace.notebookDocuments) this.#request(notebook);
  }

  dispose(): void {
    Disposable.from(...this.#subscriptions).dispose();
  }

  async #discover(): Promise<void> {
    this.#discovered ??= this.#findFiles();
    await this.#discovered;
  }

  async #findFiles(): Promise<void> {
    if (!this.#subscriptions.some((part) => 'onDidCreate' in part)) {
      const watcher = workspace.createFileSystemWatcher(FILES);
      for (const happened of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) happened((uri) => this.#requestFile(uri));
      this.#subscriptions.push(watcher);
    }
    const found = await workspace.findFiles(FILES, NOT_IN, MAX_FILES);
    const gone = [...this.#notebooks.values()].flatMap(({ item }) => item.uri ?? []);
    for (const uri of [...found, ...gone]) await this.#update(uri);
  }

  #request(notebook: NotebookDocument): void {
    if (notebook.notebookType === NOTEBOOK_TYPE) this.#requestFile(notebook.uri);
  }

  #requestFile(uri: Uri): void {
    this.#changed.set(uri.toString(), uri);
    this.#updating.request();
  }

  async #updateChanged(): Promise<void> {
    const uris = [...this.#changed.values()];
    this.#changed.clear();
    for (const uri of uris) await this.#update(uri);
  }

  /** Reads a notebook again and makes its items what it says; one without assertions has none. */
  async #update(uri: Uri): Promise<KnownNotebook | undefined> {
    const key = uri.toString();
    const cells = await readNotebook(uri);
    const assertions = assertionsIn(cells);
    if (assertions.length === 0) {
      this.#notebooks.delete(key);
      this.#tests.items.delete(key);
      return undefined;
    }
    const item = this.#tests.items.get(key) ?? this.#tests.createTestItem(key, workspace.asRelativePath(uri), uri);
    if (this.#tests.items.get(key) === undefined) this.#tests.items.add(item);
    const indexes = new Map<string, number>();
    const children = assertions.flatMap(({ id, title, index }) => {
      const cell = cells[index];
      if (cell === undefined) return [];
      indexes.set(id, index);
      const known = item.children.get(id);
      const isSame = known?.uri?.toString() === cell.uri.toString();
      const child = isSame && known !== undefined ? known : this.#tests.createTestItem(id, title, cell.uri);
      child.range = cell.range;
      child.sortText = String(index).padStart(6, '0');
      return [child];
    });
    item.children.replace(children);
    const notebook = { item, cells, indexes };
    this.#notebooks.set(key, notebook);
    return notebook;
  }

  async #run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    if (request.include === undefined) await this.#discover();
    const run = this.#tests.createTestRun(request);
    const asked = request.include ?? [...this.#tests.items].map(([, item]) => item);
    const excluded = new Set(request.exclude?.flatMap((item) => leavesOf(item)).map(pathOf));
    const wanted = new Map<string, Set<string>>();
    for (const leaf of asked.flatMap(leavesOf)) {
      const notebook = leaf.parent?.id;
      if (notebook === undefined || excluded.has(pathOf(leaf))) continue;
      const ids = wanted.get(notebook) ?? new Set();
      wanted.set(notebook, ids.add(leaf.id));
      run.enqueued(leaf);
    }
    try {
      for (const [key, ids] of wanted) await this.#runNotebook(run, Uri.parse(key), ids, token);
    } finally {
      run.end();
    }
  }

  async #runNotebook(run: TestRun, uri: Uri, ids: ReadonlySet<string>, token: CancellationToken): Promise<void> {
    const notebook = await this.#update(uri);
    if (notebook === undefined) return;
    const { item, cells, indexes } = notebook;
    const itemOf = new Map([...indexes].flatMap(([id, index]) => (ids.has(id) ? [[index, item.children.get(id)] as const] : [])));
    const session = new TestSession(this.#server, uri, token);
    try {
      await runAssertions({
        cells,
        wanted: new Set(itemOf.keys()),
        ask: (sql, resultName) => session.run(sql, resultName),
        began: (index) => tell(itemOf.get(index), (test) => run.started(test)),
        ended: (index, outcome) => tell(itemOf.get(index), (test) => report(run, test, outcome, cells)),
        isCancelled: () => token.isCancellationRequested,
      });
    } finally {
      await session.close();
    }
  }

  /** An assert cell was run in its notebook. */
  async #show(cell: NotebookCell, ended: JudgedRun): Promise<void> {
    const { notebook } = cell;
    const uri = cell.document.uri.toString();
    const known = openNotebook(notebook.uri) && (await this.#update(notebook.uri));
    const index = known?.cells.findIndex((candidate) => candidate.uri.toString() === uri) ?? -1;
    const id = [...(known?.indexes ?? [])].find(([, place]) => place === index)?.[0];
    const test = id === undefined ? undefined : known?.item.children.get(id);
    if (known === undefined || test === undefined) return;
    const run = this.#tests.createTestRun(new TestRunRequest([test], undefined, undefined, false, true), 'In the notebook', true);
    report(run, test, outcomeOf(index, ended), known.cells);
    run.end();
  }
}

function tell(test: TestItem | undefined, give: (test: TestItem) => void): void {
  if (test !== undefined) give(test);
}

function report(run: TestRun, test: TestItem, outcome: AssertionOutcome, cells: readonly LocatedCell[]): void {
  const { state, elapsedMs, message, expected, actual } = outcome;
  const line = [`${state}: ${visible(test.label)}`, ...(message === '' ? [] : [visibleLines(message)])].join('\n  ');
  run.appendOutput(`${line.replaceAll('\n', '\r\n')}\r\n`, undefined, test);
  if (state === 'passed') {
    run.passed(test, elapsedMs);
    return;
  }
  if (state === 'skipped') {
    run.skipped(test);
    return;
  }
  const isCompared = expected !== undefined && actual !== undefined;
  const told = isCompared ? TestMessage.diff(message, expected, actual) : new TestMessage(message);
  const location = locationOf(outcome, cells);
  if (location !== undefined) told.location = location;
  if (state === 'failed') run.failed(test, told, elapsedMs);
  else run.errored(test, told, elapsedMs);
}

/** The place in its cell, moved to where the cell stands in a file. */
function locationOf({ place }: AssertionOutcome, cells: readonly LocatedCell[]): Location | undefined {
  const cell = cells[place.cell];
  if (cell === undefined) return undefined;
  const { start } = cell.range;
  const { line = 0, column = 0 } = place;
  const at = new Position(start.line + line, line === 0 ? start.character + column : column);
  return new Location(cell.uri, new Range(at, at));
}

function leavesOf(item: TestItem): TestItem[] {
  return item.children.size === 0 ? [item] : [...item.children].flatMap(([, child]) => leavesOf(child));
}

function pathOf(item: TestItem): string {
  return `${item.parent?.id ?? ''}\n${item.id}`;
}
