// What the pages of webviews and the charts have in common with the notebook's renderer. Its bundle holds them for all: it is loaded in one
// piece there, and a page imports them from it.
export { gridStyle } from './gridStyle.ts';
export { PageClient, PageFailure } from './pageClient.ts';
export { planStyle } from './plan/planStyle.ts';
export { PlanView } from './plan/planView.ts';
export { PopupMenu } from './popupMenu.ts';
export { ResultTabs } from './resultTabs.ts';
export { ResultView } from './resultView.ts';
export { tabStyle } from './tabStyle.ts';
export { viewStyle } from './viewStyle.ts';
