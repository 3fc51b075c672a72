/** Only theme variables, so that every theme fits, high contrast included. What colour says is also said in words. */
export const planStyle = `
.kodiak-plan {
  --kodiak-line: var(--vscode-contrastBorder, var(--vscode-editorGroup-border, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))));
  --kodiak-plan-ground: var(--vscode-editor-background);
  --kodiak-plan-heat: var(--vscode-charts-red, var(--vscode-errorForeground));
  color: var(--vscode-foreground);
  font-family: var(--vscode-font-family);
  font-size: var(--vscode-font-size, 13px);
}
.kodiak-plan [hidden] { display: none; }
.kodiak-plan-figures { display: flex; flex-wrap: wrap; gap: 2px 22px; margin: 2px 0 6px; }
.kodiak-plan-figure dt { font-size: 0.85em; color: var(--vscode-descriptionForeground); }
.kodiak-plan-figure dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.kodiak-plan-warns dd { color: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
.kodiak-plan-sentences { max-width: 100ch; margin: 0 0 6px; overflow-wrap: anywhere; }
.kodiak-plan-bar-row, .kodiak-plan-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
.kodiak-plan-bar-row { gap: 4px 14px; margin-bottom: 6px; }
.kodiak-plan .kodiak-button {
  padding: 1px 8px;
  margin: 0;
  border: 1px solid var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, rgba(128, 128, 128, 0.35)));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  cursor: pointer;
}
.kodiak-plan .kodiak-button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.kodiak-plan .kodiak-button[aria-pressed="true"] {
  border-color: var(--vscode-focusBorder);
  color: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
  background: var(--vscode-list-activeSelectionBackground, transparent);
}
.kodiak-plan .kodiak-button[aria-pressed="true"]::before { content: "✓ "; }
.kodiak-plan .kodiak-icon {
  min-width: 22px;
  height: 22px;
  padding: 0;
  border: none;
  border-radius: 3px;
  font: inherit;
  color: inherit;
  background: transparent;
  cursor: pointer;
}
.kodiak-plan .kodiak-icon:hover { background: var(--vscode-toolbar-hoverBackground, rgba(128, 128, 128, 0.25)); }
.kodiak-plan :is(button, .kodiak-plan-text, .kodiak-plan-details):focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.kodiak-plan-zoom { min-width: 4em; text-align: center; font-variant-numeric: tabular-nums; }
.kodiak-plan-body { display: flex; max-height: 600px; border: 1px solid var(--kodiak-line); background: var(--kodiak-plan-ground); }
.kodiak-plan-stage { flex: 1 1 auto; min-width: 0; overflow: auto; cursor: grab; scrollbar-width: thin; }
.kodiak-plan-dragged { cursor: grabbing; }
.kodiak-plan-stage > svg { display: block; margin: 0 auto; font-size: 12px; user-select: none; }
.kodiak-plan-stage text { fill: var(--vscode-foreground); font-size: 12px; font-family: var(--vscode-font-family); }
.kodiak-plan-card { cursor: pointer; outline: none; }
.kodiak-plan-box { fill: var(--vscode-editorWidget-background, var(--vscode-editor-background)); stroke: var(--kodiak-line); stroke-width: 1; }
.kodiak-plan-card:hover > .kodiak-plan-box { fill: var(--vscode-list-hoverBackground); }
.kodiak-plan-hot > .kodiak-plan-box { stroke: var(--kodiak-plan-heat); stroke-width: 1.5; }
.kodiak-plan-slowest > .kodiak-plan-box { stroke-width: 3; }
.kodiak-plan-more > .kodiak-plan-box { stroke-dasharray: 4 3; }
.kodiak-plan-card[aria-selected="true"] > .kodiak-plan-box { stroke: var(--vscode-focusBorder); stroke-width: 2.5; }
.kodiak-plan-card:focus-visible > .kodiak-plan-box { stroke: var(--vscode-focusBorder); stroke-width: 3.5; }
.kodiak-plan-edge { fill: none; stroke: var(--vscode-descriptionForeground); opacity: 0.55; }
.kodiak-plan-edge.kodiak-plan-hot { stroke: var(--kodiak-plan-heat); opacity: 1; }
.kodiak-plan-stage .kodiak-plan-name { font-weight: 600; }
.kodiak-plan-stage :is(.kodiak-plan-filter, .kodiak-plan-time) { fill: var(--vscode-descriptionForeground); }
.kodiak-plan-hot > .kodiak-plan-time { fill: var(--vscode-foreground); }
.kodiak-plan-stage .kodiak-plan-warning { fill: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
.kodiak-plan-stage .kodiak-plan-tags { font-style: italic; }
.kodiak-plan-bar { fill: var(--vscode-descriptionForeground); opacity: 0.2; }
.kodiak-plan-bar-value { fill: var(--vscode-charts-blue, var(--vscode-focusBorder)); }
.kodiak-plan-hot > .kodiak-plan-bar-value { fill: var(--kodiak-plan-heat); }
.kodiak-plan-details {
  box-sizing: border-box;
  flex: 0 0 300px;
  max-width: 50%;
  padding: 8px 12px;
  overflow: auto;
  border-left: 1px solid var(--kodiak-line);
  background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
}
.kodiak-plan-details-head { display: flex; align-items: center; justify-content: space-between; }
.kodiak-plan-details-title { margin: 0; font-size: 1em; }
.kodiak-plan-facts dt { margin-top: 6px; font-size: 0.88em; color: var(--vscode-descriptionForeground); }
.kodiak-plan-facts dd { margin: 0; font-family: var(--vscode-editor-font-family, monospace); white-space: pre-wrap; overflow-wrap: anywhere; }
.kodiak-plan-text { flex: 1 1 auto; margin: 0; padding: 8px 12px; overflow: auto; font-family: var(--vscode-editor-font-family, monospace); white-space: pre; }
`;
