import type { GraphPageMessage, GraphPageRequest } from '../../../server/protocol/graphPage.ts';
import { graphStyle } from './graphStyle.ts';
import { GraphView } from './graphView.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const { postMessage } = acquireVsCodeApi();
const tell = (request: GraphPageRequest) => postMessage(request);
const view = new GraphView((cell) => tell({ type: 'open', cell }));
// The page's policy allows no style elements.
const sheet = new CSSStyleSheet();
sheet.replaceSync(graphStyle);
document.adoptedStyleSheets.push(sheet);
document.body.append(view.element);
window.addEventListener('message', ({ data }: MessageEvent<GraphPageMessage>) => {
  if (data.type === 'graph') view.show(data.picture);
});
tell({ type: 'ready' });
