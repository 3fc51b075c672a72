/** Only theme variables. What happened to a row is told by a sign and a word besides its colour, a changed cell by weight and a bar. */
export const comparisonStyle = `
html, body { height: 100%; }
body { margin: 0; padding: 0; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
[hidden] { display: none !important; }
.comparison { display: flex; flex-direction: column; gap: 6px; box-sizing: border-box; height: 100vh; padding: 10px 16px 6px; }
.comparison-title { margin: 0; font-size: 1.2em; font-weight: 600; }
.comparison-kinds { display: flex; flex-wrap: wrap; gap: 6px; }
.comparison-kind {
  padding: 3px 10px;
  border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, rgba(128, 128, 128, 0.4)));
  border-radius: 12px;
  font: inherit;
  color: var(--vscode-foreground);
  background: transparent;
  cursor: pointer;
}
.comparison-kind::before { content: attr(data-sign) '  '; font-weight: 700; }
.comparison-kind[aria-pressed='false'] { background: transparent; color: var(--vscode-descriptionForeground); text-decoration: line-through; }
.comparison-kind[aria-pressed='true'] { border-color: var(--vscode-focusBorder); }
.comparison-kind:focus-visible, .comparison-button:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 1px; }
.comparison-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; }
.comparison-button {
  padding: 2px 8px;
  border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
  border-radius: 2px;
  font: inherit;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  cursor: pointer;
}
.comparison-button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent)); }
.comparison-notes { margin: 0; padding-left: 18px; color: var(--vscode-descriptionForeground); }
.comparison-notes:empty { display: none; }
.comparison-status { display: flex; align-items: center; gap: 10px; }
.comparison-rows { flex: 1 1 auto; min-height: 0; overflow-y: auto; }
.kodiak-grid { max-height: calc(100vh - 220px); }
.kodiak-diff-added, .kodiak-diff-row-added { background: var(--vscode-diffEditor-insertedTextBackground, rgba(0, 160, 0, 0.2)); }
.kodiak-diff-removed, .kodiak-diff-row-removed { background: var(--vscode-diffEditor-removedTextBackground, rgba(255, 0, 0, 0.2)); }
.kodiak-diff-changed { background: var(--vscode-editor-wordHighlightBackground, rgba(128, 128, 255, 0.2)); }
.slick-cell.kodiak-diff-added::before { content: '+ '; font-weight: 700; }
.slick-cell.kodiak-diff-removed::before { content: '− '; font-weight: 700; }
.slick-cell.kodiak-diff-changed::before { content: '~ '; font-weight: 700; }
.slick-cell.kodiak-diff-unchanged::before { content: '= '; }
.slick-cell.kodiak-diff-now {
  font-weight: 700;
  background: var(--vscode-diffEditor-insertedTextBackground, rgba(0, 160, 0, 0.2));
  box-shadow: inset 3px 0 0 var(--vscode-gitDecoration-modifiedResourceForeground, currentColor);
}
.slick-cell.kodiak-diff-before { font-style: italic; text-decoration: line-through; background: var(--vscode-diffEditor-removedTextBackground, rgba(255, 0, 0, 0.2)); }
.slick-cell.kodiak-diff-added, .slick-cell.kodiak-diff-removed, .slick-cell.kodiak-diff-changed, .slick-cell.kodiak-diff-unchanged {
  padding-right: 2px;
  padding-left: 3px;
  font-size: 0.92em;
}
body.vscode-high-contrast .slick-cell.kodiak-diff-now, body.vscode-high-contrast-light .slick-cell.kodiak-diff-now {
  outline: 1px solid var(--vscode-contrastActiveBorder, currentColor);
  outline-offset: -2px;
}
`;
