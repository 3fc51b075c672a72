import { commands, type ExtensionContext, ExtensionMode, FileType, Uri, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { showFailure } from '../showFailure.ts';

const TOUR = 'tour.kodiak.sql';

/** Opens the guided tour: in an installed extension a copy, so that it can be edited and is not lost with an update. */
export function openTour(context: ExtensionContext): () => Promise<void> {
  return async () => {
    try {
      const shipped = Uri.joinPath(context.extensionUri, 'examples');
      const folder = context.extensionMode === ExtensionMode.Production ? await copyOf(shipped, context) : shipped;
      await commands.executeCommand('vscode.openWith', Uri.joinPath(folder, TOUR), NOTEBOOK_TYPE);
    } catch (error) {
      await showFailure(error);
    }
  };
}

/** Each version has a copy of its own; one that is there is kept with its edits. */
async function copyOf(shipped: Uri, context: ExtensionContext): Promise<Uri> {
  const version: unknown = context.extension.packageJSON.version;
  const copy = Uri.joinPath(context.globalStorageUri, `examples-${String(version)}`);
  await copyMissing(shipped, copy);
  return copy;
}

async function copyMissing(from: Uri, to: Uri): Promise<void> {
  await workspace.fs.createDirectory(to);
  const present = new Set((await workspace.fs.readDirectory(to)).map(([name]) => name));
  for (const [name, type] of await workspace.fs.readDirectory(from)) {
    const [source, target] = [Uri.joinPath(from, name), Uri.joinPath(to, name)];
    if (type === FileType.Directory) await copyMissing(source, target);
    else if (!present.has(name)) await workspace.fs.copy(source, target);
  }
}
