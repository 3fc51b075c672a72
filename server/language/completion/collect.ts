import type { Expected } from '../../../engine/sql/grammar/expectedAt.ts';
import { quoteName } from '../../../engine/sql/sqlNames.ts';
import { expectedKeywords, expectedOption, expectsNames, expectsWrittenColumns, grammarAt, mayBegin } from '../grammarWords.ts';
import { CLAUSE_ORDER, optionNames, SAMPLE_METHODS, STATEMENT_KEYWORDS } from '../keywords.ts';
import { objectPlace } from '../objectPlaces.ts';
import { dateParts } from '../stringValues.ts';
import { addColumn, addColumns, addCommonColumns, addOutputColumns } from './columns.ts';
import { addAfterOperand, addExpression, inStar, isOperandPlace, isTablePlace } from './expressions.ts';
import { addFunctions, addTableFunctions, addWindows } from './functions.ts';
import type { Completion } from './item.ts';
import { addAtObjects, addPragmas, addSettings, addTypes } from './objects.ts';
import type { CompletionPlace } from './place.ts';
import { addQualified } from './qualified.ts';
import { addForStatement } from './statements.ts';
import { addSchemas, addTables } from './tables.ts';

/** What the clause and its scope offer, less what DuckDB's grammar does not allow there, and the keywords that it allows besides. */
export function collect(place: CompletionPlace): readonly Completion[] {
  collectByScope(place);
  if (place.context.qualifier.length > 0) return place.items.all;
  const expected = grammarAt(place.document, place.context);
  if (!expected) return place.items.all;
  const names = expectsNames(expected);
  const option = expectedOption(expected);
  if (option || (expectsWrittenColumns(expected) && place.context.block)) {
    place.items.keep([]);
    if (option) place.items.options(optionNames(option));
    else if (place.context.block) addOutputColumns(place, place.context.block);
    return place.items.all;
  }
  const allowed = place.items.all.filter(({ kind, label }) => (kind === 'keyword' ? mayBegin(expected, label) : names));
  place.items.keep(allowed);
  const isOpen = objectPlace(place.context.words)?.expects !== 'nothing';
  if (names && isOpen && !allowed.some(({ kind }) => kind !== 'keyword')) collectByGrammar(place, expected);
  const { units, values, others } = expectedKeywords(expected);
  place.items.keywords(units, 5);
  place.items.keywords(
    others.filter((word) => fitsWhatFollows(place, word)),
    74,
  );
  if (isOpen) place.items.keywords(values, 76);
  return place.items.all;
}

/** Names of the kinds that the grammar names. */
function collectByGrammar(place: CompletionPlace, { terminals }: Expected): void {
  for (const { name, rules } of terminals) {
    if (name === 'TableName' && rules.includes('BaseTableName')) addTables(place);
    else if (name === 'TypeName') addTypes(place);
    else if (name === 'SettingName') addSettings(place);
    else if (name === 'TableFunctionName') addTableFunctions(place);
    else if (rules.includes('UseTarget')) addSchemas(place, []);
    else if (rules.includes('SampleFunction')) place.items.values(SAMPLE_METHODS, 'sampling method');
    else if (name === 'PragmaName') addPragmas(place);
    else if (name === 'FunctionName') addFunctions(place);
  }
}

/** Whether a clause may stand before those that are written behind the cursor. */
function fitsWhatFollows(place: CompletionPlace, word: string): boolean {
  const { block, start } = place.context;
  const rank = CLAUSE_ORDER.findIndex((clauses) => clauses.includes(word));
  const behind = block?.clauses.filter((clause) => clause.start > start).map(({ kind }) => kind.toUpperCase()) ?? [];
  const ranks = behind.map((kind) => CLAUSE_ORDER.findIndex((clauses) => clauses.some((clause) => clause.split(' ')[0] === kind)));
  return rank < 0 || ranks.every((other) => other < 0 || rank < other);
}

/** What stands before the brackets with columns of the table that is being made: PRIMARY KEY, UNIQUE, CHECK, GENERATED ALWAYS AS. */
const ROW_RULES = new Set(['key', 'unique', 'check', 'as']);

/** Columns of the table that the statement makes. */
function addOwnColumns(place: CompletionPlace): void {
  const { start, statement, call } = place.context;
  for (const { name, type } of statement?.created?.columns ?? [])
    if (name.start !== start && name.start < (call?.start ?? start))
      addColumn(place, { name: name.text, type, definition: name }, quoteName(name.text), 10);
}

function collectByScope(place: CompletionPlace): void {
  const { before, qualifier, block, clause, call, statement } = place.context;
  const merge = statement?.blocks.find(({ kind }) => kind === 'merge');
  const [last = '', second = ''] = before;
  if (qualifier.length > 0) addQualified(place);
  else if (last === '.') return;
  else if (last === '' || (before.length === 1 && last === 'explain')) place.items.keywords(STATEMENT_KEYWORDS, 30);
  else if (addAtObjects(place)) return;
  else if (last === '::' || (last === 'as' && /^(?:try_)?cast$/.test(call?.name ?? ''))) addTypes(place);
  else if (addForStatement(place, last, second)) return;
  else if (isTablePlace(place, last)) addTables(place);
  else if (last === 'as') {
    if (place.context.statement?.kind === 'create') place.items.keywords(['SELECT', 'FROM', 'WITH', 'VALUES', 'TABLE'], 30);
  } else if (call?.name === 'exclude' || (call?.name === 'replace' && inStar(place)) || call?.name === 'rename')
    addColumns(place, block, clause);
  else if (call?.name === 'using' && clause === 'using' && block) addCommonColumns(place, block);
  else if (clause === 'columns' && block?.kind === 'tail' && place.context.statement?.created) {
    if (call && ROW_RULES.has(call.name)) addOwnColumns(place);
    if (call?.name === 'check' || call?.name === 'as') addExpression(place);
    else if (last !== '(' && last !== ',') {
      addTypes(place);
      place.items.keywords(['PRIMARY KEY', 'NOT NULL', 'UNIQUE', 'DEFAULT', 'REFERENCES', 'CHECK'], 60);
    }
  } else if ((clause === 'columns' || clause === 'conflict') && call && block) addOutputColumns(place, block);
  else if (block && clause === 'set' && (last === 'set' || (last === ',' && !call))) addOutputColumns(place, block);
  else if (last === 'set' && second === 'update' && merge) addOutputColumns(place, merge);
  else if (call?.name === 'extract' && last === '(') {
    for (const part of dateParts()) place.items.add({ label: part, kind: 'variable', insert: part, detail: 'part of a date', rank: 10 });
  } else if (last === 'over') addWindows(place);
  else if (isOperandPlace(last, second)) addExpression(place);
  else addAfterOperand(place, last);
}
