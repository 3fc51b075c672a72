import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectedAt } from '../../../../engine/sql/grammar/expectedAt.ts';
import { compileGrammar } from '../../../../engine/sql/grammar/grammar.ts';
import type { SyntaxNode } from '../../../../engine/sql/grammar/matchGrammar.ts';
import { readBody, readGrammar } from '../../../../engine/sql/grammar/readGrammar.ts';
import { tokenize } from '../../../../engine/sql/lexer.ts';
import { splitStatements } from '../../../../engine/sql/splitStatements.ts';
import { duckdbGrammar, matchSql } from '../../../support/duckdbGrammar.ts';

describe('the grammar as text', () => {
  it('binds a choice tighter than a sequence', () => {
    const rule = readGrammar("OrAction <- 'OR' 'REPLACE' / 'IGNORE'").get('OrAction');
    expect(rule && readBody(rule)).toEqual({
      kind: 'sequence',
      items: [
        { kind: 'literal', text: 'OR' },
        {
          kind: 'choice',
          items: [
            { kind: 'literal', text: 'REPLACE' },
            { kind: 'literal', text: 'IGNORE' },
          ],
        },
      ],
    });
  });

  it.each([
    ["A <- ('x'", 'a bracket that is not closed'],
    ["A <- 'x')", 'a bracket too many'],
    ['A <- ?', 'nothing where an expression must be'],
    ['A <- {', 'cannot be read'],
  ])('says what is wrong with %s', (text, message) => {
    const rule = readGrammar(text).get('A');
    expect(() => rule && readBody(rule)).toThrow(message);
  });

  it('is refused when it is not whole', () => {
    expect(() => compileGrammar("Statement <- 'A'")).toThrow('no rule ReservedKeyword');
  });
});

describe('a match', () => {
  it('accepts statements of every kind', async () => {
    const { clean } = JSON.parse(readFileSync('test/slow/server/language/exam/diagnostics.json', 'utf8')) as {
      readonly clean: readonly string[];
    };
    const statements = clean
      .filter((script) => !/^\s*\.[a-z]/m.test(script))
      .flatMap((script) => splitStatements(script.replaceAll('%%', ';')).map(({ text }) => text));
    expect(statements.length).toBeGreaterThan(200);
    const refused: string[] = [];
    for (const sql of statements) if (!(await matchSql(sql)).match?.accepted) refused.push(sql);
    expect(refused).toEqual([]);
  });

  it('gives a tree whose parts lie in one another', async () => {
    const { match } = await matchSql("select a + 1, f(b) from t where a = 'x' -- and so on");
    const rules: string[] = [];
    const visit = (node: SyntaxNode) => {
      rules.push(node.rule);
      for (const child of node.children) {
        expect(child.start).toBeGreaterThanOrEqual(node.start);
        expect(child.end).toBeLessThanOrEqual(node.end);
        visit(child);
      }
    };
    if (match?.tree) visit(match.tree);
    expect(rules).toEqual(expect.arrayContaining(['AdditiveExpression', 'FunctionExpression', 'FromClause', 'WhereClause']));
  });

  it('says how far it came', async () => {
    const { match, tokens } = await matchSql('select a from t wehre a = 1');
    expect(match?.accepted).toBe(false);
    expect(tokens[match?.furthest ?? 0]).toMatchObject({ start: 22 });
  });

  it('gives up on brackets that are nested too deeply, and never dies of them', async () => {
    expect((await matchSql(`select ${'('.repeat(5_000)}1${')'.repeat(5_000)}`)).match).toBeUndefined();
    expect((await matchSql(`select ${'('.repeat(38)}1${')'.repeat(38)}`)).match?.accepted).toBe(true);
    expect((await matchSql(`select ${'not '.repeat(5_000)}true`)).match?.accepted).toBe(true);
  });
});

describe('what may come next', () => {
  const cases: readonly { readonly sql: string; readonly has?: readonly string[]; readonly not?: readonly string[] }[] = [
    { sql: '', has: ['SELECT', 'INSERT INTO', 'INSERT', 'DELETE FROM'] },
    { sql: 'select * from t order by a nulls', has: ['FIRST', 'LAST'], not: ['LIMIT'] },
    { sql: 'select * from t left', has: ['JOIN', 'OUTER'], not: ['WHERE'] },
    { sql: 'alter table t', has: ['ADD COLUMN', 'ADD', 'RENAME TO'], not: ['SELECT'] },
    { sql: 'select sum(a) over', not: ['FROM'] },
    // Repaired: a hole in the list, brackets that are not closed, a word too many.
    { sql: 'select a, from t where', has: ['NOT'], not: ['WHERE'] },
    { sql: 'select coalesce(a, b from t', has: ['WHERE', 'GROUP BY'] },
    { sql: 'select a from from t', has: ['WHERE', 'LEFT'] },
  ];
  it.each(cases)('$sql', async ({ sql, has = [], not = [] }) => {
    const words = [...(expectedAt(await duckdbGrammar(), sql, tokenize(sql))?.keywords.keys() ?? [])];
    expect(words).toEqual(expect.arrayContaining([...has]));
    expect(words.filter((word) => not.includes(word))).toEqual([]);
  });

  it('is unknown for what is no statement', async () => {
    expect(expectedAt(await duckdbGrammar(), 'grant x', tokenize('grant x'))).toBeUndefined();
  });
});
