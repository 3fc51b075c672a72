import type { ComparisonMessage, ComparisonRequest } from '../../../server/protocol/comparison.ts';
import type { PageReply } from '../../../server/protocol/notebookOutput.ts';
import { gridStyle, PageClient, viewStyle } from '../shared.ts';
import { comparisonStyle } from './comparisonStyle.ts';
import { ComparisonView } from './comparisonView.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const { postMessage } = acquireVsCodeApi();
const pages = new PageClient((message) => postMessage(message));
const view = new ComparisonView(pages, (request: ComparisonRequest) => postMessage(request));
for (const text of [gridStyle, viewStyle, comparisonStyle]) {
  // The page's policy allows no style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
document.body.append(view.element);

window.addEventListener('message', ({ data }: MessageEvent<PageReply | ComparisonMessage>) => {
  if (data.type === 'comparison' || data.type === 'comparing' || data.type === 'comparisonFailed') view.receive(data);
  else pages.receive(data);
});
postMessage({ type: 'ready' } satisfies ComparisonRequest);
