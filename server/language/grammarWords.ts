import { type Expected, type ExpectedTerminal, expectedAt } from '../../engine/sql/grammar/expectedAt.ts';
import type { CursorContext } from './cursorContext.ts';
import { GRAMMAR_FUNCTIONS } from './grammarFunctions.ts';
import type { LanguageDocument } from './languageDocument.ts';

/** Rules whose names are new ones: an alias, or what a statement makes. Nothing can be offered for them. */
const NEW_NAMES: ReadonlySet<string> = new Set([
  'TableAliasAs',
  'TableAliasWithoutAs',
  'TableAliasColon',
  'ExpressionOptIdentifier',
  'ExpressionAsCollabel',
  'ColIdExpression',
  'ColumnAliases',
  'InsertAlias',
  'UpdateAlias',
  'AttachAlias',
  'WithStatement',
  'WindowDefinition',
  'ConstraintNameClause',
  'MacroParameter',
  'SimpleParameter',
  'StructField',
  'AddColumnEntry',
  'ColumnDefinition',
  'RenameAlter',
  'LambdaExpression',
  'ListComprehensionExpression',
]);
/** Rules between a name and the rule that says whether it is new. */
const NAME_RULES: ReadonlySet<string> = new Set([
  'ColId',
  'ColIdOrString',
  'ColLabel',
  'ColLabelOrString',
  'IdentifierOrStringLiteral',
  'DottedIdentifier',
  'TypeFuncName',
]);
const LITERALS: ReadonlySet<string> = new Set(['StringLiteral', 'NumberLiteral', 'OperatorLiteral']);
/** Rules of what begins a value. */
const VALUE_RULES: ReadonlySet<string> = new Set(['SingleExpression', 'LogicalNotExpression', 'PrefixExpression']);
/** Words of the grammar that nobody writes, or that stand for another. */
const RARE: ReadonlySet<string> = new Set(
  'OPERATOR PIVOT_WIDER PIVOT_LONGER ANALYSE DESCENDING ASCENDING EXPORT_STATE SETOF UNPACK NCHAR OIDS FREEZE BINARY VERBOSE NOTNULL ISNULL GROUPING_ID'.split(
    ' ',
  ),
);

/** Whether nobody writes a keyword, or writes another instead of it. */
export function isRareWord(word: string): boolean {
  return RARE.has(word);
}

/** What DuckDB's grammar allows at the cursor; undefined where it cannot tell. */
export function grammarAt({ script, catalog }: LanguageDocument, context: CursorContext): Expected | undefined {
  const { grammar } = catalog;
  const { statement } = context;
  if (!grammar) return undefined;
  const until = context.qualifier.length > 0 ? context.qualifierStart : context.start;
  const from = script.tokenBefore(statement?.start ?? until) + 1;
  const to = script.tokenBefore(until) + 1;
  const tokens = script.tokens.slice(from, to).filter(({ kind, start }) => kind !== 'punctuation' || script.text.charAt(start) !== ';');
  return expectedAt(grammar, script.text, tokens);
}

export interface ExpectedKeywords {
  /** Units of an interval that is written. */
  readonly units: readonly string[];
  /** What begins a value. */
  readonly values: readonly string[];
  readonly others: readonly string[];
}

/** Keywords that may stand at the cursor, those that are called like functions left out. */
export function expectedKeywords({ keywords }: Expected): ExpectedKeywords {
  const units: string[] = [];
  const values: string[] = [];
  const others: string[] = [];
  for (const [word, rules] of keywords) {
    if (GRAMMAR_FUNCTIONS.has(word.toLowerCase()) || RARE.has(word) || rules.includes('ExtractArgument')) continue;
    if (rules.includes('IntervalLiteral') && rules.includes('Interval')) units.push(word);
    else if (rules.some((rule) => VALUE_RULES.has(rule))) values.push(word);
    else others.push(word);
  }
  return { units, values, others };
}

/** Whether a phrase, such as `LEFT JOIN`, may begin at the cursor; so may `(PARTITION BY …)` where a bracket may. */
export function mayBegin({ keywords, signs }: Expected, phrase: string): boolean {
  const [first = '', second = ''] = phrase.startsWith('(') ? ['('] : phrase.split(' ');
  if (first === 'NOT' && second !== '') return keywords.has(phrase) || keywords.has(second);
  return keywords.has(phrase) || keywords.has(first) || signs.includes(first);
}

/** Whether any name that exists already may stand at the cursor. */
export function expectsNames({ terminals }: Expected): boolean {
  return terminals.some((terminal) => !LITERALS.has(terminal.name) && !isNewName(terminal));
}

/** Whether the columns of what a statement writes to are wanted, in brackets of their own. */
export function expectsWrittenColumns({ terminals }: Expected): boolean {
  return terminals.some(({ rules }) => rules.includes('InsertColumnList') && rules.includes('InsertMatchInfo'));
}

/** The rules around the name of an option, such as those of COPY, where nothing but one is wanted. */
export function expectedOption({ terminals }: Expected): readonly string[] | undefined {
  const names = terminals.filter(({ name }) => !LITERALS.has(name));
  return names.length > 0 && names.every(({ rules }) => rules.includes('CopyOptionName')) ? names[0]?.rules : undefined;
}

function isNewName({ rules }: ExpectedTerminal): boolean {
  const meaning = rules.find((rule) => !NAME_RULES.has(rule));
  return meaning !== undefined && NEW_NAMES.has(meaning);
}
