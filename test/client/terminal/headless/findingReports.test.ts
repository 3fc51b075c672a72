import { describe, expect, test } from 'vitest';
import { checkedCells, fileFindings } from '../../../../client/terminal/headless/checkedFile.ts';
import { type CheckedFile, findingLines, githubLines, sarifText } from '../../../../client/terminal/headless/findingReports.ts';
import { createStyle } from '../../../../client/text/style.ts';
import { sarifProblems } from '../../../support/sarifProblems.ts';

const FILES: readonly CheckedFile[] = [
  {
    path: 'queries/a b,c:d%.sql',
    findings: [
      {
        severity: 'error',
        rule: 'binder',
        message: 'Binder Error: no "x" \u001b[31m100%\nCandidates: y',
        start: { line: 2, column: 3 },
        end: { line: 2, column: 4 },
      },
      { severity: 'info', rule: 'catalog', message: 'There already', start: { line: 3, column: 1 }, end: { line: 4, column: 2 } },
    ],
  },
  {
    path: '/elsewhere/n.ipynb',
    findings: [{ severity: 'error', rule: 'syntax', message: '::error::', start: { line: 9 }, end: { line: 9 } }],
  },
  { path: 'fine.sql', findings: [] },
];

describe('findings', () => {
  test('are lines with a place', () => {
    expect(FILES.flatMap((file) => findingLines(file, createStyle(false)))).toEqual([
      'queries/a b,c:d%.sql:2:3: error: Binder Error: no "x" ␛[31m100% [binder]',
      '    Candidates: y',
      'queries/a b,c:d%.sql:3:1: note: There already [catalog]',
      '/elsewhere/n.ipynb:9: error: ::error:: [syntax]',
    ]);
  });

  test('are commands of GitHub, which no message can leave', () => {
    expect(FILES.flatMap(githubLines)).toEqual([
      '::error file=queries/a b%2Cc%3Ad%25.sql,line=2,endLine=2,col=3,endColumn=4,title=Kodiak%3A binder::Binder Error: no "x" ␛[31m100%25%0ACandidates: y',
      '::notice file=queries/a b%2Cc%3Ad%25.sql,line=3,endLine=4,col=1,title=Kodiak%3A catalog::There already',
      '::error file=/elsewhere/n.ipynb,line=9,endLine=9,title=Kodiak%3A syntax::::error::',
    ]);
  });

  test('are a valid log of SARIF', () => {
    const log = JSON.parse(sarifText(FILES, '/work/repo', '1.2.3'));
    expect(sarifProblems(log)).toBe('');
    expect(log.runs[0].results.map(({ level, ruleIndex }: { level: string; ruleIndex: number }) => [level, ruleIndex])).toEqual([
      ['error', 0],
      ['note', 1],
      ['error', 2],
    ]);
    const places = log.runs[0].results.map((result: { locations: [{ physicalLocation: object }] }) => result.locations[0].physicalLocation);
    expect(places[0]).toEqual({
      artifactLocation: { uri: 'queries/a%20b%2Cc%3Ad%25.sql', uriBaseId: 'SRCROOT' },
      region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 4 },
    });
    expect(places[2]).toEqual({ artifactLocation: { uri: 'file:///elsewhere/n.ipynb' }, region: { startLine: 9 } });
    expect(sarifProblems(JSON.parse(sarifText([], '/', '1')))).toBe('');
    expect(sarifProblems({ ...log, version: '3' })).toContain('version');
    expect(sarifProblems({ ...log, runs: [{ ...log.runs[0], results: [{}] }] })).toContain('message');
  });
});

describe('checked files', () => {
  const found = (path: string, text: string, sql: string) => {
    const cells = checkedCells(path, text);
    const findings = cells.map((cell) => {
      const offset = cell.sql.indexOf(sql);
      return offset < 0 ? [] : [{ severity: 'error' as const, message: 'Catalog Error: x', offset, length: sql.length }];
    });
    return fileFindings(cells, findings).map(({ rule, start, end }) => `${rule} ${start.line}:${start.column}-${end.line}:${end.column}`);
  };

  test('know where a cell stands in a notebook of ours', () => {
    const text = '-- %% [markdown]\r\n-- # nope\r\n\r\n-- %% A name=a\r\n\r\nselect 1,\r\n  nope\r\nfrom t;\r\n\r\n-- %%\r\nselect 2;\r\n';
    expect(found('n.kodiak.sql', text, 'nope')).toEqual(['catalog 7:3-7:7']);
    expect(found('n.kodiak.sql', text, 'nope\nfrom')).toEqual(['catalog 7:3-8:5']);
    expect(checkedCells('n.kodiak.sql', text).map(({ resultName }) => resultName)).toEqual(['a', undefined]);
  });

  test('know where a cell stands in a notebook of Jupyter', () => {
    const cell = (source: string[], metadata: object = {}) => ({ cell_type: 'code', metadata, outputs: [], execution_count: null, source });
    const cells = [
      cell(['print("nope")']),
      { cell_type: 'markdown', metadata: {}, source: ['from nope'] },
      cell(['%%sql\n', 'select "ü"\n', 'from nope']),
      cell(['from nope'], { vscode: { languageId: 'sql' } }),
    ];
    const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, undefined, 1);
    const lines = text.split('\n').flatMap((line, at) => (line.includes('"from nope') ? [at + 1] : []));
    expect(found('n.ipynb', text, 'nope')).toEqual(lines.slice(1).map((line) => `catalog ${line}:undefined-${line}:undefined`));
    expect(lines).toHaveLength(3);
  });

  test('say what git could not merge', () => {
    const text = 'select 1;\n<<<<<<< ours\nselect 2;\n=======\nselect 3;\n>>>>>>> theirs\n';
    expect(found('a.sql', text, 'select')).toEqual(['conflict 2:1-2:1']);
  });
});
