import { ROW_HEIGHT } from './scrollScale.ts';

/** Only theme variables, so that every theme fits, high contrast included. */
export const gridStyle = `
.kodiak-result {
  --kodiak-line: var(--vscode-contrastBorder, var(--vscode-editorGroup-border, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))));
  color: var(--vscode-foreground);
  font-family: var(--vscode-editor-font-family, monospace);
  font-size: var(--vscode-editor-font-size, 13px);
  font-variant-numeric: tabular-nums;
}
.kodiak-grid {
  position: relative;
  box-sizing: border-box;
  overflow: hidden;
  max-width: 100%;
  border: 1px solid var(--kodiak-line);
  background: var(--vscode-editor-background);
  overflow-anchor: none;
  outline: none;
}
.kodiak-grid:focus { border-color: var(--vscode-focusBorder); }
.kodiak-head {
  position: sticky;
  top: 0;
  z-index: 2;
  box-sizing: border-box;
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
  border-bottom: 1px solid var(--kodiak-line);
  user-select: none;
}
.kodiak-canvas { position: relative; overflow: clip; }
.kodiak-row { position: absolute; left: 0; height: ${ROW_HEIGHT}px; }
.kodiak-row:hover { background: var(--vscode-list-hoverBackground); }
.kodiak-cell {
  position: absolute;
  top: 0;
  box-sizing: border-box;
  height: 100%;
  padding: 0 8px;
  line-height: ${ROW_HEIGHT - 1}px;
  overflow: hidden;
  white-space: pre;
  text-overflow: ellipsis;
  border-right: 1px solid var(--kodiak-line);
  border-bottom: 1px solid var(--kodiak-line);
}
.kodiak-head .kodiak-cell { line-height: 17px; padding-top: 2px; border-bottom: none; }
.kodiak-name { font-weight: 600; }
.kodiak-type { font-size: 0.82em; color: var(--vscode-descriptionForeground); }
.kodiak-name, .kodiak-type { display: block; overflow: hidden; text-overflow: ellipsis; }
.kodiak-head-line { display: flex; gap: 4px; }
.kodiak-number .kodiak-head-line { justify-content: flex-end; }
.kodiak-sort { flex: none; color: var(--vscode-textLink-foreground); font-weight: 600; }
.kodiak-head .kodiak-cell[data-column] { cursor: pointer; }
.kodiak-head .kodiak-cell[data-column]:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -2px; }
.kodiak-tools { position: absolute; right: 2px; bottom: 1px; display: flex; background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); opacity: 0; }
.kodiak-cell:hover > .kodiak-tools, .kodiak-grid:focus .kodiak-active > .kodiak-tools, .kodiak-filtered { opacity: 1; }
.kodiak-cell:not(:hover):not(.kodiak-active) > .kodiak-filtered > .kodiak-tool-profile { display: none; }
.kodiak-type:has(+ .kodiak-filtered) { padding-right: 18px; }
.kodiak-filtered .kodiak-tool-filter { color: var(--vscode-textLink-foreground); }
.kodiak-filtered .kodiak-tool-filter path { fill: currentColor; }
.kodiak-icon {
  display: inline-flex;
  flex: none;
  align-items: center;
  justify-content: center;
  width: 18px;
  height: 17px;
  padding: 0;
  border: none;
  border-radius: 3px;
  font: inherit;
  line-height: 1;
  color: var(--vscode-icon-foreground, var(--vscode-foreground));
  background: transparent;
  cursor: pointer;
}
.kodiak-icon:hover { background: var(--vscode-toolbar-hoverBackground, rgba(128, 128, 128, 0.25)); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
.kodiak-match { background: var(--vscode-editor-findMatchHighlightBackground, transparent); box-shadow: inset 0 0 0 1px var(--vscode-editor-findMatchHighlightBorder, transparent); }
.kodiak-number { text-align: right; }
.kodiak-null, .kodiak-waiting { font-style: italic; color: var(--vscode-descriptionForeground); }
.kodiak-index {
  position: sticky;
  left: 0;
  z-index: 1;
  text-align: right;
  color: var(--vscode-editorLineNumber-foreground, var(--vscode-descriptionForeground));
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
  user-select: none;
}
.kodiak-grid:focus .kodiak-active {
  outline: 1px solid var(--vscode-focusBorder);
  outline-offset: -2px;
  background: var(--vscode-list-inactiveSelectionBackground);
}
.kodiak-footer {
  padding: 4px 2px 0;
  font-family: var(--vscode-font-family);
  font-size: 0.92em;
  color: var(--vscode-descriptionForeground);
}
.kodiak-notice {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 2px 12px;
  padding: 0 2px;
  font-family: var(--vscode-font-family);
  font-size: 0.92em;
  color: var(--vscode-editorWarning-foreground, var(--vscode-foreground));
}
.kodiak-button {
  margin: 4px 0;
  padding: 3px 10px;
  border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-button-foreground, var(--vscode-foreground));
  background: var(--vscode-button-background, transparent);
  cursor: pointer;
}
.kodiak-button:hover { background: var(--vscode-button-hoverBackground, var(--vscode-button-background, transparent)); }
.kodiak-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
.kodiak-match.kodiak-active { background: var(--vscode-editor-findMatchBackground, transparent); outline: 1px solid var(--vscode-focusBorder); outline-offset: -2px; }
`;
