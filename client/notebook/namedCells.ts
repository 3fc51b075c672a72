import { Disposable, type NotebookCell, NotebookCellKind, type NotebookDocument, workspace } from 'vscode';
import { forgetNamedResult, nameCells } from '../../server/protocol/requests.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { readMarker } from './cellMarker.ts';
import { cellSource } from './serializer.ts';

/** The attribute under which other cells read a cell's result: `-- %% name=daily`. */
export const NAME_ATTRIBUTE = 'name';

/** Tells the server which cells have names, and which names no cell has any more: their results are gone then. */
export class NamedCells implements Disposable {
  readonly #server: ServerProcess;
  readonly #told = new WeakMap<NotebookDocument, string>();
  readonly #subscriptions: Disposable;

  constructor(server: ServerProcess) {
    this.#server = server;
    this.#subscriptions = Disposable.from(
      workspace.onDidOpenNotebookDocument((notebook) => this.#tell(notebook)),
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        if (contentChanges.length > 0 || cellChanges.some(({ metadata }) => metadata !== undefined)) this.#tell(notebook);
      }),
      server.onDidReplace(() => {
        for (const notebook of workspace.notebookDocuments) this.#tell(notebook, true);
      }),
    );
    for (const notebook of workspace.notebookDocuments) this.#tell(notebook);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #tell(notebook: NotebookDocument, again = false): void {
    if (notebook.notebookType !== NOTEBOOK_TYPE) return;
    const cells = namesIn(notebook);
    const told = JSON.stringify(cells);
    const before = this.#told.get(notebook);
    if (told === before || (before === undefined && cells.length === 0)) return;
    if (!again && before !== undefined) this.#forget(notebook, JSON.parse(before), cells);
    this.#told.set(notebook, told);
    this.#server.request(nameCells, { notebook: notebook.uri.toString(), cells }).catch(() => {
      // A server that starts anew is told again.
      this.#told.delete(notebook);
    });
  }

  /** A name that went, or went over to another cell, has no rows until that runs. */
  #forget(notebook: NotebookDocument, before: readonly NamedCell[], now: readonly NamedCell[]): void {
    for (const { cell, name } of before) {
      if (now.some((other) => other.cell === cell && sameName(other.name, name))) continue;
      this.#server.request(forgetNamedResult, { sessionId: notebook.uri.toString(), name }).catch(() => undefined);
    }
  }
}

interface NamedCell {
  readonly cell: string;
  readonly name: string;
}

/** The name of a cell's result, and why it cannot be that, if so. */
export function resultNameOf(cell: NotebookCell): { readonly name: string; readonly problem?: string } | undefined {
  const name = readMarker(cellSource(cell.metadata)).attributes.get(NAME_ATTRIBUTE);
  if (name === undefined || cell.kind !== NotebookCellKind.Code) return undefined;
  const owner = cell.notebook.getCells().find((other) => sameName(nameOf(other), name));
  if (owner === undefined || owner === cell) return { name };
  return { name, problem: `The result cannot be called "${name}": cell ${owner.index + 1} has that name. Give this one another.` };
}

/** Of equal names the first cell has it. */
function namesIn(notebook: NotebookDocument): NamedCell[] {
  const found = new Map<string, NamedCell>();
  for (const cell of notebook.getCells()) {
    const name = nameOf(cell);
    if (name !== undefined && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), { cell: cell.document.uri.toString(), name });
  }
  return [...found.values()];
}

function nameOf(cell: NotebookCell): string | undefined {
  return cell.kind === NotebookCellKind.Code ? readMarker(cellSource(cell.metadata)).attributes.get(NAME_ATTRIBUTE) : undefined;
}

function sameName(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
