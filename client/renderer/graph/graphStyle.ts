/** Only theme variables, so that every theme fits, high contrast included. */
export const graphStyle = `
body { margin: 0; padding: 0 16px 24px; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
[hidden] { display: none !important; }
h1 { font-size: 1.2em; font-weight: 600; margin: 16px 0 4px; }
h2 { font-size: 1em; font-weight: 600; margin: 20px 0 8px; }
.graph-legend { color: var(--vscode-descriptionForeground); margin: 0 0 8px; }
.graph-scroll { overflow-x: auto; border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.graph-canvas { position: relative; }
.graph-lines { position: absolute; left: 0; top: 0; pointer-events: none; }
.graph-line { fill: none; stroke: var(--vscode-descriptionForeground, currentColor); stroke-width: 1.4; }
.graph-line[data-flow="false"] { stroke-dasharray: 4 4; opacity: 0.7; }
.graph-line[data-near="true"] { stroke: var(--vscode-focusBorder, currentColor); stroke-width: 2.4; opacity: 1; }
.graph-arrow { fill: var(--vscode-descriptionForeground, currentColor); }
.graph-label {
  fill: var(--vscode-descriptionForeground, currentColor);
  stroke: var(--vscode-editor-background, transparent);
  stroke-width: 4px;
  paint-order: stroke;
  font-size: 11px;
  text-anchor: middle;
}
.graph-label[data-near="true"] { fill: var(--vscode-foreground); }
.graph-cell {
  position: absolute;
  box-sizing: border-box;
  padding: 5px 8px;
  text-align: left;
  cursor: pointer;
  font: inherit;
  color: var(--vscode-foreground);
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
  border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, rgba(128, 128, 128, 0.5)));
  border-left-width: 4px;
  border-radius: 4px;
  overflow: hidden;
}
.graph-cell:hover { background: var(--vscode-list-hoverBackground, var(--vscode-editorWidget-background)); }
.graph-cell:focus-visible, .graph-item button:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 1px; }
.graph-cell[data-state="stale"] { border-left-color: var(--vscode-editorWarning-foreground, currentColor); }
.graph-cell[data-state="fresh"], .graph-cell[data-state="done"] { border-left-color: var(--vscode-testing-iconPassed, currentColor); }
.graph-cell[data-state="failed"] { border-left-color: var(--vscode-editorError-foreground, currentColor); }
.graph-cell[data-state="running"] { border-left-color: var(--vscode-progressBar-background, var(--vscode-focusBorder)); border-left-style: double; }
.graph-cell[data-state="neverRun"] { border-left-style: dotted; }
.graph-name { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-weight: 600; }
.graph-state { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; color: var(--vscode-descriptionForeground); font-size: 0.92em; }
.graph-list { margin: 0; padding: 0; list-style: none; }
.graph-item { padding: 4px 0; }
.graph-item button {
  font: inherit;
  padding: 0;
  border: none;
  background: none;
  cursor: pointer;
  color: var(--vscode-textLink-foreground);
  text-decoration: underline;
}
.graph-item ul { margin: 2px 0 0; padding-left: 20px; color: var(--vscode-descriptionForeground); }
.graph-empty { color: var(--vscode-descriptionForeground); }
`;
