/** Only theme variables, so that every theme fits, high contrast included. */
export const monitorStyle = `
body { margin: 0; padding: 0; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
[hidden] { display: none !important; }
.monitor { padding: 4px 16px 16px; }
.monitor-live { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.monitor-notice {
  margin: 6px 0;
  padding: 4px 10px;
  border: 1px solid var(--vscode-inputValidation-infoBorder, var(--vscode-focusBorder));
  background: var(--vscode-inputValidation-infoBackground, transparent);
  color: var(--vscode-inputValidation-infoForeground, var(--vscode-foreground));
}
.monitor-closed { margin: 24px auto; max-width: 680px; text-align: center; }
.monitor-closed-text { color: var(--vscode-descriptionForeground); }
.monitor-closed[data-trouble="true"] .monitor-closed-text { color: var(--vscode-errorForeground); }
.monitor-buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px; }
.monitor-button {
  flex: none;
  padding: 2px 8px;
  border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
  border-radius: 3px;
  font: inherit;
  font-size: 0.92em;
  white-space: nowrap;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  cursor: pointer;
}
.monitor-button:hover:enabled { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.monitor-button:disabled { opacity: 0.5; cursor: default; }
.monitor-button:focus-visible, .monitor-figure:focus-visible, .monitor-table tr:focus-visible {
  outline: 1px solid var(--vscode-focusBorder);
  outline-offset: 1px;
}
.monitor-table tr:focus-visible { outline-offset: -1px; }
.monitor-section { margin: 8px 0 0; min-width: 0; }
/* As high with one query as with none: what is below does not jump when one runs. */
.monitor > .monitor-section { min-height: 80px; margin-top: 2px; }
.monitor-section-head { display: flex; align-items: center; gap: 10px; min-height: 26px; }
.monitor-heading { margin: 0; font-size: 1em; font-weight: 600; }
.monitor-about { margin-right: auto; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.monitor-empty { margin: 2px 0; color: var(--vscode-descriptionForeground); }
.monitor-scroll { max-height: 420px; overflow: auto; }
.monitor-table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.monitor-table th {
  position: sticky;
  top: 0;
  z-index: 1;
  padding: 2px 8px;
  text-align: left;
  font-weight: 600;
  font-size: 0.92em;
  white-space: nowrap;
  color: var(--vscode-descriptionForeground);
  background: var(--vscode-panel-background, var(--vscode-editor-background));
}
.monitor-table td { padding: 3px 8px; vertical-align: top; border-top: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.25))); }
.monitor-table tbody tr:hover { background: var(--vscode-list-hoverBackground, transparent); }
.monitor-table tr[data-faded="true"] .monitor-cell { color: var(--vscode-descriptionForeground); font-style: italic; }
.monitor-table .monitor-number { text-align: right; white-space: nowrap; }
.monitor-table .monitor-text { max-width: 260px; overflow-wrap: break-word; }
.monitor-table .monitor-wide { min-width: 130px; max-width: 320px; overflow-wrap: break-word; }
.monitor-table .monitor-sql { min-width: 180px; }
.monitor-table td.monitor-action { position: sticky; right: 0; width: 1px; text-align: right; background: var(--vscode-panel-background, var(--vscode-editor-background)); }
.monitor-sql .monitor-cell {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 3;
  overflow: hidden;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  unicode-bidi: isolate;
  padding: 0;
  color: inherit;
  background: none;
  font-family: var(--vscode-editor-font-family, monospace);
  font-size: 0.92em;
}
.monitor-bar {
  appearance: none;
  width: 72px;
  height: 8px;
  margin-right: 8px;
  border: 1px solid var(--vscode-contrastBorder, var(--vscode-descriptionForeground));
  vertical-align: middle;
}
.monitor-bar::-webkit-progress-bar { background: transparent; }
.monitor-bar::-webkit-progress-value { background: var(--vscode-progressBar-background, var(--vscode-focusBorder)); }
.monitor-graphs { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px 20px; margin-top: 8px; }
@media (max-width: 880px) { .monitor-graphs { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 460px) { .monitor-graphs { grid-template-columns: minmax(0, 1fr); } }
.monitor-graph { min-width: 0; }
.monitor-graph-head { display: flex; align-items: baseline; gap: 8px; white-space: nowrap; }
.monitor-title { margin: 0; font-size: 1em; font-weight: 600; }
.monitor-now { overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.monitor-figure { height: 118px; overflow: hidden; }
.monitor-legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 0 12px; margin: 2px 0 0; padding: 0; list-style: none; font-size: 0.92em; font-variant-numeric: tabular-nums; }
.monitor-legend-item { display: flex; align-items: center; gap: 5px; white-space: nowrap; }
.monitor-notes { min-height: 2.7em; margin: 1px 0 0; font-size: 0.92em; color: var(--vscode-descriptionForeground); }
.monitor-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 0 24px; }
.monitor .u-cursor-x { border-right-color: var(--vscode-foreground); }
`;
