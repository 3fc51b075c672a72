import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { type CellToExport, exportedNotebook, notebookTitle } from '../../../client/exchange/exportedNotebook.ts';
import { htmlExport } from '../../../client/exchange/htmlExport.ts';
import { fileCells } from '../../../client/exchange/importedCells.ts';
import { importNotebook, withNotes } from '../../../client/exchange/importNotebook.ts';
import { ipynbExport } from '../../../client/exchange/ipynbExport.ts';
import { markdownExport } from '../../../client/exchange/markdownExport.ts';
import { newFileStyle, parseNotebook, writeNotebook } from '../../../client/notebook/cellFormat.ts';
import { RESULT_MIME, type ResultOutput } from '../../../server/protocol/notebookOutput.ts';
import { SAVED_MIME } from '../../../server/protocol/savedOutput.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '| a | `b` ]( javascript:alert(3)',
  'line\nbreak\u202e\u001b[31m',
];

const result: ResultOutput = {
  resultId: 'r',
  kind: 'SELECT',
  elapsedMs: 12,
  note: '12 ms · computed',
  columns: [
    { name: 'a"<b>', type: 'VARCHAR' },
    { name: 'n', type: 'BIGINT' },
    { name: 'n', type: 'STRUCT(x INTEGER)' },
  ],
  preview: [...HOSTILE.map((text, index) => [text, index, { x: index }]), [null, '9223372036854775807', null]],
  rowCount: 1_204_331,
  complete: true,
  truncated: false,
  provenance: { kind: 'run', reason: '' },
};

const FILE = `-- %% [markdown] About
-- # Orders <b>bold</b>
--
-- ![far](https://example.com/a.png) [bad](javascript:alert(1)) <script>alert(4)</script>
--
-- | a | b |
-- |---|--:|
-- | 1 | 2 |

-- %% Per month name=monthly chart=line x="order day"
SELECT '\`\`\`' AS fence, '<i>' AS tag;

-- %%
CREATE TABLE t (i INTEGER);

-- %% assert No orphans key=id
SELECT 1
`;

function cellsToExport(text: string, outputs: CellToExport['outputs'][] = []): CellToExport[] {
  return parseNotebook(text).cells.map(({ kind, text, source }, index) => ({ kind, text, source, outputs: outputs[index] ?? [] }));
}

const notebook = exportedNotebook(
  'orders',
  cellsToExport(FILE, [
    [],
    [
      [
        { mime: RESULT_MIME, text: JSON.stringify(result) },
        { mime: 'text/plain', text: 'not this' },
      ],
    ],
    [[{ mime: 'text/plain', text: 'CREATE · 3 ms' }], [{ mime: 'image/x-other', text: '' }]],
    [
      [
        {
          mime: 'application/vnd.code.notebook.error',
          text: JSON.stringify({ name: 'Error', message: 'm', stack: 'Binder Error: <x>\n  ^' }),
        },
      ],
      [{ mime: SAVED_MIME, text: JSON.stringify({ origin: 'old.ipynb', table: { columns: ['c'], rows: [['<u>']], rowCount: 2 } }) }],
    ],
  ]),
);

it('a notebook is named after its file', () => {
  expect(['/a/b.kodiak.sql', 'c.sql', 'C:\\x\\d.SQL', ''].map(notebookTitle)).toEqual(['b', 'c', 'd', 'Notebook']);
});

it('what a cell shows becomes tables, texts and errors', () => {
  expect(notebook.cells.map(({ outputs }) => outputs.map(({ kind }) => kind))).toEqual([[], ['table'], ['text'], ['text', 'table']]);
  const [table] = notebook.cells[1]?.outputs ?? [];
  expect(table?.kind === 'table' && table.table.caption).toBe('first 5 of 1,204,331 rows · 12 ms · computed');
});

describe('Markdown', () => {
  const { text } = markdownExport(notebook, 'orders-files');

  it('has text, SQL and tables', () => {
    expect(text).toContain('# Orders <b>bold</b>');
    expect(text).toContain("**Per month**\n\n````sql\nSELECT '```' AS fence, '<i>' AS tag;\n````");
    expect(text).toContain('*first 5 of 1,204,331 rows · 12 ms · computed*');
    expect(text).toContain('```text\nBinder Error: <x>\n  ^\n```');
  });

  it('shows every hostile value as it is, in its own cell', () => {
    const html = new MarkdownIt({ html: true }).render(text.slice(text.indexOf('**Per month**')));
    expect(html).not.toMatch(/<img|<script|<a /);
    const rows = [...html.matchAll(/<tr>\n([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
      [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell),
    );
    expect(rows[0]).toEqual(['a&quot;&lt;b&gt;', 'n', 'n']);
    expect(rows[1]).toEqual(['&lt;img src=x onerror=alert(1)&gt;', '0', "{'x': 0}"]);
    expect(rows[3]?.[0]).toBe('| a | `b` ]( javascript:alert(3)');
    expect(rows[4]?.[0]).toBe('line↵break\\u202e␛[31m');
    expect(rows[5]).toEqual(['<em>NULL</em>', '9223372036854775807', '<em>NULL</em>']);
  });
});

describe('HTML', () => {
  const html = htmlExport(notebook);

  it('has no element, link or address that a value or a text brought', () => {
    const body = html.slice(html.indexOf('<body>'));
    expect(body).not.toMatch(/<(?:script|img|style|iframe|b|i|u)\b/i);
    expect(body).not.toMatch(/<[^>]*\s(?:src|style|on\w+)=/i);
    expect(body).not.toMatch(/href="javascript:/i);
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(body).toContain('<a href="https://example.com/a.png" rel="noreferrer">far</a>');
    expect(body).toContain('<td class="right">2</td>');
  });

  it('forbids scripts and the network to itself', () => {
    expect(html).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:;/);
  });

  it('keeps a chart as a picture whose script cannot run', () => {
    const page = htmlExport({
      title: 't',
      cells: [
        {
          kind: 'code',
          text: '',
          title: '',
          marker: undefined,
          outputs: [{ kind: 'chart', svg: '<svg onload="alert(1)"/>', label: 'a "line"' }],
        },
      ],
    });
    expect(page).toContain('<img class="chart" alt="a &quot;line&quot;" src="data:image/svg+xml;base64,');
    expect(page).not.toContain('onload');
  });
});

describe('Jupyter', () => {
  const text = ipynbExport(notebook);
  const file = JSON.parse(text);

  it('is a notebook of format 4.5', () => {
    expect(file).toMatchObject({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { language: 'sql', name: 'SQL', display_name: 'SQL' } },
    });
    const ids = file.cells.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(4);
    for (const cell of file.cells) {
      expect(cell.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(Object.keys(cell).sort()).toEqual(
        cell.cell_type === 'code'
          ? ['cell_type', 'execution_count', 'id', 'metadata', 'outputs', 'source']
          : ['cell_type', 'id', 'metadata', 'source'],
      );
    }
  });

  it('stores results as text, escaped HTML and data', () => {
    const [output] = file.cells[1].outputs;
    expect(Object.keys(output).sort()).toEqual(['data', 'execution_count', 'metadata', 'output_type']);
    const { schema, data } = output.data['application/vnd.dataresource+json'];
    expect(schema.fields).toEqual([
      { name: 'a"<b>', type: 'string' },
      { name: 'n', type: 'integer' },
      { name: 'n_1', type: 'object' },
    ]);
    expect(data[0]).toEqual({ 'a"<b>': HOSTILE[0], n: 0, n_1: { x: 0 } });
    expect(output.data['text/html'].join('')).not.toMatch(/<img|<script/);
    expect(file.cells[3].outputs[0]).toEqual({
      output_type: 'error',
      ename: 'Error',
      evalue: 'Binder Error: <x>',
      traceback: ['Binder Error: <x>', '  ^'],
    });
  });

  it('comes back as the same file, with its results as old ones', () => {
    const imported = importNotebook(new TextEncoder().encode(text), 'orders.ipynb');
    expect(imported.producer).toBe('Kodiak');
    const cells = withNotes(imported, 'orders.ipynb');
    expect(writeNotebook({ ...newFileStyle, cells: fileCells(cells) }).trimEnd()).toBe(FILE.trimEnd());
    expect(cells[1]?.outputs[0]?.table?.rows.map(([first]) => first)).toEqual([...HOSTILE, null]);
    expect(cells[1]?.outputs[0]?.table?.rows.at(-1)?.[1]).toBe('9223372036854775807');
  });
});
