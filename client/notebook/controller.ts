import {
  commands,
  Disposable,
  EventEmitter,
  type LogOutputChannel,
  type NotebookCell,
  type NotebookCellExecution,
  type NotebookCellOutput,
  type NotebookController,
  type NotebookDocument,
  type NotebookEditor,
  notebooks,
  workspace,
} from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { runBatch } from './cellBatch.ts';
import { CellFreshness } from './cellFreshness.ts';
import { CellRun, type CellRunParts, type EndedCellRun } from './cellRun.ts';
import { CellStatus } from './cellStatus.ts';
import { FreshStatus } from './freshStatus.ts';
import { HeldResults } from './heldResults.ts';
import { NamedCells } from './namedCells.ts';
import { ParamsCells } from './paramsCells.ts';
import type { PinMemory } from './pinMemory.ts';
import { PinnedResults } from './pinnedResults.ts';
import { RunDiagnostics } from './runDiagnostics.ts';
import { showStaleCount } from './staleCount.ts';

const CONTROLLER_ID = 'kodiak';
const EXTENSION_ID = 'kodiak-data.kodiak';

/**
 * Runs the cells of Kodiak notebooks. Within a notebook one request after the other, the cells of a request by what they depend on;
 * notebooks beside one another.
 */
export class SqlController implements Disposable {
  readonly #controller: NotebookController;
  readonly #parts: CellRunParts;
  /** The end of what is queued for each notebook. */
  readonly #queues = new WeakMap<NotebookDocument, Promise<void>>();
  readonly #executionOrder = new WeakMap<NotebookDocument, number>();
  readonly #ended = new EventEmitter<EndedCellRun>();
  /** Notebooks that this controller runs. */
  readonly #notebooks = new WeakSet<NotebookDocument>();
  readonly #subscriptions: Disposable;

  readonly onDidEndRun = this.#ended.event;
  readonly freshness: CellFreshness;
  readonly pins: PinnedResults;

  constructor(server: ServerProcess, log: LogOutputChannel, pins: PinMemory) {
    const held = new HeldResults(server);
    this.pins = new PinnedResults(held, server, pins);
    const status = new CellStatus(this.pins);
    const diagnostics = new RunDiagnostics();
    this.freshness = new CellFreshness(server);
    const ended = (run: EndedCellRun) => {
      this.freshness.ended(run);
      this.#ended.fire(run);
    };
    const params = new ParamsCells(server, (cell) => this.#runFirst(cell));
    this.#parts = {
      server,
      log,
      held,
      status,
      diagnostics,
      params,
      pins: this.pins,
      began: (cell, runId) => this.freshness.began(cell, runId),
      ended,
    };
    this.#controller = notebooks.createNotebookController(CONTROLLER_ID, NOTEBOOK_TYPE, 'Kodiak (DuckDB)');
    this.#controller.supportedLanguages = ['sql'];
    this.#controller.supportsExecutionOrder = true;
    this.#controller.description = 'Embedded DuckDB';
    this.#controller.executeHandler = (cells, notebook) => this.#enqueue(cells, notebook);
    this.#subscriptions = Disposable.from(
      this.#controller,
      this.#ended,
      held,
      status,
      diagnostics,
      this.freshness,
      new FreshStatus(this.freshness),
      showStaleCount(this.freshness),
      this.#controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) this.#notebooks.add(notebook);
        else this.#notebooks.delete(notebook);
      }),
      params,
      this.pins,
      new NamedCells(server),
      workspace.onDidOpenNotebookDocument((notebook) => this.#offer(notebook)),
    );
    for (const notebook of workspace.notebookDocuments) this.#offer(notebook);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Shows outputs that no run gave, in a notebook that is on the screen. It does not become dirty by it. */
  async showOutputs(editor: NotebookEditor, outputs: ReadonlyMap<NotebookCell, readonly NotebookCellOutput[]>): Promise<void> {
    if (outputs.size === 0) return;
    await this.#select(editor);
    for (const [cell, shown] of outputs) {
      const execution = this.#controller.createNotebookCellExecution(cell);
      execution.start();
      await execution.replaceOutput([...shown]);
      execution.end(undefined);
    }
  }

  /** VS Code lets a controller write outputs only once it was chosen, which the first run does otherwise. */
  async #select(editor: NotebookEditor): Promise<void> {
    if (this.#notebooks.has(editor.notebook)) return;
    const selected = new Promise<void>((resolve) => {
      const subscription = this.#controller.onDidChangeSelectedNotebooks((change) => {
        if (change.notebook !== editor.notebook || !change.selected) return;
        subscription.dispose();
        resolve();
      });
    });
    await commands.executeCommand('notebook.selectKernel', { id: CONTROLLER_ID, extension: EXTENSION_ID, notebookEditor: editor });
    await selected;
  }

  /** Outputs that the cell has from an earlier run hold these results. */
  adopt(cell: NotebookCell, resultIds: Iterable<string>): void {
    for (const resultId of resultIds) this.#parts.held.hold(cell, resultId);
  }

  isRunning(cell: NotebookCell): boolean {
    return this.#parts.held.isRunning(cell);
  }

  /** Does something on a cell in its turn, during which it can be stopped; how its last run went stays as it is. */
  async workOn(cell: NotebookCell, work: (execution: NotebookCellExecution) => Promise<void>): Promise<void> {
    const turn = (this.#queues.get(cell.notebook) ?? Promise.resolve()).then(async () => {
      await this.#parts.params.prepare(cell, cell.document.getText());
      const { executionOrder, success } = cell.executionSummary ?? {};
      const execution = this.#controller.createNotebookCellExecution(cell);
      execution.executionOrder = executionOrder;
      execution.start(Date.now());
      await work(execution).catch((error: unknown) => this.#parts.log.error(`The work on a cell failed: ${String(error)}`));
      execution.end(success, Date.now());
    });
    this.#queues.set(
      cell.notebook,
      turn.catch(() => undefined),
    );
    await turn;
  }

  #offer(notebook: NotebookDocument): void {
    if (notebook.notebookType === NOTEBOOK_TYPE) this.#controller.updateNotebookAffinity(notebook, 2);
  }

  #enqueue(cells: readonly NotebookCell[], notebook: NotebookDocument): Promise<void> {
    const executions = cells.map((cell) => this.#controller.createNotebookCellExecution(cell));
    const queue = (this.#queues.get(notebook) ?? Promise.resolve()).then(() => this.#runAll(executions));
    this.#queues.set(notebook, queue);
    return queue;
  }

  /** Never rejects. Several cells run by what they depend on; a cell that was not run says why. */
  async #runAll(executions: readonly NotebookCellExecution[]): Promise<void> {
    const [only] = executions;
    if (executions.length === 1 && only) {
      if (only.token.isCancellationRequested) only.end(undefined);
      else await this.#runToEnd(only);
      return;
    }
    const { server, status } = this.#parts;
    const skipped = await runBatch(server, executions, (execution, apart) => this.#runToEnd(execution, apart));
    for (const { cell, reason } of skipped) status.set(cell, { text: `$(debug-step-over) not run: ${reason}`, tooltip: reason });
  }

  async #runToEnd(execution: NotebookCellExecution, apart = false): Promise<boolean> {
    const { notebook } = execution.cell;
    const order = (this.#executionOrder.get(notebook) ?? 0) + 1;
    this.#executionOrder.set(notebook, order);
    execution.executionOrder = order;
    execution.start(Date.now());
    const isWell = await this.#run(execution, apart);
    execution.end(isWell, Date.now());
    return isWell;
  }

  /** Runs a cell within the run of another, which needs it; undefined when it waits for a run of its own already. */
  #runFirst(cell: NotebookCell): Promise<boolean> | undefined {
    try {
      return this.#runToEnd(this.#controller.createNotebookCellExecution(cell));
    } catch {
      return undefined;
    }
  }

  async #run(execution: NotebookCellExecution, apart: boolean): Promise<boolean> {
    try {
      return await new CellRun(this.#parts, execution, apart).run();
    } catch (error) {
      this.#parts.log.error(`A cell could not show its run: ${String(error)}`);
      return false;
    } finally {
      this.freshness.left(execution.cell);
    }
  }
}
