import { type Uri, window } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { CellFreshness } from '../notebook/cellFreshness.ts';
import { DependencyGraphPanel } from '../notebook/dependencyGraphPanel.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** Draws the cells of the notebook that is worked in and what each depends on, beside it. */
export function showDependencyGraph(server: ServerProcess, freshness: CellFreshness, extensionUri: Uri): () => void {
  const panels = new Set<DependencyGraphPanel>();
  return () => {
    const notebook = window.activeNotebookEditor?.notebook;
    if (notebook?.notebookType !== NOTEBOOK_TYPE) {
      void window.showInformationMessage('Open a Kodiak notebook: its dependency graph can then be shown.');
      return;
    }
    const known = [...panels].find((panel) => panel.notebook === notebook);
    if (known) {
      known.reveal();
      return;
    }
    const panel: DependencyGraphPanel = new DependencyGraphPanel(server, freshness, extensionUri, notebook, () => panels.delete(panel));
    panels.add(panel);
  };
}
