import type { Block, SelectItem, StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import type { Column } from '../../engine/types.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type RefactoringPlace, standaloneQuery, trimmed, withCtes } from './refactoring.ts';
import { wordsIn } from './sqlWords.ts';

/** `star`: what `*` stands for; `all`: also the types of select items and the columns that VALUES go into. */
export type InlayHintsMode = 'off' | 'star' | 'all';

export interface Hint {
  readonly offset: number;
  readonly label: string;
  /** All of it, where the label is cut. */
  readonly tooltip: string | undefined;
  /** `type` stands behind what it is about, `parameter` before it. */
  readonly kind: 'type' | 'parameter';
}

/** A longer statement is data, and has no hints. */
const MAX_STATEMENT_CHARACTERS = 32 * 1024;
/** More than a screen shows, unless they all stand in one line. */
const MAX_STATEMENTS = 100;
/** Of all queries that DuckDB is asked about for one answer: each block is asked with the CTEs before it. */
const MAX_ASKED_CHARACTERS = 128 * 1024;
const MAX_ROWS = 50;
const MAX_LABEL = 80;
const MAX_TYPE = 24;

/** Hints of the statements in a range. DuckDB tells names and types; what it does not take has no hints. */
export async function inlayHints(
  document: LanguageDocument,
  range: TextRange,
  mode: InlayHintsMode,
  describe: (statement: StatementScope, queries: readonly string[]) => Promise<readonly (readonly Column[] | undefined)[]>,
): Promise<Hint[]> {
  const statements = document.script
    .statementsWithin(range.start, range.end)
    .filter(({ start, end }) => end - start <= MAX_STATEMENT_CHARACTERS)
    .slice(0, MAX_STATEMENTS);
  const hints: Hint[] = [];
  let asked = 0;
  for (const statement of statements) {
    const describeSome = async (queries: readonly string[]) => {
      asked += queries.reduce((sum, { length }) => sum + length, 0);
      return asked > MAX_ASKED_CHARACTERS ? queries.map(() => undefined) : await describe(statement, queries);
    };
    const place: RefactoringPlace = { document, statement, selection: range, describe: describeSome };
    for (const block of statement.blocks) {
      if (block.kind === 'select' && block.items.length > 0) hints.push(...(await selectHints(place, block, mode)));
      if (block.kind === 'values' && mode === 'all') hints.push(...valuesHints(place, block));
    }
  }
  return hints.filter(({ offset }) => range.start <= offset && offset <= range.end);
}

async function selectHints(place: RefactoringPlace, block: Block, mode: InlayHintsMode): Promise<Hint[]> {
  const { script } = place.document;
  const stars = block.items.filter(({ star }) => star);
  if (mode !== 'all' && stars.length === 0) return [];
  const own = trimmed(script, block);
  const [whole, ...expanded] = await place.describe([
    withCtes(place, block, script.text.slice(own.start, own.end)),
    ...stars.map(({ start, end }) => standaloneQuery(place, block, script.text.slice(start, end))),
  ]);
  const hints: Hint[] = [];
  let at = 0;
  let isKnown = true;
  for (const item of block.items) {
    const columns = item.star ? expanded[stars.indexOf(item)] : whole?.slice(at, at + 1);
    if (item.star && columns) hints.push(starHint(item, columns));
    const type = columns?.[0]?.type;
    if (mode === 'all' && !item.star && isKnown && type !== undefined && !item.literal && !item.castType)
      hints.push({ offset: item.end, label: `: ${shortened(type, MAX_TYPE)}`, tooltip: type, kind: 'type' });
    at += item.star ? (columns?.length ?? 0) : 1;
    isKnown &&= columns !== undefined;
  }
  // An item that gives several columns, such as an unnested struct, moves those behind it.
  return isKnown && whole && at !== whole.length ? hints.filter(({ offset }) => stars.some(({ end }) => end === offset)) : hints;
}

function starHint({ end }: SelectItem, columns: readonly Column[]): Hint {
  let label = ':';
  for (const [index, { name, type }] of columns.entries()) {
    const more = `${index === 0 ? '' : ','} ${name} ${shortened(type, MAX_TYPE)}`;
    if (index > 0 && label.length + more.length > MAX_LABEL) {
      label += ` … +${columns.length - index}`;
      break;
    }
    label += more;
  }
  return { offset: end, label, tooltip: columns.map(({ name, type }) => `${name} ${type}`).join('\n'), kind: 'type' };
}

/** The column that each value of an INSERT goes into. */
function valuesHints({ document: { script, resolver }, statement }: RefactoringPlace, block: Block): Hint[] {
  const insert = statement.blocks.find(({ kind }) => kind === 'insert');
  const target = insert?.sources[0];
  const isSource = statement.blocks.some(({ sources }) => sources.some(({ query }) => query === block.query));
  if (!insert || !target || isSource) return [];
  const listed = insert.references.filter(({ kind, clause }) => kind === 'output' && clause === 'columns');
  const names =
    listed.length > 0
      ? listed.map(({ parts }) => parts.at(-1)?.text ?? '')
      : (resolver.sourceColumns(target, insert)?.map(({ name }) => name) ?? []);
  const hints: Hint[] = [];
  const words = wordsIn(script, block);
  let rows = 0;
  let column = 0;
  for (const [index, { word, depth }] of words.entries()) {
    const next = words[index + 1];
    if (word === '(' && depth === 0) {
      rows++;
      column = 0;
    } else if (word === ',' && depth === 1) column++;
    else continue;
    const name = names[column];
    if (rows <= MAX_ROWS && name !== undefined && next && next.word !== ')' && next.word !== ',')
      hints.push({ offset: next.start, label: `${name}:`, tooltip: undefined, kind: 'parameter' });
  }
  return hints;
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
