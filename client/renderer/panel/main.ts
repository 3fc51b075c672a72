import type { PageReply } from '../../../server/protocol/notebookOutput.ts';
import type { PanelMessage, PanelRequest } from '../../../server/protocol/resultsPanel.ts';
import type * as ChartModule from '../chart/main.ts';
import { loadModule } from '../loadModule.ts';
import { gridStyle, PageClient, planStyle, tabStyle, viewStyle } from '../shared.ts';
import { panelStyle } from './panelStyle.ts';
import { PanelView } from './panelView.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const { postMessage } = acquireVsCodeApi();
const pages = new PageClient((message) => postMessage(message));
const loadCharts = loadModule<typeof ChartModule>(new URL('../chart/main.js', import.meta.url));
const panel = new PanelView({ pages, loadCharts }, (request: PanelRequest) => postMessage(request));
for (const text of [gridStyle, viewStyle, tabStyle, planStyle, panelStyle]) {
  // The page's policy allows no style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
document.body.append(panel.element);

window.addEventListener('message', ({ data }: MessageEvent<PageReply | PanelMessage>) => {
  if (data.type === 'run' || data.type === 'runProgress' || data.type === 'runActive' || data.type === 'runClosed') panel.receive(data);
  else pages.receive(data);
});
postMessage({ type: 'ready' } satisfies PanelRequest);
