import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';
import { visibleLines } from '../text/displayText.ts';
import { escapeHtml } from '../text/escapeHtml.ts';
import type { ExportedCell, ExportedNotebook, ExportedOutput } from './exportedNotebook.ts';
import { htmlStyle } from './htmlStyle.ts';
import { tableHtml } from './tableHtml.ts';

/** Pictures that are in the text itself; any other would have to be fetched. */
const EMBEDDED = /^data:image\/(?:png|gif|jpeg|webp);base64,/i;

/**
 * The notebook as one page that needs no network and no script: a policy in it forbids both. Charts are pictures in the page, and
 * markdown is rendered without any HTML that stands in it.
 */
export function htmlExport({ title, cells }: ExportedNotebook): string {
  const render = markdownRenderer();
  const hash = createHash('sha256').update(htmlStyle).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Kodiak">
<title>${escapeHtml(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
${cells.map((cell) => cellHtml(cell, render)).join('\n')}
</main>
</body>
</html>
`;
}

function cellHtml({ kind, text, title, outputs }: ExportedCell, render: (markdown: string) => string): string {
  if (kind === 'markup') return `<section class="text">\n${render(text)}</section>`;
  const heading = title === '' ? '' : `<h2 class="title">${escapeHtml(title)}</h2>\n`;
  const code = `<pre class="code" tabindex="0"><code>${escapeHtml(visibleLines(text))}</code></pre>`;
  return `<section class="cell">\n${heading}${[code, ...outputs.map(outputHtml)].join('\n')}\n</section>`;
}

function outputHtml(output: ExportedOutput): string {
  switch (output.kind) {
    case 'table':
      return `<div class="table" tabindex="0" role="region" aria-label="Result">\n${tableHtml(output.table)}\n</div>`;
    case 'text':
      return `<pre class="${output.isError ? 'output error' : 'output'}">${escapeHtml(visibleLines(output.text))}</pre>`;
    case 'chart': {
      const data = Buffer.from(output.svg, 'utf8').toString('base64');
      return `<img class="chart" alt="${escapeHtml(output.label)}" src="data:image/svg+xml;base64,${data}">`;
    }
  }
}

function markdownRenderer(): (markdown: string) => string {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const { rules } = markdown.renderer;
  const image = rules['image'];
  rules['image'] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const source = String(token?.attrGet('src') ?? '');
    if (EMBEDDED.test(source) && image !== undefined) return image(tokens, index, options, env, self);
    return `<a href="${escapeHtml(source)}" rel="noreferrer">${escapeHtml(token?.content || source)}</a>`;
  };
  // The policy allows no styles on elements, which is how columns are aligned by default.
  for (const name of ['th_open', 'td_open'] as const) {
    rules[name] = (tokens, index, options, _env, self) => {
      const token = tokens[index];
      const align = /text-align:\s*(right|center)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
      if (token?.attrs) token.attrs = token.attrs.filter(([attribute]) => attribute !== 'style');
      if (align !== undefined) token?.attrSet('class', align);
      return self.renderToken(tokens, index, options);
    };
  }
  return (text) => markdown.render(text);
}
