import { NotebookCellOutput, NotebookCellOutputItem } from 'vscode';
import { holding } from './heldResults.ts';
import type { PlannedOutput } from './resultOutput.ts';

/** A planned output as VS Code takes it. */
export function toOutput(plan: PlannedOutput): NotebookCellOutput {
  return new NotebookCellOutput(toItems(plan), { ...plan.metadata, ...(plan.resultId !== undefined && holding(plan.resultId)) });
}

export function toItems(plan: PlannedOutput): NotebookCellOutputItem[] {
  return plan.items.map(({ mime, text }) => NotebookCellOutputItem.text(text, mime));
}
