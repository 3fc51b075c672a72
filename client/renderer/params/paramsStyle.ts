/** Only theme variables, so that the inputs look right in every theme, high contrast too. */
export const paramsStyle = `
.kodiak-params { padding: 6px 2px; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); }
.kodiak-params-grid { display: flex; flex-wrap: wrap; gap: 8px 20px; }
.kodiak-params-row { display: flex; flex-direction: column; gap: 3px; min-width: 140px; max-width: 100%; }
.kodiak-params-label { font-weight: 600; }
.kodiak-params-input {
  box-sizing: border-box;
  min-width: 140px;
  height: 26px;
  padding: 2px 6px;
  border: 1px solid var(--vscode-input-border, var(--vscode-settings-textInputBorder, var(--vscode-widget-border, rgba(128, 128, 128, 0.5))));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-input-foreground, var(--vscode-foreground));
  background: var(--vscode-input-background, var(--vscode-editor-background));
}
select.kodiak-params-input {
  border-color: var(--vscode-dropdown-border, var(--vscode-widget-border, rgba(128, 128, 128, 0.5)));
  color: var(--vscode-dropdown-foreground, var(--vscode-foreground));
  background: var(--vscode-dropdown-background, var(--vscode-editor-background));
}
.kodiak-params-input[type='date'] { color-scheme: light; }
body.vscode-dark .kodiak-params-input[type='date'],
body.vscode-high-contrast:not(.vscode-high-contrast-light) .kodiak-params-input[type='date'] { color-scheme: dark; }
.kodiak-params-input:focus, .kodiak-params-check:focus-visible, .kodiak-params-run:focus-visible {
  outline: 1px solid var(--vscode-focusBorder);
  outline-offset: -1px;
}
.kodiak-params-input[aria-invalid='true'] {
  border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
  outline-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
}
.kodiak-params-check { width: 16px; height: 16px; margin: 5px 0; accent-color: var(--vscode-button-background, var(--vscode-focusBorder)); }
.kodiak-params-sql { padding: 4px 0; font-family: var(--vscode-editor-font-family); color: var(--vscode-descriptionForeground); white-space: pre-wrap; }
.kodiak-params-problem { max-width: 320px; color: var(--vscode-errorForeground); }
.kodiak-params-problem:not(:empty)::before { content: '\\26a0  '; }
.kodiak-params-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-top: 10px; }
.kodiak-params-run {
  padding: 3px 10px;
  border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  cursor: pointer;
}
.kodiak-params-run:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.kodiak-params-auto { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
.kodiak-params-note, .kodiak-params-hint { color: var(--vscode-descriptionForeground); }
`;
