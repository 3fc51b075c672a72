import { randomUUID } from 'node:crypto';
import {
  commands,
  Disposable,
  type NotebookCell,
  NotebookCellData,
  NotebookCellKind,
  type NotebookCellOutput,
  type NotebookDocument,
  NotebookEdit,
  notebooks,
  Range,
  WorkspaceEdit,
  workspace,
} from 'vscode';
import { sameEnds } from '../../engine/sql/sameEnds.ts';
import {
  PARAMS_MIME,
  PARAMS_RENDERER_ID,
  type ParamsOutput,
  type ParamsReply,
  type ParamsRequest,
} from '../../server/protocol/paramsOutput.ts';
import { runQuery } from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { askValues } from './askValues.ts';
import { readMarker } from './cellMarker.ts';
import { changeAttributes } from './changeAttributes.ts';
import { dependentCells, variablesOf } from './dependentCells.ts';
import { readParameters, setVariable, withValue } from './parameters.ts';
import { AUTO_ATTRIBUTE, paramsOutput } from './paramsOutput.ts';
import { cellSource, withSource } from './serializer.ts';
import { workingFolder } from './workingFolder.ts';

/** How a params cell is run from outside of its own run: undefined when it waits to run already. */
export type RunFirst = (cell: NotebookCell) => Promise<boolean> | undefined;

/**
 * The params cells of notebooks. Their variables are those of the notebook's session; this sees to it that they are set before a cell
 * that reads them runs, asks for what has no value, and answers their inputs.
 */
export class ParamsCells implements Disposable {
  readonly #server: ServerProcess;
  readonly #runFirst: RunFirst;
  /** By cell, the text that last ran well in the session that is open. */
  #ran = new WeakMap<NotebookCell, string>();
  readonly #keys = new WeakMap<NotebookCell, string>();
  readonly #messaging = notebooks.createRendererMessaging(PARAMS_RENDERER_ID);
  readonly #subscriptions: Disposable;

  constructor(server: ServerProcess, runFirst: RunFirst) {
    this.#server = server;
    this.#runFirst = runFirst;
    const forget = () => {
      this.#ran = new WeakMap();
    };
    this.#subscriptions = Disposable.from(
      server.onDidEnd(forget),
      server.onDidReplace(forget),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.scheme === 'vscode-notebook-cell') this.#tellEdited(document.uri.toString());
      }),
      this.#messaging.onDidReceiveMessage(({ editor, message }) => this.#answer(editor.notebook, message)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** What the output of a params cell shows. */
  outputOf(cell: NotebookCell, edited = false): ParamsOutput {
    const key = this.#keys.get(cell) ?? keyIn(cell) ?? randomUUID();
    this.#keys.set(cell, key);
    return paramsOutput(key, cell.document.getText(), markerOf(cell), edited);
  }

  /** A run of the cell has ended. */
  ended(cell: NotebookCell, sql: string, isWell: boolean): void {
    if (!isParams(cell)) return;
    if (isWell) this.#ran.set(cell, sql);
    else this.#ran.delete(cell);
  }

  /** Runs the params cells that set what the SQL reads and have not run as they stand. */
  async prepare(cell: NotebookCell, sql: string): Promise<void> {
    const { read } = variablesOf(sql);
    if (read.size === 0) return;
    for (const other of cell.notebook.getCells()) {
      const text = other.document.getText();
      const isDue = other !== cell && isParams(other) && this.#ran.get(other) !== text;
      if (!isDue || ![...variablesOf(text).set].some((name) => read.has(name))) continue;
      await (this.#runFirst(other) ?? this.#runSilently(other));
    }
  }

  /**
   * Asks for the values that a run missed and writes them into the notebook's params cell, which then runs. False when the person
   * gave none.
   */
  async ask(cell: NotebookCell, missing: NonNullable<WireFailure['missing']>): Promise<boolean> {
    const given = await askValues(missing, "It is kept in the notebook's params cell.");
    if (given === undefined) return false;
    const lines = given.map(({ name, type, value }) => setVariable(name, type, value));
    const params = await this.#append(cell.notebook, lines);
    return params !== undefined && (await (this.#runFirst(params) ?? this.#runSilently(params)));
  }

  /** Adds lines to the notebook's first params cell, or to a new one at its top. */
  async #append(notebook: NotebookDocument, lines: readonly string[]): Promise<NotebookCell | undefined> {
    const edit = new WorkspaceEdit();
    const known = notebook.getCells().find(isParams);
    if (known) {
      const { document } = known;
      const text = document.getText().trimEnd();
      const end = document.positionAt(text.length);
      const semicolon = text === '' || text.endsWith(';') || /(?:--[^\n]*|\*\/)$/.test(text) ? '' : ';';
      edit.replace(
        document.uri,
        new Range(end, document.positionAt(document.getText().length)),
        `${semicolon}${text === '' ? '' : '\n'}${lines.join('\n')}`,
      );
    } else {
      edit.set(notebook.uri, [NotebookEdit.insertCells(0, [newParamsCell(lines.join('\n'))])]);
    }
    return (await workspace.applyEdit(edit)) ? notebook.getCells().find(isParams) : undefined;
  }

  /** For a cell that waits to run: its variables are needed before. */
  async #runSilently(cell: NotebookCell): Promise<boolean> {
    const { notebook } = cell;
    const sql = cell.document.getText();
    const cwd = workingFolder(notebook);
    const params = { runId: randomUUID(), sessionId: notebook.uri.toString(), sql, ...(cwd !== undefined && { cwd }) };
    const ran = await this.#server.request(runQuery, params).catch(() => undefined);
    const isWell = ran !== undefined && ran.failure === undefined;
    this.ended(cell, sql, isWell);
    return isWell;
  }

  async #answer(notebook: NotebookDocument, request: ParamsRequest): Promise<void> {
    const cell = notebook.getCells().find((other) => keyIn(other) === request.key);
    if (!cell) return;
    switch (request.type) {
      case 'setParameter':
        await this.#set(cell, request.key, request.name, request.value);
        return;
      case 'setAuto':
        await changeAttributes(cell, { [AUTO_ATTRIBUTE]: request.auto ? 'auto' : undefined });
        return;
      case 'runDependents':
        await runCells(notebook, dependentsOf(cell, namesIn(cell)));
    }
  }

  /** Writes the value into the cell's text, where it can be undone, and runs the cell. */
  async #set(cell: NotebookCell, key: string, name: string, value: string | null): Promise<void> {
    const { document, notebook } = cell;
    const tell = (dependents: number, problem?: string) =>
      this.#post({ type: 'parameterSet', key, name, dependents, ...(problem !== undefined && { problem }) });
    let text: string;
    try {
      text = withValue(document.getText(), name, value);
    } catch (error) {
      await tell(0, error instanceof Error ? error.message : String(error));
      return;
    }
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, changedRange(document, text), changedText(document.getText(), text));
    if (!(await workspace.applyEdit(edit))) {
      await tell(0, 'The notebook cannot be changed.');
      return;
    }
    const dependents = dependentsOf(cell, [name]).filter(({ executionSummary }) => executionSummary !== undefined);
    await tell(dependents.length);
    const isAuto = markerOf(cell).attributes.get(AUTO_ATTRIBUTE) === 'auto';
    await runCells(notebook, isAuto ? [cell, ...dependents] : [cell]);
  }

  #tellEdited(cellUri: string): void {
    for (const notebook of workspace.notebookDocuments) {
      if (notebook.notebookType !== NOTEBOOK_TYPE) continue;
      const cell = notebook.getCells().find(({ document }) => document.uri.toString() === cellUri);
      const key = cell && keyIn(cell);
      if (!cell || key === undefined) continue;
      const output = this.outputOf(cell, this.#ran.get(cell) !== cell.document.getText());
      void this.#post({ type: 'parametersChanged', key, output: { ...output, key } });
    }
  }

  async #post(reply: ParamsReply): Promise<void> {
    await this.#messaging.postMessage(reply);
  }
}

/** A params cell that is not in the file yet. */
export function newParamsCell(text: string): NotebookCellData {
  const data = new NotebookCellData(NotebookCellKind.Code, text, 'sql');
  data.metadata = withSource({}, { kind: 'code', head: '-- %% params\n', body: '', tail: '\n\n' });
  return data;
}

export function isParams(cell: NotebookCell): boolean {
  return cell.kind === NotebookCellKind.Code && markerOf(cell).role === 'params';
}

export function isInputs({ items }: NotebookCellOutput): boolean {
  return items.some(({ mime }) => mime === PARAMS_MIME);
}

function markerOf(cell: NotebookCell) {
  return readMarker(cellSource(cell.metadata));
}

/** The key of the inputs that a cell shows. */
function keyIn(cell: NotebookCell): string | undefined {
  const item = cell.outputs.flatMap(({ items }) => items).find(({ mime }) => mime === PARAMS_MIME);
  return item && (JSON.parse(new TextDecoder().decode(item.data)) as ParamsOutput).key;
}

function namesIn(cell: NotebookCell): string[] {
  return readParameters(cell.document.getText()).map(({ name }) => name);
}

/** Other code cells of the notebook that depend on variables of a params cell. */
function dependentsOf(cell: NotebookCell, names: readonly string[]): NotebookCell[] {
  const cells = cell.notebook.getCells().filter((other) => other !== cell && other.kind === NotebookCellKind.Code);
  const texts = cells.map((other) => ({ text: other.document.getText(), resultName: markerOf(other).attributes.get('name') }));
  return dependentCells(texts, names).flatMap((index) => cells[index] ?? []);
}

async function runCells(notebook: NotebookDocument, cells: readonly NotebookCell[]): Promise<void> {
  if (cells.length === 0) return;
  const ranges = cells.map(({ index }) => ({ start: index, end: index + 1 }));
  await commands.executeCommand('notebook.cell.execute', { ranges, document: notebook.uri });
}

/** Only what differs is replaced, so that the cursor and the undo steps of the rest stay. */
function changedRange(document: NotebookCell['document'], text: string): Range {
  const { head, tail } = sameEnds(document.getText(), text);
  return new Range(document.positionAt(head), document.positionAt(document.getText().length - tail));
}

function changedText(before: string, text: string): string {
  const { head, tail } = sameEnds(before, text);
  return text.slice(head, text.length - tail);
}
