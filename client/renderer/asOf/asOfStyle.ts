/** The line above outputs of an earlier run; VS Code's colours, so that it fits every theme. */
export const asOfStyle = `
.kodiak-as-of-line {
  display: flex; align-items: center; gap: 8px; padding: 2px 8px; margin-bottom: 4px;
  font-family: var(--vscode-font-family); font-size: 12px;
  color: var(--vscode-descriptionForeground, var(--vscode-foreground));
  border-left: 3px solid var(--vscode-editorInfo-foreground, currentColor);
}
.kodiak-as-of[data-state='changed'] .kodiak-as-of-line {
  color: var(--vscode-foreground);
  border-left-color: var(--vscode-editorWarning-foreground, currentColor);
}
.kodiak-as-of[data-state='unknown'] .kodiak-as-of-line { border-left-style: dashed; }
.kodiak-as-of-text { overflow-wrap: anywhere; }
.kodiak-as-of-run {
  flex: none; font: inherit; cursor: pointer; padding: 1px 8px; border-radius: 2px;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
}
.kodiak-as-of-run:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-toolbar-hoverBackground)); }
.kodiak-as-of-run:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
`;
