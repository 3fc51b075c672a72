import { commands, window } from 'vscode';
import { failureOf, presentError } from './presentError.ts';

/** Tells a person that something did not work. Returns when the message is gone. */
export async function showFailure(error: unknown): Promise<void> {
  const failure = failureOf(error);
  if (failure.code === 'cancelled') return;
  const showLog = 'Show Log';
  const choice = await window.showErrorMessage(presentError(failure).text, showLog);
  if (choice === showLog) await commands.executeCommand('kodiak.showLog');
}
