/** What is around the grid: search, chips, filter and profile. Only theme variables, as for the grid. */
export const viewStyle = `
.kodiak-icon:focus-visible, .kodiak-chip-text:focus-visible, .kodiak-top-text:focus-visible, .kodiak-profile:focus-visible {
  outline: 1px solid var(--vscode-focusBorder);
  outline-offset: -1px;
}
.kodiak-result [hidden] { display: none; }
.kodiak-small { margin: 0; padding: 1px 8px; }
.kodiak-quiet {
  border-color: var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, rgba(128, 128, 128, 0.35)));
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
}
.kodiak-quiet:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.kodiak-bar, .kodiak-form {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 8px;
  padding: 2px 0 6px;
  font-family: var(--vscode-font-family);
}
.kodiak-toggle { height: 22px; width: 22px; }
.kodiak-toggle[aria-pressed="true"] {
  outline: 1px solid var(--vscode-inputOption-activeBorder, var(--vscode-focusBorder));
  outline-offset: -1px;
  color: var(--vscode-inputOption-activeForeground, var(--vscode-foreground));
  background: var(--vscode-inputOption-activeBackground, transparent);
}
.kodiak-find { display: flex; align-items: center; gap: 2px; }
.kodiak-input {
  box-sizing: border-box;
  height: 24px;
  padding: 2px 6px;
  border: 1px solid var(--vscode-input-border, var(--vscode-settings-textInputBorder, var(--kodiak-line)));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-input-foreground, var(--vscode-foreground));
  background: var(--vscode-input-background, var(--vscode-editor-background));
}
select.kodiak-input {
  border-color: var(--vscode-dropdown-border, var(--kodiak-line));
  color: var(--vscode-dropdown-foreground, var(--vscode-foreground));
  background: var(--vscode-dropdown-background, var(--vscode-editor-background));
}
.kodiak-input:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-input::placeholder { color: var(--vscode-input-placeholderForeground, var(--vscode-descriptionForeground)); }
.kodiak-chips { display: flex; flex-wrap: wrap; gap: 4px; min-width: 0; }
.kodiak-chips:empty { display: none; }
.kodiak-chip {
  display: inline-flex;
  align-items: center;
  max-width: 100%;
  padding: 0 2px 0 8px;
  border: 1px solid var(--vscode-contrastBorder, transparent);
  border-radius: 10px;
  color: var(--vscode-badge-foreground, var(--vscode-foreground));
  background: var(--vscode-badge-background, transparent);
}
.kodiak-chip .kodiak-icon { color: inherit; }
.kodiak-chip-text {
  padding: 1px 0;
  border: none;
  overflow: hidden;
  font: inherit;
  font-size: 0.92em;
  white-space: nowrap;
  text-overflow: ellipsis;
  color: inherit;
  background: transparent;
}
button.kodiak-chip-text { cursor: pointer; }
.kodiak-status { color: var(--vscode-descriptionForeground); }
.kodiak-form-name { font-family: var(--vscode-editor-font-family, monospace); font-weight: 600; }
.kodiak-problem { flex-basis: 100%; color: var(--vscode-errorForeground); overflow-wrap: anywhere; }
.kodiak-problem:empty { display: none; }
.kodiak-menu {
  position: absolute;
  z-index: 5;
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  max-width: 100%;
  padding: 4px 0;
  overflow: auto;
  border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, var(--kodiak-line)));
  border-radius: 4px;
  font-family: var(--vscode-font-family);
  color: var(--vscode-menu-foreground, var(--vscode-foreground));
  background: var(--vscode-menu-background, var(--vscode-editorWidget-background));
  box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
}
.kodiak-menu-item {
  display: flex;
  flex: none;
  align-items: center;
  gap: 8px;
  padding: 2px 14px 2px 4px;
  border: none;
  font: inherit;
  text-align: left;
  white-space: nowrap;
  color: inherit;
  background: transparent;
  cursor: pointer;
}
.kodiak-menu-item:focus {
  outline: 1px dashed var(--vscode-menu-selectionBorder, var(--vscode-contrastActiveBorder, transparent));
  outline-offset: -1px;
  color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
  background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
}
.kodiak-menu-first { border-top: 1px solid var(--vscode-menu-separatorBackground, var(--kodiak-line)); }
.kodiak-menu-mark { flex: none; width: 1.2em; text-align: center; }
.kodiak-menu-label { flex: 1; overflow: hidden; text-overflow: ellipsis; }
.kodiak-menu-key { font: inherit; font-size: 0.9em; opacity: 0.75; }
.kodiak-value {
  box-sizing: border-box;
  display: flex;
  flex: 1 0 min(380px, 55%);
  flex-direction: column;
  min-width: 0;
  max-height: var(--kodiak-grid-height, 460px);
  padding: 6px 10px 8px;
  border: 1px solid var(--kodiak-line);
  font-family: var(--vscode-font-family);
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
}
.kodiak-value:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-value .kodiak-profile-note { margin: 4px 0; }
.kodiak-value-body { flex: 1 1 auto; min-height: 0; overflow: auto; }
.kodiak-value-text { margin: 0; font-family: var(--vscode-editor-font-family, monospace); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.kodiak-pager { display: flex; align-items: center; gap: 4px; }
.kodiak-pager:empty { display: none; }
.kodiak-tree { font-family: var(--vscode-editor-font-family, monospace); }
.kodiak-branch > :not(summary) { margin-left: 1.2em; }
.kodiak-tree > .kodiak-leaf, .kodiak-branch > .kodiak-leaf { padding-left: 1em; }
.kodiak-tree-head { cursor: pointer; }
.kodiak-tree-head:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.kodiak-tree-name { margin-right: 1ch; color: var(--vscode-debugTokenExpression-name, var(--vscode-symbolIcon-fieldForeground, var(--vscode-foreground))); }
.kodiak-tree-name::after { content: ':'; }
.kodiak-tree-short { color: var(--vscode-descriptionForeground); }
.kodiak-leaf { overflow-wrap: anywhere; white-space: pre-wrap; }
.kodiak-main { position: relative; display: flex; align-items: flex-start; gap: 10px; }
.kodiak-main > .kodiak-grid { flex: 0 1 auto; min-width: 0; }
.kodiak-profile {
  box-sizing: border-box;
  flex: 0 1 400px;
  min-width: min(240px, 60%);
  max-height: 460px;
  padding: 6px 10px 8px;
  overflow: auto;
  border: 1px solid var(--kodiak-line);
  font-family: var(--vscode-font-family);
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
}
.kodiak-profile-head { display: flex; align-items: center; gap: 4px; }
.kodiak-profile-title { flex: 1; overflow: hidden; font-weight: 600; white-space: nowrap; text-overflow: ellipsis; }
.kodiak-profile-note { margin: 6px 0; color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.kodiak-facts { columns: 140px; column-gap: 16px; margin: 6px 0; }
.kodiak-fact { display: grid; grid-template-columns: 4.6em minmax(0, 1fr); gap: 8px; break-inside: avoid; }
.kodiak-fact dt { color: var(--vscode-descriptionForeground); }
.kodiak-fact dd { margin: 0; overflow: hidden; font-family: var(--vscode-editor-font-family, monospace); white-space: pre; text-overflow: ellipsis; }
.kodiak-histogram { margin: 8px 0; }
.kodiak-histogram svg { display: block; width: 100%; border-bottom: 1px solid var(--kodiak-line); }
.kodiak-edges { display: flex; justify-content: space-between; gap: 12px; font-size: 0.9em; color: var(--vscode-descriptionForeground); }
.kodiak-edges span { min-width: 0; overflow: hidden; white-space: pre; text-overflow: ellipsis; }
.kodiak-histogram-bar { fill: var(--vscode-charts-blue, var(--vscode-focusBorder)); }
.kodiak-histogram-area { fill: transparent; }
.kodiak-histogram-area:hover { fill: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.2)); }
.kodiak-top { margin: 8px 0 0; padding: 0; list-style: none; }
.kodiak-top-value { position: relative; display: flex; justify-content: space-between; gap: 8px; padding: 1px 4px; margin-bottom: 1px; }
.kodiak-top-bar { position: absolute; inset: 0 auto 0 0; z-index: 0; opacity: 0.3; background: var(--vscode-charts-blue, var(--vscode-focusBorder)); }
.kodiak-top-text {
  position: relative;
  min-width: 0;
  padding: 0;
  border: none;
  overflow: hidden;
  font: inherit;
  font-family: var(--vscode-editor-font-family, monospace);
  text-align: left;
  white-space: pre;
  text-overflow: ellipsis;
  color: inherit;
  background: transparent;
}
button.kodiak-top-text { cursor: pointer; }
button.kodiak-top-text:hover { text-decoration: underline; }
.kodiak-top-count { position: relative; flex: none; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
`;
