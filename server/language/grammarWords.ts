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
/** Rules of what begins a value. */
const VALUE_RULES: ReadonlySet<string> = new Set(['SingleExpression', 'LogicalNotExpression', 'PrefixExpression']);
/** Words of the grammar that nobody writes, or that stand for another. */
const RARE: ReadonlySet<string> = new Set(
  'OPERATOR PIVOT_WIDER PIVOT_LONGER ANALYSE DESCENDING ASCENDING EXPORT_STATE SETOF UNPACK NCHAR OIDS FREEZE BINARY VERBOSE NOTNULL ISNULL'.split(
    ' ',
  ),
);

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

/** Keywords that may stand at the cursor, those that are called like functions left out: those that begin a value, and the others. */
export function expectedKeywords({ keywords }: Expected): { readonly values: readonly string[]; readonly others: readonly string[] } {
  const own = [...keywords].filter(([word]) => !GRAMMAR_FUNCTIONS.has(word.toLowerCase()) && !RARE.has(word));
  const isValue = ([, rules]: readonly [string, readonly string[]]) => rules.some((rule) => VALUE_RULES.has(rule));
  return { values: own.filter(isValue).map(([word]) => word), others: own.filter((entry) => !isValue(entry)).map(([word]) => word) };
}

/** Whether a phrase, such as `LEFT JOIN`, may begin at the cursor; so may `(PARTITION BY …)` where a bracket may. */
export function mayBegin({ keywords, signs }: Expected, phrase: string): boolean {
  const first = phrase.startsWith('(') ? '(' : (phrase.split(' ')[0] ?? '');
  return (
    keywords.has(phrase) || signs.includes(first) || [...keywords.keys()].some((word) => word === first || word.startsWith(`${first} `))
  );
}

/** Whether any name that exists already, or a value, may stand at the cursor. */
export function expectsNames({ terminals }: Expected): boolean {
  return terminals.some((terminal) => !isNewName(terminal));
}

function isNewName({ rules }: ExpectedTerminal): boolean {
  const meaning = rules.find((rule) => !NAME_RULES.has(rule));
  return meaning !== undefined && NEW_NAMES.has(meaning);
}
