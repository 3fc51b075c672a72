import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import type { AsOfOutput, AsOfReply, AsOfRequest } from '../../../server/protocol/notebookOutput.ts';
import { AsOfLine } from './asOfLine.ts';
import { asOfStyle } from './asOfStyle.ts';

/** Draws the line above the outputs of an earlier run. */
export const activate: ActivationFunction = (context) => {
  const style = document.createElement('style');
  style.textContent = asOfStyle;
  document.head.append(style);
  const lines = new Map<string, { readonly key: string; readonly line: AsOfLine }>();
  const post = (request: AsOfRequest) => context.postMessage?.(request);
  context.onDidReceiveMessage?.(({ key, freshness }: AsOfReply) => {
    for (const shown of lines.values()) if (shown.key === key) shown.line.show(freshness);
  });
  return {
    renderOutputItem(item: OutputItem, element: HTMLElement) {
      const { key, ranAt }: AsOfOutput = item.json();
      const known = lines.get(item.id);
      const line = known?.key === key ? known.line : new AsOfLine(ranAt, () => post({ type: 'runAgain', key }));
      lines.set(item.id, { key, line });
      element.replaceChildren(line.element);
      post({ type: 'check', key });
    },
    disposeOutputItem(id?: string) {
      if (id === undefined) lines.clear();
      else lines.delete(id);
    },
  };
};
