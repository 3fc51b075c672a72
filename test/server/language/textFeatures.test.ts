import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Grammar } from '../../../engine/sql/grammar/grammar.ts';
import { documentSymbols } from '../../../server/language/documentSymbols.ts';
import { foldingRanges } from '../../../server/language/folding.ts';
import { documentHighlights } from '../../../server/language/highlights.ts';
import { selectionRanges } from '../../../server/language/selectionRanges.ts';
import { classifyTokens, semanticTokens } from '../../../server/language/semanticTokens.ts';
import { readSqlText } from '../../../server/language/sqlText.ts';
import { workspaceSymbols } from '../../../server/language/workspaceSymbols.ts';
import { duckdbGrammar } from '../../support/duckdbGrammar.ts';

function document(text: string): TextDocument {
  return TextDocument.create('file:///x.sql', 'sql', 1, text);
}

/** The document at the cursor `|`. */
function atCursor(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const opened = document(text);
  return { opened, position: opened.positionAt(offset) };
}

describe('semantic tokens', () => {
  function checkTokens(text: string, expected: string): void {
    const sql = readSqlText(text);
    expect(
      classifyTokens(sql)
        .map(({ token, type }) => `${text.slice(token.start, token.end)}:${type}`)
        .join(' '),
    ).toBe(expected);
  }

  it.each([
    ['select 1', 'select:keyword 1:number'],
    ["select a, 'x' -- c", "select:keyword a:property 'x':string -- c:comment"],
    ['from shop.items i', 'from:keyword shop:class items:class i:property'],
    ['select sum(total) from orders', 'select:keyword sum:function total:property from:keyword orders:class'],
    ['select o.from from orders o', 'select:keyword o:class from:property from:keyword orders:class o:property'],
    ['select x::decimal(10, 2)', 'select:keyword x:property :::operator decimal:type 10:number 2:number'],
    ['select $1 + $name', 'select:keyword $1:parameter +:operator $name:parameter'],
    ['create or replace table t (id integer)', 'create:keyword or:keyword replace:keyword table:keyword t:class id:property integer:type'],
    ['insert into t (a) values (1)', 'insert:keyword into:keyword t:class a:property values:keyword 1:number'],
    ['update t set a = 1', 'update:keyword t:class set:keyword a:property =:operator 1:number'],
    ['select type, name, date from t', 'select:keyword type:property name:property date:property from:keyword t:class'],
    ['a.upper()', 'a:class upper:function'],
    ['.mode csv', ''],
  ])('of %j', checkTokens);

  it('are told line by line and in order', () => {
    const { data } = semanticTokens(document("select '\na\r\n\nb' /* c\n */"));
    const lines: number[] = [];
    for (let index = 0; index < data.length; index += 5) lines.push((lines.at(-1) ?? 0) + (data[index] ?? 0));
    expect(lines).toEqual([0, 0, 1, 3, 3, 4]);
  });
});

describe('document symbols', () => {
  function checkSymbols(text: string, expected: readonly unknown[]): void {
    const plain = (symbols: readonly DocumentSymbol[]): unknown[] =>
      symbols.map(({ name, detail, children }) => (children ? [name, plain(children)] : detail ? `${detail} ${name}` : name));
    expect(plain(documentSymbols(document(text)))).toEqual(expected);
  }

  it.each<[string, readonly unknown[]]>([
    ['select 1;\n\n  select   2 -- two\n + 3', ['select 1', 'select 2 + 3']],
    ['create or replace temp table "my ""t" (a int)', [['my "t', ['int a']]]],
    ['create table t (a int)\n\nselect 1', [['t', ['int a']], 'select 1']],
    ['create view if not exists s.v as select 1', ['view v']],
    ['create function f(x) as x', ['macro f']],
    [
      'with a as (select 1), b(x) as not materialized (select 2) from a',
      [['with a as (select 1), b(x) as not materialized (select 2) f…', ['CTE a', 'CTE b']]],
    ],
    [
      'select 0;\n-- %% first\nselect 1;\n-- %%\nselect 2; select 3',
      ['select 0', ['first', ['select 1']], ['Cell 2', ['select 2', 'select 3']]],
    ],
    ['create', ['create']],
    ['', []],
  ])('of %j', checkSymbols);

  it('can be found by letters of their names', () => {
    const documents = [document('create table customers(a int); create macro cmr(x) as x; with c as (select 1) from c')];
    expect(workspaceSymbols(documents, 'TBLX')).toEqual([]);
    expect(workspaceSymbols(documents, 'OME').map(({ name }) => name)).toEqual(['customers']);
    expect(workspaceSymbols(documents, 'cm').map(({ name }) => name)).toEqual(['customers', 'cmr']);
    expect(workspaceSymbols(documents, '').map(({ name }) => name)).toEqual(['customers', 'cmr']);
  });
});

describe('folding', () => {
  function checkFolding(text: string, ...expected: readonly string[]): void {
    expect(foldingRanges(document(text)).map(({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind ? ` ${kind}` : ''}`)).toEqual(
      expected,
    );
  }

  it.each<[string, ...string[]]>([
    ['select 1'],
    ['select\n1\n', '0-1'],
    ['select (\n1,\n(2\n)\n)', '0-4', '2-3'],
    ['/* a\n b */\n-- c\n-- d\nselect 1', '0-1 comment', '2-3 comment'],
    ['-- #region x\nselect 1;\n-- #endregion', '0-2 region'],
    ['-- %% a\nselect 1;\n\n-- %% b\nselect 2', '0-1 region', '3-4 region'],
    ['select (\n1', '0-1'],
  ])('of %j', checkFolding);
});

describe('selection ranges', () => {
  function selected(marked: string, grammar?: Grammar): readonly string[] {
    const { opened, position } = atCursor(marked);
    const texts: string[] = [];
    let selection: SelectionRange | undefined = selectionRanges(opened, [position], grammar)[0];
    for (; selection; selection = selection.parent) texts.push(opened.getText(selection.range));
    return texts;
  }

  it.each<[string, ...string[]]>([
    ['select a.b|c from t', 'bc', 'a.bc', 'select a.bc', 'select a.bc from t'],
    [
      'select 1 from t where a = 1 and |b = 2',
      'b',
      'b = 2',
      'a = 1 and b = 2',
      'where a = 1 and b = 2',
      'select 1 from t where a = 1 and b = 2',
    ],
    [
      'select f(a, |b + 1); select 2',
      'b',
      'b + 1',
      'a, b + 1',
      '(a, b + 1)',
      'f(a, b + 1)',
      'select f(a, b + 1)',
      'select f(a, b + 1); select 2',
    ],
    ["select 'a| b'", 'a b', "'a b'", "select 'a b'"],
    ['|', ''],
  ])('at %j', (marked, ...expected) => expect(selected(marked)).toEqual(expected));

  it("follows DuckDB's grammar", async () => {
    expect(selected('select a + b|c * 2 as d, e from t where x; select 2', await duckdbGrammar())).toEqual([
      'bc',
      'bc * 2',
      'a + bc * 2',
      'a + bc * 2 as d',
      'a + bc * 2 as d, e',
      'select a + bc * 2 as d, e',
      'select a + bc * 2 as d, e from t',
      'select a + bc * 2 as d, e from t where x',
      'select a + bc * 2 as d, e from t where x; select 2',
    ]);
  });
});

describe('highlights', () => {
  function checkHighlights(marked: string, ...expected: readonly string[]): void {
    const { opened, position } = atCursor(marked);
    const found = documentHighlights(opened, position).map(({ range }) => `${opened.getText(range)}@${opened.offsetAt(range.start)}`);
    expect(found).toEqual(expected);
  }

  it.each<[string, ...string[]]>([
    ['select |a, "A", b from a; select a', 'a@7', '"A"@10', 'a@22'],
    ['select $x|, $x, $y', '$x@7', '$x@11'],
    ['select (1 + (2)|)', '(@12', ')@14'],
    ['sel|ect select'],
    ["select 'a|' a"],
    ['|'],
  ])('at %j', checkHighlights);
});

it('no feature fails on any text, and ranges are in the document', () => {
  const piece = fc.constantFrom(
    'select',
    ' ',
    '\n',
    '\r\n',
    '(',
    ')',
    "'",
    '"',
    '--',
    '/*',
    '*/',
    ';',
    'a',
    '.',
    ',',
    'with',
    'as',
    'create table',
    '😀',
    '$x',
    '-- %%',
    '-- #region',
    '.mode',
    '[',
    '}',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(200), (pieces, at) => {
      const opened = document(pieces.join(''));
      const position = opened.positionAt(at);
      const symbols = documentSymbols(opened);
      foldingRanges(opened);
      semanticTokens(opened);
      documentHighlights(opened, position);
      workspaceSymbols([opened], 'a');
      for (let selection = selectionRanges(opened, [position])[0]; selection?.parent; selection = selection.parent) {
        expect(opened.offsetAt(selection.range.start)).toBeGreaterThanOrEqual(opened.offsetAt(selection.parent.range.start));
        expect(opened.offsetAt(selection.range.end)).toBeLessThanOrEqual(opened.offsetAt(selection.parent.range.end));
      }
      for (const { range, selectionRange, name } of symbols) {
        expect(name).not.toBe('');
        expect(opened.offsetAt(selectionRange.start)).toBeGreaterThanOrEqual(opened.offsetAt(range.start));
        expect(opened.offsetAt(selectionRange.end)).toBeLessThanOrEqual(opened.offsetAt(range.end));
      }
    }),
    { numRuns: 500 },
  );
});
