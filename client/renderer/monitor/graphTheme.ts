/** What graphs are drawn with, as the page's theme gives it. A canvas knows no variables of style sheets. */
export interface GraphTheme {
  readonly text: string;
  readonly grid: string;
  readonly limit: string;
  /** Clean-ups. */
  readonly mark: string;
  readonly lines: readonly string[];
  readonly fontFamily: string;
  readonly fontSize: number;
}

const LINES = ['--vscode-charts-blue', '--vscode-charts-green', '--vscode-charts-purple', '--vscode-charts-yellow'];
const FONT_SIZE = 11;

export function readGraphTheme(): GraphTheme {
  const style = getComputedStyle(document.body);
  const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const text = read('--vscode-foreground', style.color);
  const contrast = read('--vscode-contrastBorder', '');
  return {
    text,
    grid: contrast === '' ? read('--vscode-editorIndentGuide-background1', 'rgba(128, 128, 128, 0.25)') : 'rgba(128, 128, 128, 0.5)',
    limit: read('--vscode-descriptionForeground', text),
    mark: read('--vscode-editorWarning-foreground', text),
    lines: LINES.map((name) => read(name, text)),
    fontFamily: read('--vscode-font-family', 'sans-serif'),
    fontSize: FONT_SIZE,
  };
}

export function colourOf({ lines, text }: GraphTheme, index: number): string {
  return lines[index % lines.length] ?? text;
}
