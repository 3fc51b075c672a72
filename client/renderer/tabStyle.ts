/** The tabs of a result, and what a chart has around its picture. Only theme variables, as for the grid. */
export const tabStyle = `
.kodiak-tabbed [hidden] { display: none !important; }
.kodiak-tabs { display: flex; gap: 2px; margin-bottom: 4px; font-family: var(--vscode-font-family); font-size: 0.92em; }
.kodiak-tab {
  padding: 2px 8px;
  border: none;
  border-bottom: 1px solid transparent;
  font: inherit;
  color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-descriptionForeground));
  background: transparent;
  cursor: pointer;
}
.kodiak-tab:hover { color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground)); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -2px; }
.kodiak-tab[aria-selected="true"] {
  color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
}
.kodiak-tab:focus-visible, .kodiak-menu-item:focus-visible, .kodiak-chart-picture:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-chart { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); color: var(--vscode-foreground); --kodiak-line: var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.kodiak-chart-head { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 4px 16px; padding-bottom: 6px; }
.kodiak-chart-controls { display: flex; flex-wrap: wrap; align-items: end; gap: 4px 8px; }
.kodiak-chart-field { display: flex; flex-direction: column; gap: 1px; min-width: 0; }
.kodiak-chart-field select { max-width: 160px; }
.kodiak-chart-label { font-size: 0.85em; color: var(--vscode-descriptionForeground); }
.kodiak-chart-tools { display: flex; align-items: center; gap: 12px; }
.kodiak-chart-keeps { display: flex; align-items: center; gap: 4px; white-space: nowrap; }
.kodiak-chart-keeps input { accent-color: var(--vscode-button-background, var(--vscode-focusBorder)); }
.kodiak-chart-said { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.kodiak-chart-status { overflow-wrap: anywhere; }
.kodiak-chart-figure { position: relative; overflow-x: auto; overflow-y: hidden; }
.kodiak-chart-picture svg { display: block; }
.kodiak-chart-notes { margin: 4px 0 0; padding: 0; list-style: none; font-size: 0.92em; color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.kodiak-chart-tooltip {
  position: absolute;
  z-index: 3;
  max-width: 320px;
  padding: 4px 8px;
  pointer-events: none;
  border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, transparent));
  color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
  background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
}
.kodiak-chart-tooltip-line { display: flex; justify-content: space-between; gap: 12px; }
.kodiak-chart-tooltip-name { color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.kodiak-chart-tooltip-text { overflow-wrap: anywhere; text-align: right; font-variant-numeric: tabular-nums; }
.kodiak-menu-place { position: relative; }
.kodiak-menu {
  position: absolute;
  right: 0;
  z-index: 4;
  display: flex;
  flex-direction: column;
  min-width: 220px;
  padding: 4px 0;
  border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, var(--kodiak-line)));
  color: var(--vscode-menu-foreground, var(--vscode-foreground));
  background: var(--vscode-menu-background, var(--vscode-editorWidget-background, var(--vscode-editor-background)));
}
.kodiak-menu-item { padding: 4px 12px; border: none; font: inherit; text-align: left; color: inherit; background: transparent; cursor: pointer; }
.kodiak-menu-item:hover, .kodiak-menu-item:focus {
  color: var(--vscode-menu-selectionForeground, inherit);
  background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground, transparent));
}
`;
