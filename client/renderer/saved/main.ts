import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import { savedStyle } from './savedStyle.ts';
import { savedView } from './savedView.ts';

export const activate: ActivationFunction = () => {
  const style = document.createElement('style');
  style.textContent = savedStyle;
  document.head.append(style);
  return {
    renderOutputItem(item: OutputItem, element: HTMLElement) {
      element.replaceChildren(savedView(item.json()));
    },
  };
};
