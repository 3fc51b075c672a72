import { commands, Disposable, StatusBarAlignment, window } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { CellFreshness } from './cellFreshness.ts';
import { staleCells } from './staleCells.ts';

/** True while the notebook that is worked in has stale cells: then its toolbar offers to run them. */
const CONTEXT_KEY = 'kodiak.hasStaleCells';
const PRIORITY = 61;

/** The number of stale cells of the notebook that is worked in, at the bottom of the window; nothing when there is none. */
export function showStaleCount(freshness: CellFreshness): Disposable {
  const item = window.createStatusBarItem('kodiak.stale', StatusBarAlignment.Left, PRIORITY);
  item.name = 'Kodiak: stale cells';
  item.command = 'kodiak.runStaleCells';
  let shown = -1;
  const show = () => {
    const notebook = window.activeNotebookEditor?.notebook;
    const count = notebook?.notebookType === NOTEBOOK_TYPE ? staleCells(freshness.states(notebook)).length : 0;
    if (count === shown) return;
    shown = count;
    item.text = `$(warning) ${count} stale`;
    item.tooltip = `${count === 1 ? '1 cell has an output that is' : `${count} cells have outputs that are`} out of date. Click to run ${count === 1 ? 'it' : 'them'}, in order.`;
    if (count > 0) item.show();
    else item.hide();
    void commands.executeCommand('setContext', CONTEXT_KEY, count > 0);
  };
  show();
  return Disposable.from(item, freshness.onDidChange(show), window.onDidChangeActiveNotebookEditor(show));
}
