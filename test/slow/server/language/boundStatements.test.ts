import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { duckdbGrammar } from '../../../support/duckdbGrammar.ts';
import { startExam } from '../../../support/exam.ts';
import { Dice, GrammarWalk, type Vocabulary } from '../../../support/grammarWalk.ts';

const STATEMENTS = 400;
const PER_DOCUMENT = 50;
const MOST_WALKS = 60_000;
const SEED = 4_000_000;

const VOCABULARY: Vocabulary = {
  Identifier: ['id', 'name', 'salary', 'total', 'x'],
  TableName: ['employees', 'orders', 'customers', 'active_customers'],
  ColumnName: ['id', 'name', 'salary', 'total', 'customer_id', 'status'],
  StringLiteral: ["'x'", "'new'", "'2024-01-01'", "'7'"],
  NumberLiteral: ['1', '2', '2.5'],
  FunctionName: ['sum', 'lower', 'abs', 'count', 'coalesce', 'list', 'max'],
  TableFunctionName: ['range', 'unnest', 'duckdb_settings'],
  TypeName: ['INTEGER', 'VARCHAR', 'DOUBLE', 'mood', 'DATE'],
  SchemaName: ['main'],
  CatalogName: ['exam'],
  OperatorLiteral: ['||'],
};
/** Only statements after which all that is there is still there. */
const WEIGHTS = {
  SelectStatement: 10,
  InsertStatement: 1,
  UpdateStatement: 2,
  DeleteStatement: 2,
  SimpleSelect: 20,
  SelectFromClause: 3,
  SelectParens: 0.1,
  SimpleSelectParens: 0.1,
  OptionalParensSimpleSelect: 10,
  BaseTableRef: 6,
  ColumnReference: 8,
  LiteralExpression: 4,
  FunctionExpression: 3,
  NestedColumnName: 6,
  DefaultExpression: 0,
  PositionalExpression: 0.1,
  ',': 0.1,
  ...Object.fromEntries(
    (
      'CreateStatement SetStatement PragmaStatement CallStatement DropStatement CopyStatement ExplainStatement PrepareStatement ' +
      'ExecuteStatement AlterStatement TransactionStatement AttachStatement UseStatement DetachStatement CheckpointStatement ' +
      'VacuumStatement ResetStatement ExportStatement ImportStatement CommentStatement DeallocateStatement TruncateStatement ' +
      'LoadStatement InstallStatement UpdateExtensionsStatement AnalyzeStatement'
    )
      .split(' ')
      .map((rule) => [rule, 0]),
  ),
};

it('raises no diagnostic about statements from the grammar that DuckDB binds', { timeout: 180_000 }, async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("ATTACH ':memory:' AS exam; USE exam");
  await connection.run(readFileSync('test/fixtures/exam/schema.sql', 'utf8').replace(/^COPY .*$/gm, ''));
  const binds = async (sql: string) => {
    try {
      (await connection.prepare(sql)).destroySync();
      return true;
    } catch {
      return false;
    }
  };
  const walk = new GrammarWalk(await duckdbGrammar(), VOCABULARY, WEIGHTS);
  const bound: string[] = [];
  for (let seed = 0; bound.length < STATEMENTS && seed < MOST_WALKS; seed++) {
    const sql = walk.statement(new Dice(SEED + seed)).join(' ');
    if (!bound.includes(sql) && (await binds(sql))) bound.push(sql);
  }
  expect(bound.length).toBe(STATEMENTS);

  const exam = await startExam();
  const wrong: string[] = [];
  for (let from = 0; from < bound.length; from += PER_DOCUMENT) {
    const place = await exam.place(`${bound.slice(from, from + PER_DOCUMENT).join(';\n')};`);
    const lines = place.text.split('\n');
    for (const { range, message } of (await exam.diagnostics(place)).flat())
      wrong.push(`${String(message)} ⟨in⟩ ${lines[range.start.line]?.slice(0, 400)}`);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});
