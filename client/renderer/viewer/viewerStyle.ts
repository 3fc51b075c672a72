/** Beside the style of runs; only theme variables, so that every theme fits, high contrast included. */
export const viewerStyle = `
.viewer { display: flex; flex-direction: column; height: 100vh; box-sizing: border-box; }
.viewer-head { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 0 8px; padding: 2px 10px; border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.viewer-about { margin-right: auto; font-variant-numeric: tabular-nums; }
.viewer-form { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 2px 14px; padding: 4px 10px; }
.viewer-csv { display: contents; }
.viewer-label { display: inline-flex; align-items: center; gap: 5px; color: var(--vscode-descriptionForeground); }
.viewer-input { padding: 1px 4px; border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-input-border, var(--vscode-contrastBorder, rgba(128, 128, 128, 0.35)))); border-radius: 2px; font: inherit; color: var(--vscode-settings-dropdownForeground, var(--vscode-input-foreground, var(--vscode-foreground))); background: var(--vscode-settings-dropdownBackground, var(--vscode-input-background, transparent)); }
input.viewer-input { width: 5em; }
.viewer-input:focus-visible, .viewer-label input:focus-visible, .viewer-table:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.viewer-changed, .viewer-advice, .viewer-failure { display: flex; flex: none; align-items: center; gap: 10px; padding: 3px 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.viewer-changed { background: var(--vscode-inputValidation-warningBackground, transparent); border: 1px solid var(--vscode-inputValidation-warningBorder, var(--vscode-contrastBorder, transparent)); color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground)); }
.viewer-failure { margin: 4px 10px; padding: 6px 10px; border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); background: var(--vscode-inputValidation-errorBackground, transparent); color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); }
.viewer > .kodiak-button { align-self: flex-start; margin: 2px 10px; }
.viewer-main { display: flex; flex: 1 1 0; min-height: 0; }
.viewer-tables { flex: none; width: 240px; overflow: auto; border-right: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.viewer-table { display: flex; flex-direction: column; padding: 3px 10px; cursor: pointer; }
.viewer-table:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.viewer-table[aria-selected="true"] { color: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground)); background: var(--vscode-list-activeSelectionBackground, transparent); outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.viewer-table-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.viewer-table-note { font-size: 0.9em; opacity: 0.8; }
.viewer-none { margin: 10px; color: var(--vscode-descriptionForeground); }
.viewer-rows { display: flex; flex: 1 1 auto; flex-direction: column; min-width: 0; min-height: 0; }
.viewer-rows .results-run-head > .results-link, .viewer-rows .results-failure > .results-link { display: none; }
`;
