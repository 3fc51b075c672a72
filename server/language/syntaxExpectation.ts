import { expectedAt } from '../../engine/sql/grammar/expectedAt.ts';
import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import { isRareWord } from './grammarWords.ts';

/** More than this many things are no help. */
const MAX_THINGS = 8;
/** Rules inside of an expression. */
const VALUE = new Set(['SingleExpression', 'PrefixExpression', 'LogicalNotExpression']);
/** Rules of words that go on with an expression. */
const OPERATORS =
  /^(?:Logical\w+|Is\w+|NotNull|Between\w+|InClause|\w+Token|AtTimeZoneOperator|CollateOperator|QualifiedOperator|PostfixOperator)$/;
/** What a rule of one token stands for, to a reader. */
const NAMED: readonly (readonly [rule: RegExp, words: string])[] = [
  [/TypeName$/, 'a type'],
  [/TableFunctionName$/, 'a table function'],
  [/TableName$/, 'a table'],
  [/ColumnName$/, 'a column'],
  [/SettingName$/, 'a setting'],
  [/PragmaName$/, 'a pragma'],
  [/StringLiteral$/, 'a text in quotes'],
  [/NumberLiteral$/, 'a number'],
];

const isValue = (rules: readonly string[]) => rules.some((rule) => VALUE.has(rule));
/** Behind an operand any operator may stand, and nearly any sign. */
const isOperand = (signs: readonly string[]) => signs.includes('+') && signs.includes('::');

/**
 * What DuckDB's grammar allows in place of the token at the offset, in words: `BY`, `a table, SELECT or (`. `undefined` where nearly
 * anything may stand, or where the text before is wrong as well.
 */
export function syntaxExpectation(grammar: Grammar, text: string, tokens: readonly Token[], offset: number): string | undefined {
  const before = tokens.filter(({ end }) => end <= offset);
  if (before.length === 0) return undefined;
  const expected = expectedAt(grammar, text, before);
  if (!expected) return undefined;
  const things = new Set<string>();
  const beginsValue = expected.terminals.some(({ name, rules }) => /^(?:ColumnName|FunctionName)$/.test(name) && isValue(rules));
  if (beginsValue) things.add('an expression');
  for (const { name, rules } of expected.terminals) {
    if (!isValue(rules) && name !== 'OperatorLiteral') things.add(NAMED.find(([rule]) => rule.test(name))?.[1] ?? 'a name');
  }
  for (const [phrase, rules] of expected.keywords) {
    const isPart = (beginsValue && isValue(rules.slice(0, 4))) || OPERATORS.test(rules[0] ?? '');
    if (!isPart && !isRareWord(phrase)) things.add(phrase.split(' ')[0] as string);
  }
  for (const sign of expected.signs) if (/^[(),\]}=:]$/.test(sign) && !beginsValue && !isOperand(expected.signs)) things.add(sign);
  if (things.has('a table')) for (const part of ['a name', 'a table function', 'a text in quotes']) things.delete(part);
  if (things.size === 0 || things.size > MAX_THINGS) return undefined;
  const list = [...things];
  const last = list.pop() as string;
  return list.length === 0 ? last : `${list.join(', ')} or ${last}`;
}
