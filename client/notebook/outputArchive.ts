import { readFile } from 'node:fs/promises';
import {
  commands,
  Disposable,
  type NotebookCell,
  NotebookCellKind,
  type NotebookData,
  type NotebookDocument,
  type NotebookSerializer,
  workspace,
} from 'vscode';
import { type ArchivedCell, cellFile, cellKey, occurrencesOf, readCell } from '../../server/protocol/archive.ts';
import { dropResults, keepResults } from '../../server/protocol/requests.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { readClientSettings } from '../readClientSettings.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { readMarker } from './cellMarker.ts';
import { databaseNow, keyOf, placeOf } from './cellPlace.ts';
import { type EndedCellRun, failureOutput } from './cellRun.ts';
import type { SqlController } from './controller.ts';
import { idsIn } from './heldResults.ts';
import { findOpening } from './openingNotebook.ts';
import { isParams } from './paramsCells.ts';
import { assignedPins, type KeptPin, pinCellKey, pinPlace } from './pinMemory.ts';
import { pinnedOutput } from './pinnedResults.ts';
import { reopenedOutputs, reopenedResult } from './reopenedOutput.ts';
import { type PlannedOutput, unshownResults } from './resultOutput.ts';
import { cellSource } from './serializer.ts';
import { toOutput } from './toOutput.ts';

/** The metadata under which an output of an earlier run says which notebook and cell it was kept for. */
const PLACE_KEY = 'kodiakEarlier';

/** A cell that is still empty then was cleared by a person. */
const CLEARED_MS = 500;

interface EarlierPlace {
  readonly notebook: string;
  readonly key: string;
}

/**
 * Outputs that a notebook has again when it is opened. The server keeps what cells show; it is read here without it, from the cells'
 * own files, so that outputs are there with their cells. Rows beyond the first ones are asked for as always, by their handle.
 */
export class OutputArchive implements Disposable {
  readonly #server: ServerProcess;
  readonly #folder: string;
  readonly #controller: SqlController;
  readonly #subscriptions: Disposable;

  constructor(server: ServerProcess, folder: string, controller: SqlController) {
    this.#server = server;
    this.#folder = folder;
    this.#controller = controller;
    this.#subscriptions = Disposable.from(
      controller.onDidEndRun((ended) => this.#keep(ended)),
      workspace.onDidOpenNotebookDocument((notebook) => void this.#adopt(notebook)),
      workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
        if (notebook.notebookType !== NOTEBOOK_TYPE) return;
        const cleared = cellChanges.filter(({ outputs }) => outputs?.length === 0).map(({ cell }) => cell);
        // A run clears its cell, too, and then fills it.
        if (cleared.length > 0) setTimeout(() => this.#drop(cleared), CLEARED_MS);
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** A serializer whose cells have the outputs that they had when the notebook was open last. */
  reopening(serializer: NotebookSerializer): NotebookSerializer {
    return {
      deserializeNotebook: async (content, token) => {
        const data = await serializer.deserializeNotebook(content, token);
        await this.#fill(data, content).catch(() => {
          // Without them the notebook is as one that never ran.
        });
        return data;
      },
      serializeNotebook: (data, token) => serializer.serializeNotebook(data, token),
    };
  }

  async #fill(data: NotebookData, content: Uint8Array): Promise<void> {
    if (readClientSettings()['resultsKeepMegabytes'] === 0) return;
    const notebook = (await findOpening(content))?.toString();
    if (notebook === undefined) return;
    const cells = data.cells.filter(({ kind }) => kind === NotebookCellKind.Code);
    const occurrences = occurrencesOf(cells.map(({ value }) => value));
    const database = databaseNow();
    const pinKeys = cells.map(({ value }, index) => pinCellKey({ notebook, sql: value, occurrence: occurrences[index] ?? 0 }));
    const pins = assignedPins(this.#controller.pins.kept(notebook), pinKeys);
    await Promise.all(
      cells.map(async (cell, index) => {
        const key = cellKey({ notebook, database, sql: cell.value, occurrence: occurrences[index] ?? 0 });
        const { role } = readMarker(cellSource(cell.metadata));
        if (role === 'params') return;
        const archived = await this.#read(key);
        const outputs = archived === undefined ? [] : reopenedOutputs(key, archived, Date.now()).map(toOutput);
        const failure = archived?.outcome.failure;
        if (failure) outputs.push(failureOutput(failure, role === 'assert' ? undefined : cell.value));
        const pin = pins.get(index);
        const pinned = pin && (await this.#pinned(pin, notebook));
        const shown = outputs.find((output) => pinned?.resultId !== undefined && idsIn([output]).has(pinned.resultId));
        // A cell that did not run since shows it once.
        if (shown !== undefined) shown.metadata = { ...shown.metadata, ...pinned?.metadata };
        else if (pinned !== undefined) outputs.push(toOutput(pinned));
        const place: EarlierPlace = { notebook, key };
        for (const output of outputs) output.metadata = { ...output.metadata, [PLACE_KEY]: place };
        if (outputs.length > 0) cell.outputs = outputs;
      }),
    );
  }

  /** The result that was pinned in a cell, if it is still kept. */
  async #pinned(pin: KeptPin, notebook: string): Promise<PlannedOutput | undefined> {
    const archived = await this.#read(cellKey(pinPlace(pin, notebook)));
    const output = archived && reopenedResult(archived);
    return output && pinnedOutput({ ...pin, output, pinnedAt: new Date(pin.pinnedAt) }, notebook);
  }

  async #read(key: string): Promise<ArchivedCell | undefined> {
    try {
      return readCell(await readFile(cellFile(this.#folder, key), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Outputs of another notebook, whose file has the same content, are taken away. */
  async #adopt(notebook: NotebookDocument): Promise<void> {
    if (notebook.notebookType !== NOTEBOOK_TYPE) return;
    // All of them before anything runs.
    for (const cell of notebook.getCells()) this.#controller.pins.adopt(cell);
    for (const cell of notebook.getCells()) {
      const place = earlierPlace(cell);
      if (place === undefined) continue;
      if (place.notebook === notebook.uri.toString()) {
        const sql = cell.document.getText();
        this.#controller.adopt(cell, idsIn(cell.outputs));
        const archived = await this.#read(place.key);
        if (archived !== undefined) this.#controller.freshness.adopt(cell, { sql, run: archived.outcome });
        continue;
      }
      const ranges = [{ start: cell.index, end: cell.index + 1 }];
      await commands.executeCommand('notebook.cell.clearOutputs', { ranges, document: notebook.uri });
    }
  }

  #keep({ cell, run, sql }: EndedCellRun): void {
    const { notebook } = cell;
    // Inputs are made from the cell's text, and a new notebook's name may be another's tomorrow.
    if (notebook.uri.scheme === 'untitled' || run.failure?.code === 'cancelled' || isParams(cell)) return;
    const unshown = new Set(unshownResults(run.statements));
    const statements = run.statements.map((statement) => {
      const { result } = statement;
      return unshown.has(result.resultId) ? statement : { ...statement, result: { ...result, preview: [] } };
    });
    const { elapsedMs, failure } = run;
    const outcome = { statements, elapsedMs, ...(failure && { failure }) };
    const { database: _, ...place } = placeOf(cell, sql);
    this.#server.request(keepResults, { ...place, ranAt: Date.now(), outcome }).catch(() => {
      // A server that ended keeps nothing.
    });
  }

  /** What a person has cleared does not come back. */
  #drop(cells: readonly NotebookCell[]): void {
    const empty = cells.filter((cell) => cell.outputs.length === 0 && !cell.notebook.isClosed && !this.#controller.isRunning(cell));
    if (empty.length === 0) return;
    this.#server.request(dropResults, { keys: empty.map(keyOf) }).catch(() => {
      // A server that ended keeps nothing new; what is there is as it was.
    });
  }
}

/** The cell whose outputs of an earlier run have this key. */
export function earlierCell(notebook: NotebookDocument, key: string): NotebookCell | undefined {
  return notebook.getCells().find((cell) => earlierPlace(cell)?.key === key);
}

/** Of all cells that show outputs of an earlier run. */
export function earlierKeys(notebook: NotebookDocument): string[] {
  return notebook.getCells().flatMap((cell) => earlierPlace(cell)?.key ?? []);
}

function earlierPlace({ outputs }: NotebookCell): EarlierPlace | undefined {
  return outputs[0]?.metadata?.[PLACE_KEY] as EarlierPlace | undefined;
}
