import type { ViewerMessage, ViewerRequest } from '../../../server/protocol/dataViewer.ts';
import type { PageReply } from '../../../server/protocol/notebookOutput.ts';
import type { PanelRequest } from '../../../server/protocol/resultsPanel.ts';
import type * as ChartModule from '../chart/main.ts';
import { loadModule } from '../loadModule.ts';
import { panelStyle } from '../panel/panelStyle.ts';
import { gridStyle, PageClient, tabStyle, viewStyle } from '../shared.ts';
import { viewerStyle } from './viewerStyle.ts';
import { ViewerView } from './viewerView.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const { postMessage } = acquireVsCodeApi();
const pages = new PageClient((message) => postMessage(message));
const loadCharts = loadModule<typeof ChartModule>(new URL('../chart/main.js', import.meta.url));
const viewer = new ViewerView({ pages, loadCharts }, (request: PanelRequest | ViewerRequest) => postMessage(request));
for (const text of [gridStyle, viewStyle, tabStyle, panelStyle, viewerStyle]) {
  // The page's policy allows no style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
document.body.append(viewer.element);

window.addEventListener('message', ({ data }: MessageEvent<PageReply | ViewerMessage>) => {
  if (
    data.type === 'file' ||
    data.type === 'run' ||
    data.type === 'runProgress' ||
    data.type === 'runActive' ||
    data.type === 'runClosed'
  ) {
    viewer.receive(data);
  } else pages.receive(data);
});
postMessage({ type: 'ready' } satisfies PanelRequest);
