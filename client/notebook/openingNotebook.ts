import { TabInputNotebook, type Uri, window, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { chooseOpening, type OpeningCandidate } from './chooseOpening.ts';

/**
 * Which notebook is being opened when VS Code hands over the bytes of a file, which come without their name: of the notebooks that
 * have a tab, the one with this content. Undefined when that is not certain.
 */
export async function findOpening(content: Uint8Array): Promise<Uri | undefined> {
  const open = new Set(workspace.notebookDocuments.map(({ uri }) => uri.toString()));
  const candidates = new Map<string, OpeningCandidate & { readonly uri: Uri }>();
  for (const tab of window.tabGroups.all.flatMap(({ tabs }) => tabs)) {
    if (!(tab.input instanceof TabInputNotebook) || tab.input.notebookType !== NOTEBOOK_TYPE) continue;
    const { uri } = tab.input;
    if (uri.scheme === 'untitled') continue;
    const known = candidates.get(uri.toString());
    candidates.set(uri.toString(), {
      uri,
      isOpen: open.has(uri.toString()),
      isActive: tab.isActive || known?.isActive === true,
      hasContent: known?.hasContent ?? (await hasContent(uri, content)),
    });
  }
  return chooseOpening([...candidates.values()])?.uri;
}

async function hasContent(uri: Uri, content: Uint8Array): Promise<boolean> {
  try {
    const { size } = await workspace.fs.stat(uri);
    return size === content.length && Buffer.compare(await workspace.fs.readFile(uri), content) === 0;
  } catch {
    return false;
  }
}
