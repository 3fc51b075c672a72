import { type NotebookCell, window } from 'vscode';
import type { PinnedResults } from '../notebook/pinnedResults.ts';
import { selectedCell } from '../notebook/selectedCell.ts';

/** Keeps the result of a cell beside newer ones, or lets go of the one that is kept where the cell shows no newer. */
export function pinResult(pins: PinnedResults): (given?: NotebookCell) => void {
  return (given) => {
    const cell = selectedCell(given);
    const outcome = cell === undefined ? 'none' : pins.pin(cell);
    if (outcome === 'none') void window.showInformationMessage('There is no result here to pin: select a cell that shows one.');
    if (outcome === 'incomplete') void window.showInformationMessage('The rows of this result still arrive: pin it when its cell has run.');
  };
}

export function unpinResult(pins: PinnedResults): (given?: NotebookCell) => void {
  return (given) => {
    const cell = selectedCell(given);
    if (cell !== undefined && pins.of(cell) !== undefined) pins.unpin(cell);
    else void window.showInformationMessage('The selected cell has no pinned result.');
  };
}
