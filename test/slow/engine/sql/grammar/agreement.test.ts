import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { duckdbGrammar, matchSql } from '../../../../support/duckdbGrammar.ts';
import { Dice, GrammarWalk, type Vocabulary } from '../../../../support/grammarWalk.ts';

const ACCEPTED = 5_000;
const MUTATED = 5_000;
const AGREEMENT = 0.96;
const MOST_WALKS = 40_000;
const SEED = 20_261_126;

const VOCABULARY: Vocabulary = {
  Identifier: ['a', 'b', 'id', 'name', '"Mixed Case"', 'größe'],
  TableName: ['t', 'u', "'data.csv'", '"select"'],
  ColumnName: ['a', 'b', 'id', 'name', 'year'],
  StringLiteral: ["'x'", "''", "'it''s'", "E'\\n'", '$$text$$', "'2024-01-01'"],
  NumberLiteral: ['0', '1', '2.5', '10', '1e5', '1_000', '.5'],
  FunctionName: ['sum', 'lower', 'left', 'count'],
  TableFunctionName: ['range', 'read_csv', 'unnest'],
  TypeName: ['INTEGER', 'VARCHAR', 'mood', 'DATE'],
  SettingName: ['threads', 'memory_limit'],
  PragmaName: ['database_size', 'show_tables'],
  SchemaName: ['main', 'staging'],
  CatalogName: ['memory'],
  OperatorLiteral: ['||', '&&', '^@', '<->'],
};
/** Queries are what people write most. DuckDB reads the files of an IMPORT while it parses, and its other parser knows less than its grammar. */
const WEIGHTS = {
  ImportStatement: 0,
  SelectStatement: 12,
  CreateStatement: 6,
  InsertStatement: 4,
  UpdateStatement: 2,
  MergeIntoStatement: 3,
  SimpleSelect: 8,
  SelectParens: 0.2,
  SimpleSelectParens: 0.2,
  OptionalParensSimpleSelect: 6,
  Statement: 0.05,
  UsingKey: 0.1,
  DefaultExpression: 0.05,
  PostfixOperator: 0.2,
  CollateOperator: 0.2,
  PositionalExpression: 0.5,
  ListComprehensionExpression: 0.3,
  IgnoreOrRespectNulls: 0.2,
  FunctionExpression: 4,
  ColumnReference: 6,
  LiteralExpression: 4,
  ',': 0.2,
};
/** What a slip of the hand leaves behind. */
const SLIPS = ['(', ')', ',', '.', '*', '=', 'a', '1', "'x'", 'SELECT', 'FROM', 'AS', 'ON', 'BY', 'NOT'];

/** Statements with few words have few places to be wrong at, and many of them mean nothing to the grammar's authors. */
const FEWEST_WORDS = 4;

describe("DuckDB's grammar, interpreted", () => {
  let accepts: (sql: string) => Promise<boolean>;
  const accepted: string[][] = [];

  beforeAll(async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    accepts = async (sql) => {
      try {
        return (await connection.extractStatements(sql)).count === 1;
      } catch {
        return false;
      }
    };
  });

  it('accepts all statements made by it that DuckDB accepts', { timeout: 120_000 }, async () => {
    const walk = new GrammarWalk(await duckdbGrammar(), VOCABULARY, WEIGHTS);
    const refused: string[] = [];
    for (let seed = 0; accepted.length < ACCEPTED && seed < MOST_WALKS; seed++) {
      const words = walk.statement(new Dice(SEED + seed));
      const sql = words.join(' ');
      if (words.length < FEWEST_WORDS || !(await accepts(sql))) continue;
      accepted.push(words);
      const { match, tokens } = await matchSql(sql);
      if (!match?.accepted) refused.push(`${sql} ⟨at⟩ ${sql.slice(tokens[match?.furthest ?? 0]?.start)}`);
    }
    expect(refused).toEqual([]);
    expect(accepted.length).toBe(ACCEPTED);
  });

  it('judges mutated statements as DuckDB does, in 96 of 100', { timeout: 120_000 }, async () => {
    const dice = new Dice(SEED);
    const wrong: string[] = [];
    const counts = { accepted: 0, refused: 0 };
    for (let index = 0; counts.accepted + counts.refused < MUTATED; index++) {
      const words = mutated(accepted[index % accepted.length] ?? [], dice);
      const sql = words.join(' ');
      const verdict = await accepts(sql);
      counts[verdict ? 'accepted' : 'refused']++;
      if (((await matchSql(sql)).match?.accepted === true) !== verdict)
        wrong.push(`${verdict ? 'DuckDB accepts' : 'DuckDB refuses'}: ${sql}`);
    }
    // Both verdicts occur often, so that agreement means something.
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(MUTATED / 10);
    expect({ agreement: 1 - wrong.length / MUTATED, wrong: wrong.slice(0, 40) }).toSatisfy(
      ({ agreement }: { agreement: number }) => agreement >= AGREEMENT,
    );
  });
});

/** The words with one of them removed, doubled, exchanged or replaced. */
function mutated(words: readonly string[], dice: Dice): string[] {
  const result = [...words];
  const at = dice.below(result.length);
  switch (dice.below(4)) {
    case 0:
      result.splice(at, 1);
      break;
    case 1:
      result.splice(at, 0, dice.pick(words));
      break;
    case 2: {
      const other = dice.below(result.length);
      [result[at], result[other]] = [result[other] as string, result[at] as string];
      break;
    }
    default:
      result[at] = dice.pick(SLIPS);
  }
  return result;
}
