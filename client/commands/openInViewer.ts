import { commands, Uri, window } from 'vscode';
import { VIEWER_TYPE } from '../../server/protocol/dataViewer.ts';
import { absolutePath } from '../explorer/dataFiles.ts';
import type { ExplorerViews } from '../explorer/explorerViews.ts';

/** Opens a data file of a menu, of the explorer, or of the editor that is worked in, in the data viewer. */
export function openInViewer(explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = given instanceof Uri ? undefined : explorer.node(given);
    const uri =
      given instanceof Uri ? given : node?.kind === 'file' ? Uri.file(absolutePath(node.file)) : window.activeTextEditor?.document.uri;
    if (uri !== undefined) await commands.executeCommand('vscode.openWith', uri, VIEWER_TYPE);
  };
}
