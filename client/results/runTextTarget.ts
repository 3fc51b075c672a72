import { basename } from 'node:path';
import type { TextDocument } from 'vscode';
import type { ShownRun } from '../../server/protocol/resultsPanel.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import type { ResultsView } from './resultsView.ts';
import { type RunTarget, shortSql } from './runTarget.ts';

/** Runs a part of a document, or all of it, in the document's session, and shows what comes of it. Gives how it ended; never rejects. */
export async function runTextTarget(results: ResultsView, document: TextDocument, target: RunTarget): Promise<ShownRun> {
  const name = basename(document.uri.path);
  const text = document.getText();
  const title =
    target.plan !== undefined
      ? shortSql(`${target.plan.toUpperCase()} ${target.sql}`)
      : target.sql.length === text.length
        ? name
        : shortSql(target.sql);
  const ended = results.runs.run({ uri: document.uri.toString(), text, target, title, name, cwd: workingFolder(document) });
  await results.reveal();
  return await ended;
}
