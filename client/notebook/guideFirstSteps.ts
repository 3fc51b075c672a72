import {
  commands,
  Disposable,
  type NotebookCell,
  NotebookCellKind,
  NotebookCellStatusBarAlignment,
  NotebookCellStatusBarItem,
  notebooks,
} from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { SqlController } from './controller.ts';

/** Context key of package.json: the walkthrough's step is done. */
const HAS_RUN = 'kodiak.cellHasRun';

/** Says below the first cell of a notebook without text what to do, and tells the walkthrough when a cell has run. */
export function guideFirstSteps(controller: Pick<SqlController, 'onDidEndRun'>): Disposable {
  return Disposable.from(
    controller.onDidEndRun(() => void commands.executeCommand('setContext', HAS_RUN, true)),
    notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, { provideCellStatusBarItems: firstSteps }),
  );
}

function firstSteps(cell: NotebookCell): NotebookCellStatusBarItem[] {
  const { notebook } = cell;
  if (cell.index !== 0 || cell.kind !== NotebookCellKind.Code) return [];
  if (notebook.getCells().some(({ document }) => document.getText().trim() !== '')) return [];
  const hint = new NotebookCellStatusBarItem(
    "Write SQL, such as FROM 'data.csv', and run it with Ctrl+Enter",
    NotebookCellStatusBarAlignment.Left,
  );
  const tour = new NotebookCellStatusBarItem('$(compass) Open the guided tour', NotebookCellStatusBarAlignment.Left);
  tour.command = 'kodiak.openTour';
  const database = new NotebookCellStatusBarItem('$(database) Open a database', NotebookCellStatusBarAlignment.Left);
  database.command = 'kodiak.openDatabase';
  return [hint, tour, database];
}
