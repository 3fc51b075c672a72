import type { RendererContext } from 'vscode-notebook-renderer';

/**
 * False where VS Code loads a renderer ahead of time, as `notebookPreload` in package.json asks: it takes it for the code of a kernel then, and
 * activates it again as what it is when an output needs it. The code is on its way in the meantime, while VS Code still reads the notebook.
 */
export function isRenderer(context: object): context is RendererContext<unknown> {
  return 'setState' in context;
}
