/** Only theme variables, so that every theme fits, high contrast included. */
export const savedStyle = `
.kodiak-saved { padding: 4px 0 4px 8px; border-left: 3px solid var(--vscode-editorWarning-foreground, var(--vscode-contrastBorder, currentColor)); color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
.kodiak-saved-about { margin-bottom: 4px; color: var(--vscode-descriptionForeground); }
.kodiak-saved-label { margin-right: 8px; padding: 0 6px; border: 1px solid var(--vscode-editorWarning-foreground, currentColor); border-radius: 3px; color: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); font-weight: 600; }
.kodiak-saved-scroll { max-height: 360px; overflow: auto; border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35))); }
.kodiak-saved-scroll:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.kodiak-saved table { border-collapse: collapse; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); }
.kodiak-saved th, .kodiak-saved td { max-width: 480px; padding: 2px 10px; overflow: hidden; text-align: left; text-overflow: ellipsis; white-space: pre; border-right: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.25))); border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.25))); }
.kodiak-saved th { position: sticky; top: 0; background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); font-weight: 600; }
.kodiak-saved .kodiak-saved-number { text-align: right; font-variant-numeric: tabular-nums; }
.kodiak-saved-null { color: var(--vscode-descriptionForeground); font-style: italic; }
.kodiak-saved-text { margin: 0; max-height: 360px; overflow: auto; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); white-space: pre-wrap; overflow-wrap: anywhere; }
`;
