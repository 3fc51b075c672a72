import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import type { ParamsOutput, ParamsReply } from '../../../server/protocol/paramsOutput.ts';
import { paramsStyle } from './paramsStyle.ts';
import { ParamsView } from './paramsView.ts';

export const activate: ActivationFunction = (context) => {
  const style = document.createElement('style');
  style.textContent = paramsStyle;
  document.head.append(style);

  /** By output item. */
  const views = new Map<string, ParamsView>();
  /** The input that a person was in when the cell ran again and made its inputs anew. */
  let focused: { readonly key: string; readonly name: string } | undefined;

  context.onDidReceiveMessage?.((reply: ParamsReply) => {
    for (const view of views.values()) if (view.key === reply.key) view.receive(reply);
  });

  return {
    renderOutputItem(item: OutputItem, element: HTMLElement) {
      const output: ParamsOutput = item.json();
      const shown = views.get(item.id);
      if (shown !== undefined && shown.key === output.key && shown.element.parentElement === element) {
        shown.update(output);
        return;
      }
      const view = new ParamsView(output, (request) => context.postMessage?.(request));
      views.set(item.id, view);
      element.replaceChildren(view.element);
      view.element.addEventListener('focusin', (event) => {
        const { name } = (event.target as HTMLElement).dataset;
        focused = name === undefined ? undefined : { key: output.key, name };
      });
      view.element.addEventListener('focusout', ({ relatedTarget }) => {
        if (relatedTarget !== null) focused = undefined;
      });
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (focused?.key === output.key && isLost) view.focus(focused.name);
    },
    disposeOutputItem(id?: string) {
      for (const known of id === undefined ? [...views.keys()] : [id]) views.delete(known);
    },
  };
};
