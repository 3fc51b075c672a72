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
.kodiak-tab:focus-visible, .kodiak-chart-picture:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-chart { position: relative; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); color: var(--vscode-foreground); --kodiak-line: var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
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
.kodiak-profiles { font-family: var(--vscode-font-family); color: var(--vscode-foreground); --kodiak-line: var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.kodiak-profiles .kodiak-chart-said { padding-bottom: 4px; color: var(--vscode-descriptionForeground); }
.kodiak-profile-list { position: relative; max-height: var(--results-grid-height, 420px); overflow: auto; border: 1px solid var(--kodiak-line); background: var(--vscode-editor-background); }
.kodiak-profile-list:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-profile-canvas { position: relative; min-width: 900px; }
.kodiak-profile-row {
  position: absolute;
  left: 0;
  right: 0;
  display: grid;
  grid-template-columns: minmax(120px, 2fr) minmax(90px, 1.2fr) 70px 100px minmax(90px, 1.5fr) minmax(90px, 1.5fr) minmax(160px, 2fr);
  align-items: center;
  box-sizing: border-box;
  height: 36px;
  border-bottom: 1px solid var(--kodiak-line);
}
.kodiak-profile-row:not(.kodiak-profile-heads):hover { background: var(--vscode-list-hoverBackground); }
.kodiak-profile-heads { position: sticky; top: 0; z-index: 1; min-width: 900px; height: 24px; font-weight: 600; background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); }
.kodiak-profile-cell { overflow: hidden; padding: 0 8px; white-space: pre; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.kodiak-profile-row:not(.kodiak-profile-heads) .kodiak-profile-cell { font-family: var(--vscode-editor-font-family, monospace); font-size: 0.95em; }
.kodiak-profile-cell svg { display: block; }
.kodiak-profiles .kodiak-histogram-bar { fill: var(--vscode-charts-blue, var(--vscode-focusBorder)); }
.kodiak-profile-said { grid-column: span 5; color: var(--vscode-descriptionForeground); font-style: italic; }
`;
