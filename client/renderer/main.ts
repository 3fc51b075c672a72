import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import type { PageReply, ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { PLAN_MIME } from '../../server/protocol/plan.ts';
import type * as ChartModule from './chart/main.ts';
import { gridStyle } from './gridStyle.ts';
import { loadModule } from './loadModule.ts';
import { PageClient } from './pageClient.ts';
import { PlanOutputs } from './plan/planOutputs.ts';
import { planStyle } from './plan/planStyle.ts';
import { type ChartKeeper, ResultTabs } from './resultTabs.ts';
import { tabStyle } from './tabStyle.ts';
import { viewStyle } from './viewStyle.ts';

export * from './shared.ts';

export const activate: ActivationFunction = (context) => {
  const pages = new PageClient((message) => context.postMessage?.(message));
  context.onDidReceiveMessage?.((message: PageReply) => pages.receive(message));
  const style = document.createElement('style');
  style.textContent = gridStyle + viewStyle + tabStyle + planStyle;
  document.head.append(style);

  const keeper: ChartKeeper = {
    keptIn: 'cell',
    read: (resultId) => pages.keptChart(resultId),
    keep: (resultId, attributes) => pages.keepChart(resultId, attributes),
  };
  const parts = { pages, keeper, loadCharts: loadModule<typeof ChartModule>(new URL('./chart/main.js', import.meta.url)) };
  const plans = new PlanOutputs((message) => context.postMessage?.(message));
  /** By output item. */
  const views = new Map<string, { readonly resultId: string; readonly view: ResultTabs }>();
  const dispose = (id: string) => {
    views.get(id)?.view.dispose();
    views.delete(id);
  };

  return {
    renderOutputItem(item: OutputItem, element: HTMLElement) {
      if (item.mime === PLAN_MIME) {
        plans.render(item, element);
        return;
      }
      const output: ResultOutput = item.json();
      const shown = views.get(item.id);
      if (shown !== undefined && shown.resultId === output.resultId) {
        if (shown.view.element.parentElement !== element) element.replaceChildren(shown.view.element);
        shown.view.update(output);
        shown.view.attached();
        return;
      }
      dispose(item.id);
      const view = new ResultTabs(output, parts);
      views.set(item.id, { resultId: output.resultId, view });
      element.replaceChildren(view.element);
      view.attached();
    },
    disposeOutputItem(id?: string) {
      plans.dispose(id);
      for (const known of id === undefined ? [...views.keys()] : [id]) dispose(known);
    },
  };
};
