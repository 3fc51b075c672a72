/** Only theme variables, so that every theme fits, high contrast included. The grid takes the height that the panel has. */
export const panelStyle = `
html, body { height: 100%; }
body { margin: 0; padding: 0; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
[hidden] { display: none !important; }
.results-panel { display: flex; flex-direction: column; height: 100vh; box-sizing: border-box; }
.results-empty { margin: auto; padding: 16px; text-align: center; color: var(--vscode-descriptionForeground); }
.results-tabs {
  display: flex;
  flex: none;
  overflow-x: auto;
  scrollbar-width: thin;
  border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35)));
}
.results-tab {
  display: flex;
  flex: 0 1 auto;
  min-width: 90px;
  max-width: 260px;
  align-items: center;
  gap: 6px;
  padding: 4px 4px 4px 10px;
  cursor: pointer;
  color: var(--vscode-tab-inactiveForeground, var(--vscode-descriptionForeground));
  border-bottom: 1px solid transparent;
}
.results-tab[aria-selected="true"] {
  color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  flex-shrink: 0;
  border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
}
.results-tab:hover { color: var(--vscode-foreground); }
.results-tab-label { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-family: var(--vscode-editor-font-family, monospace); font-size: 0.92em; }
.results-dot { flex: none; width: 7px; height: 7px; border-radius: 50%; background: var(--vscode-testing-iconPassed, var(--vscode-charts-green, currentColor)); }
.results-tab[data-state="failed"] .results-dot { background: var(--vscode-errorForeground); border-radius: 0; }
.results-tab[data-state="cancelled"] .results-dot { background: transparent; border: 1px solid currentColor; box-sizing: border-box; }
.results-tab[data-state="running"] .results-dot { background: var(--vscode-progressBar-background, var(--vscode-focusBorder)); animation: results-pulse 1s infinite alternate; }
@keyframes results-pulse { to { opacity: 0.25; } }
.results-close {
  flex: none;
  width: 18px;
  height: 18px;
  padding: 0;
  border: none;
  border-radius: 3px;
  font: inherit;
  line-height: 16px;
  color: inherit;
  background: transparent;
  cursor: pointer;
  opacity: 0;
}
.results-tab:hover .results-close, .results-tab[aria-selected="true"] .results-close, .results-tab:focus-visible .results-close { opacity: 1; }
.results-close:hover { background: var(--vscode-toolbar-hoverBackground, rgba(128, 128, 128, 0.25)); }
.results-run { display: flex; flex: 1 1 auto; min-height: 0; }
.results-run-view { display: flex; flex: 1 1 auto; flex-direction: column; min-width: 0; min-height: 0; padding: 0 10px 4px; overflow-y: auto; }
.results-run-head { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 0 10px; min-height: 32px; }
.results-status { margin-right: auto; font-variant-numeric: tabular-nums; color: var(--vscode-descriptionForeground); }
.results-link {
  padding: 0;
  border: none;
  font: inherit;
  color: var(--vscode-textLink-foreground);
  background: transparent;
  cursor: pointer;
}
.results-link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
.results-quiet {
  border-color: var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, rgba(128, 128, 128, 0.35)));
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
}
.results-quiet:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.kodiak-button:disabled { opacity: 0.6; cursor: default; }
.results-tab:focus-visible, .results-link:focus-visible, .results-chip:focus-visible, .results-text:focus-visible {
  outline: 1px solid var(--vscode-focusBorder);
  outline-offset: -1px;
}
.results-progress { position: relative; flex: none; height: 2px; margin-bottom: 4px; overflow: hidden; opacity: 0; animation: results-appear 0s 200ms forwards; }
.results-progress-value { position: absolute; height: 100%; width: 25%; background: var(--vscode-progressBar-background, var(--vscode-focusBorder)); animation: results-slide 1.6s infinite linear; }
.results-known .results-progress-value { left: 0; animation: none; }
@keyframes results-appear { to { opacity: 1; } }
@keyframes results-slide { from { left: -25%; } to { left: 100%; } }
@media (prefers-reduced-motion: reduce) {
  .results-progress-value, .results-tab[data-state="running"] .results-dot { animation: none; }
}
.results-outputs { display: flex; flex: none; flex-wrap: wrap; gap: 4px; max-height: 58px; margin-bottom: 6px; overflow-y: auto; }
.results-chip {
  padding: 2px 8px;
  border: 1px solid var(--vscode-contrastBorder, transparent);
  border-radius: 10px;
  font: inherit;
  font-size: 0.92em;
  color: var(--vscode-foreground);
  background: var(--vscode-toolbar-hoverBackground, transparent);
  cursor: pointer;
}
.results-chip[aria-pressed="true"] {
  border-color: var(--vscode-focusBorder);
  color: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
  background: var(--vscode-list-activeSelectionBackground, transparent);
}
.results-failure {
  flex: none;
  max-height: 45%;
  margin-bottom: 6px;
  padding: 6px 10px;
  overflow: auto;
  border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
  background: var(--vscode-inputValidation-errorBackground, transparent);
}
.results-failure-text, .results-text {
  margin: 0;
  font-family: var(--vscode-editor-font-family, monospace);
  font-size: var(--vscode-editor-font-size, 13px);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.results-failure-text { color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); }
.results-panel-notice { flex: none; margin-bottom: 6px; color: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
.results-output { display: flex; flex: 1 1 0; flex-direction: column; min-height: 0; overflow: auto; }
.results-output:not(:empty) { min-height: 112px; }
.results-text { flex: 1 1 auto; overflow: auto; white-space: pre; }
.results-output .kodiak-grid { --kodiak-grid-height: var(--results-grid-height, 50vh); }
.results-output .kodiak-chart-figure { height: var(--results-grid-height, 50vh); overflow: auto; scrollbar-gutter: stable; }
.results-output .kodiak-profile, .results-output .kodiak-value { max-height: max(180px, var(--results-grid-height, 50vh)); }
.results-output .kodiak-plan { display: flex; flex: 1 1 auto; flex-direction: column; min-height: 0; }
.results-output .kodiak-plan-body { flex: 1 1 0; min-height: 160px; max-height: none; }
.results-output:has(.kodiak-plan) { min-height: 240px; }
`;
