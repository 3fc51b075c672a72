import uplotStyle from 'uplot/dist/uPlot.min.css';
import type { MonitorMessage, MonitorRequest } from '../../../server/protocol/monitorPage.ts';
import { monitorStyle } from './monitorStyle.ts';
import { MonitorView } from './monitorView.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const { postMessage } = acquireVsCodeApi();
const tell = (request: MonitorRequest) => postMessage(request);
for (const text of [uplotStyle, monitorStyle]) {
  // The page's policy allows no style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
const view = new MonitorView(tell);
document.body.append(view.element);
window.addEventListener('message', ({ data }: MessageEvent<MonitorMessage>) => view.receive(data));
tell({ type: 'ready' });
