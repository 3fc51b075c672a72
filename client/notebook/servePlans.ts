import { type Disposable, env, notebooks, Uri, window, workspace } from 'vscode';
import { RENDERER_ID } from '../../server/protocol/notebookOutput.ts';
import type { PlanTextRequest } from '../../server/protocol/plan.ts';
import { showFailure } from '../showFailure.ts';

/** Gives people what they ask for at the plans in outputs: copies and files. */
export function servePlans(): Disposable {
  return notebooks.createRendererMessaging(RENDERER_ID).onDidReceiveMessage(async ({ message }) => {
    if (isPlanText(message)) await givePlanText(message).catch(showFailure);
  });
}

/** Puts a plan into the clipboard, or into a file that the person chooses. */
export async function givePlanText({ type, text, extension }: PlanTextRequest): Promise<void> {
  if (type === 'copyPlan') {
    await env.clipboard.writeText(text);
    window.setStatusBarMessage('The plan was copied.', 3000);
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const uri = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, `plan.${extension}`) }),
    filters: { [extension.toUpperCase()]: [extension] },
    title: 'Save the Plan',
  });
  if (uri !== undefined) await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

function isPlanText(message: unknown): message is PlanTextRequest {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('text' in message)) return false;
  return (message.type === 'savePlan' || message.type === 'copyPlan') && typeof message.text === 'string';
}
