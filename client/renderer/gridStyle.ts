/** Pixels. */
export const ROW_HEIGHT = 22;
export const HEAD_HEIGHT = 42;
/** In a notebook; a page that gives its grid another height says so by the variable. */
const ROWS_IN_NOTEBOOK = 16;

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
  max-height: var(--kodiak-grid-height, ${HEAD_HEIGHT + ROWS_IN_NOTEBOOK * ROW_HEIGHT + 14}px);
  border: 1px solid var(--kodiak-line);
  background: var(--vscode-editor-background);
  overflow-anchor: none;
  outline: none;
  contain: strict;
}
.kodiak-grid:focus { border-color: var(--vscode-focusBorder); }
.kodiak-ruler { position: absolute; visibility: hidden; }
.slick-pane { position: absolute; width: 100%; overflow: hidden; outline: 0; }
.slick-viewport { position: relative; width: 100%; outline: 0; }
.slick-header {
  position: relative;
  width: 100%;
  overflow: hidden;
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
}
.slick-header-columns { display: flex; position: relative; height: ${HEAD_HEIGHT}px; overflow: hidden; user-select: none; }
.slick-header-columns, .slick-pane-header { box-shadow: inset 0 -1px 0 var(--kodiak-line); }
.slick-header-column {
  position: relative;
  flex: none;
  content-visibility: auto;
  box-sizing: border-box;
  height: ${HEAD_HEIGHT}px;
  padding: 3px 8px 0;
  overflow: hidden;
  line-height: 17px;
  white-space: pre;
  border-right: 1px solid var(--kodiak-line);
  border-bottom: 1px solid var(--kodiak-line);
}
.slick-headerrow, .slick-top-panel-scroller { position: relative; overflow: hidden; }
.slick-resizable-handle { position: absolute; top: 0; right: 0; z-index: 2; width: 6px; height: 100%; cursor: col-resize; }
.slick-sortable-placeholder { opacity: 0.4; }
.slick-header-column-active { background: var(--vscode-list-hoverBackground); }
.slick-range-decorator { display: none; }
.grid-canvas { position: relative; outline: 0; }
.slick-row { position: absolute; width: 100%; }
.slick-row:hover { background: var(--vscode-list-hoverBackground); }
.slick-cell {
  position: absolute;
  box-sizing: border-box;
  padding: 0 8px;
  line-height: ${ROW_HEIGHT - 1}px;
  overflow: hidden;
  white-space: pre;
  text-overflow: ellipsis;
  cursor: default;
  border-right: 1px solid var(--kodiak-line);
  border-bottom: 1px solid var(--kodiak-line);
}
.slick-pane-left { z-index: 1; }
.kodiak-name { font-weight: 600; }
.kodiak-type { font-size: 0.82em; color: var(--vscode-descriptionForeground); }
.kodiak-name, .kodiak-type { display: block; overflow: hidden; text-overflow: ellipsis; }
.kodiak-head-line { display: flex; gap: 4px; }
.kodiak-number .kodiak-head-line { justify-content: flex-end; }
.kodiak-sort { flex: none; color: var(--vscode-textLink-foreground); font-weight: 600; }
.slick-header-column[data-column] { cursor: pointer; }
.slick-header-column[data-column]:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -2px; }
.kodiak-tools { position: absolute; right: 2px; bottom: 1px; display: flex; background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); opacity: 0; }
.slick-header-column:hover > .kodiak-tools, .kodiak-grid:focus .kodiak-active > .kodiak-tools, .kodiak-filtered { opacity: 1; }
.slick-header-column:not(:hover):not(.kodiak-active) > .kodiak-filtered > .kodiak-tool-profile { display: none; }
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
.kodiak-mark { color: var(--vscode-editorUnicodeHighlight-border, var(--vscode-editorWarning-foreground, var(--vscode-descriptionForeground))); }
.kodiak-main:has(> .kodiak-value) .kodiak-active {
  outline: 1px solid var(--vscode-list-inactiveFocusOutline, var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)));
  outline-offset: -2px;
  background: var(--vscode-list-inactiveSelectionBackground);
}
.kodiak-selected { background: var(--vscode-editor-inactiveSelectionBackground, var(--vscode-list-inactiveSelectionBackground)); }
.kodiak-grid:focus .kodiak-selected { background: var(--vscode-editor-selectionBackground, var(--vscode-list-activeSelectionBackground)); }
.vscode-high-contrast .kodiak-selected, .vscode-high-contrast-light .kodiak-selected {
  color: var(--vscode-editor-selectionForeground, inherit);
  box-shadow: inset 0 0 0 1px var(--vscode-contrastActiveBorder, transparent);
}
.kodiak-grid:focus .kodiak-selected.kodiak-active { outline: 2px solid var(--vscode-focusBorder); }
.kodiak-footer {
  display: flex;
  flex-wrap: wrap;
  gap: 0 24px;
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
