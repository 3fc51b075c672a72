import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';

/** A page with this title, in plain words, that runs one script and loads nothing else: no inline script, no style but what the script adopts, no network. */
export function pageHtml(webview: Webview, script: Uri, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${webview.asWebviewUri(script)}"></script>
</body>
</html>`;
}
