import { NameResolver, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Block, Name, Query, SelectItem, StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName, unquoteName } from '../../engine/sql/sqlNames.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';
import { findTable } from './catalog.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { definitionRange, joinedKeys, type Occurrence, occurrenceAt, occurrences, type SymbolKey, statementsAbout } from './occurrences.ts';
import { editedParts, type ProvableRename } from './renameProof.ts';

export interface RenameEdit extends TextRange {
  readonly text: string;
}

/** Either edits, or a sentence that says why there are none. */
export type Renaming = ProvableRename | { readonly refusal: string };

export type RenameTarget = { readonly range: TextRange; readonly name: string } | { readonly refusal: string };

/** What a rename at the offset would change. Only what the script itself defines can be renamed. */
export function prepareRename(document: LanguageDocument, offset: number): RenameTarget {
  const found = occurrenceAt(document, offset);
  if (!found) return { refusal: 'There is no name here whose meaning is known.' };
  if (typeof found.key === 'string') {
    return { refusal: `This is ${kindOf(found)} of the database, which editing SQL does not rename.` };
  }
  if (found.meaning.kind === 'source' && found.meaning.source.kind === 'excluded')
    return { refusal: 'This is the name that SQL gives the row that was not inserted.' };
  return { range: { start: found.start, end: found.end }, name: unquoteName(document.script.text.slice(found.start, found.end)) };
}

/**
 * Renames what the name at the offset stands for. Result columns keep their names: where a renamed column is the unnamed item of
 * a select list, the old name becomes its alias. The edits are proved by resolving the script again with them: every name must
 * stand for what it stood for before; otherwise the rename is refused. `parts` are the texts that the script was made of.
 */
export function rename(document: LanguageDocument, parts: readonly string[], offset: number, newText: string): Renaming {
  const target = prepareRename(document, offset);
  if ('refusal' in target) return target;
  const newName = unquoteName(newText.trim());
  if (newName === '' || newName.includes('\0')) return { refusal: 'The new name is empty.' };
  const here = occurrenceAt(document, offset) as Occurrence;
  const { key } = here;
  // What names neither of the two stands for what it stood for before.
  const names = [target.name, newName];
  const all = statementsAbout(document.script, here, names, here.start).flatMap((statement) =>
    occurrences(document.resolver, statement).map((occurrence) => ({ ...occurrence, statement })),
  );
  const keys = joinedKeys(key, all);
  const mine = all.filter((occurrence) => keys.has(occurrence.key));
  if (sameName(newName, target.name) && newName === target.name) return { edits: [], oldName: target.name, newName };
  const isColumn = mine.some(({ meaning }) => meaning.kind === 'column' || meaning.kind === 'alias');
  const isTable = mine.some(({ meaning }) => meaning.kind === 'created');
  if ([...keys].some((other) => typeof other === 'string'))
    return { refusal: 'The column is joined by its name to a column of the database, which editing SQL does not rename.' };
  const statements = document.script.statements();
  if (isColumn && statements.some(({ blocks }) => blocks.some((block) => isJoinedByName(document.resolver, block, keys, newName))))
    return { refusal: `A NATURAL JOIN compares columns by their names: renaming ${target.name} would change it.` };
  if (isColumn && mine.some(({ block }) => block?.kind === 'pivot'))
    return { refusal: 'The column takes part in a PIVOT, whose columns depend on it.' };
  if (isColumn && mine.some(({ block }) => block?.query.byName)) return { refusal: 'The column takes part in a set operation BY NAME.' };
  if (isTable && findTable(document.catalog, [newName], undefined)) return { refusal: `There is a table ${newName} already.` };
  const edits: RenameEdit[] = [];
  const written = quoteName(newName);
  const add = (edit: RenameEdit) => {
    if (!edits.some(({ start, end }) => start === edit.start && end === edit.end)) edits.push(edit);
  };
  for (const one of keys) {
    const defining = typeof one !== 'string' && 'star' in one ? one : undefined;
    // An item that is named after its column has the new name when the column has it.
    const follows = defining && mine.some(({ start, key: own }) => own !== one && start === defining.reference?.parts.at(-1)?.start);
    if (defining && !follows) add({ start: defining.end, end: defining.end, text: ` as ${written}` });
    const defined = defining ? undefined : definitionRange(one);
    if (defined) add({ start: defined.start, end: defined.end, text: written });
    for (const { start, end, block, statement, key: own, meaning } of mine) {
      if (own !== one) continue;
      const isInString = document.script.text.charAt(start - 1) === "'";
      const isVariable = meaning.kind === 'created' && meaning.created.kind === 'variable';
      add({ start, end, text: isInString ? (isVariable ? newName : written).replaceAll("'", "''") : written });
      const item = block?.items.find((candidate) => !candidate.alias && candidate.reference?.parts.at(-1)?.start === start);
      if (defining || !block || !item || keys.has(item) || !exposesName(statement, block)) continue;
      const old = meaning.kind === 'column' || meaning.kind === 'alias' ? meaning.column.name : oldName(document, item);
      add({ start: item.end, end: item.end, text: ` as ${quoteName(old)}` });
    }
  }
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  const problem = findChange(document, parts, all, keys, edits, (script) => statementsAbout(script, here, names, moved(here.start, edits)));
  return problem === undefined ? { edits, oldName: target.name, newName } : { refusal: problem };
}

/** What a refusal calls a thing of the database. */
function kindOf({ meaning }: Occurrence): string {
  switch (meaning.kind) {
    case 'relation':
    case 'source':
      return 'a table';
    case 'field':
      return 'a field of a column';
    case 'column':
    case 'function':
    case 'schema':
      return `a ${meaning.kind}`;
    default:
      return 'something';
  }
}

/** Whether a block has a NATURAL JOIN of a renamed column whose shared columns would be others with the new name. */
function isJoinedByName(resolver: NameResolver, block: Block, keys: ReadonlySet<SymbolKey>, newName: string): boolean {
  if (!block.sources.some(({ join }) => join?.natural)) return false;
  const lists = block.sources.map((source) => resolver.sourceColumns(source, block));
  const mine = lists
    .flatMap((list) => list ?? [])
    .filter(({ definition }) => definition && !('database' in definition) && keys.has(definition));
  if (mine.length === 0) return false;
  const having = (name: string) => lists.filter((list) => list?.some((column) => sameName(column.name, name))).length;
  return lists.includes(undefined) || having(newName) > 0 || mine.some(({ name }) => having(name) > 1);
}

function oldName(document: LanguageDocument, item: SelectItem): string {
  const last = item.reference?.parts.at(-1);
  return last?.text ?? document.script.text.slice(item.start, item.end);
}

/** Whether somebody sees the names of the block's columns: a result, a CTE, a subquery in FROM. */
function exposesName(statement: StatementScope, block: Block): boolean {
  const exposing = new Set<Query>();
  for (const query of statement.queries) {
    if (query.outer === undefined && query.parent === undefined) exposing.add(query);
    for (const cte of query.ctes) if (cte.query) exposing.add(cte.query);
    if (query.outer?.kind === 'insert' && query.outer.byName) exposing.add(query);
  }
  if (statement.created?.query) exposing.add(statement.created.query);
  for (const { sources } of statement.blocks) for (const { query } of sources) if (query) exposing.add(query);
  let query: Query | undefined = block.query;
  if (query.members[0] !== block) return false;
  while (query && !exposing.has(query)) {
    const parent: Query | undefined = query.parent;
    if (parent?.members[0] !== query) return false;
    query = parent;
  }
  return query !== undefined;
}

/** Resolves the edited script and compares what its names stand for; a sentence when something changed. */
function findChange(
  document: LanguageDocument,
  parts: readonly string[],
  before: readonly Occurrence[],
  keys: ReadonlySet<SymbolKey>,
  edits: readonly RenameEdit[],
  about: (script: SqlScript) => readonly StatementScope[],
): string | undefined {
  const edited = editedParts(parts, edits);
  const script = new SqlScript(edited, document.script);
  const resolver = new NameResolver(script, document.lookup);
  const statements = about(script);
  const after = new Map<number, Occurrence[]>();
  for (const statement of statements) {
    for (const other of occurrences(resolver, statement)) after.set(other.start, [...(after.get(other.start) ?? []), other]);
  }
  const twin = findTwin(statements, edits);
  if (twin !== undefined) return twin;
  const partner = new Map<SymbolKey, SymbolKey>();
  const taken = new Map<SymbolKey, SymbolKey>();
  const counts = new Map<number, number>();
  for (const occurrence of before) {
    const at = moved(occurrence.start, edits);
    const count = counts.get(at) ?? 0;
    counts.set(at, count + 1);
    const found = after.get(at)?.[count];
    if (!found) return changed(document, occurrence);
    const known = partner.get(occurrence.key);
    const owner = taken.get(found.key);
    if (known !== undefined && known !== found.key) return changed(document, occurrence);
    if (owner !== undefined && owner !== occurrence.key) return changed(document, occurrence);
    if (isLasting(occurrence.key) && occurrence.key !== found.key) return changed(document, occurrence);
    partner.set(occurrence.key, found.key);
    taken.set(found.key, occurrence.key);
  }
  const renamed = [...keys].map((key) => partner.get(key));
  // A name that meant nothing known before must not come to mean what is renamed.
  for (const [at, list] of after) {
    const caught = list.slice(counts.get(at) ?? 0).find(({ key, definition }) => !definition && renamed.includes(key));
    if (caught && !edits.some((edit) => moved(edit.start, edits) === at))
      return `After that, ${script.text.slice(caught.start, caught.end)} in line ${lineOf(script.text, at)} would stand for it.`;
  }
  const doubled = renamed.map((key) => findDoubled(statements, key)).find((name) => name !== undefined);
  if (doubled !== undefined) return `There is a column ${doubled} already.`;
  return findMadeTwice(statements, renamed);
}

/** Says so when a name that an edit writes is one of two common table expressions or two tables of a FROM. */
function findTwin(statements: readonly StatementScope[], edits: readonly RenameEdit[]): string | undefined {
  const starts = new Set(edits.map(({ start }) => moved(start, edits)));
  const twinOf = (names: readonly { readonly text: string; readonly start: number }[]) =>
    names.find(({ text, start }) => starts.has(start) && names.filter((other) => sameName(other.text, text)).length > 1)?.text;
  for (const { queries, blocks } of statements) {
    for (const { ctes } of queries) {
      const twin = twinOf(ctes.map(({ name }) => name));
      if (twin !== undefined) return `There is a common table expression ${twin} already.`;
    }
    for (const { sources } of blocks) {
      const named = sources.flatMap((source) => {
        const text = source.kind === 'excluded' ? undefined : sourceName(source);
        return text === undefined ? [] : [{ text, start: source.alias?.start ?? source.start }];
      });
      const twin = twinOf(named);
      if (twin !== undefined) return `Another table of that FROM is called ${twin} already.`;
    }
  }
  return undefined;
}

/** Whether a key stays the same when the text around it changes. */
function isLasting(key: SymbolKey): boolean {
  return typeof key === 'string' && !/^(?:column of|field at) \d/.test(key);
}

/** The renamed item's name when its select list has another of that name. */
function findDoubled(statements: readonly StatementScope[], key: SymbolKey | undefined): string | undefined {
  for (const { blocks } of statements) {
    for (const { items } of blocks) {
      const own = items.find(({ alias }) => alias !== undefined && alias === key)?.alias;
      if (!own) continue;
      const same = items.filter((item) => sameName(item.alias?.text ?? item.reference?.parts.at(-1)?.text ?? '', own.text));
      if (same.length > 1) return own.text;
    }
  }
  return undefined;
}

/** Says so when the renamed table, type or column has the name of another that the script makes. */
function findMadeTwice(statements: readonly StatementScope[], renamed: readonly (SymbolKey | undefined)[]): string | undefined {
  const made = statements.flatMap(({ created }) => (created ? [{ kind: created.kind, name: created.parts.at(-1) as Name }] : []));
  const own = made.find(({ name }) => renamed.includes(name));
  const isSource = (kind: string) => kind === 'table' || kind === 'view';
  const twin =
    own &&
    made.find(
      ({ kind, name }) =>
        name !== own.name && sameName(name.text, own.name.text) && (kind === own.kind || (isSource(kind) && isSource(own.kind))),
    );
  if (twin) return `The script makes another ${twin.name.text}.`;
  for (const { created } of statements) {
    if (!created) continue;
    const named = (what: string, names: readonly Name[]) => ({ what, names });
    const lists = [
      named('column', [...created.columns.map(({ name }) => name)]),
      named('column', created.columnAliases),
      ...created.forms.map(({ parameters }) =>
        named(
          'parameter',
          parameters.map(({ name }) => name),
        ),
      ),
    ];
    for (const { what, names } of lists) {
      const name = names.find((candidate) => renamed.includes(candidate));
      if (name && names.some((other) => other !== name && sameName(other.text, name.text)))
        return `There is a ${what} ${name.text} already.`;
    }
  }
  return undefined;
}

function changed({ script }: LanguageDocument, { start, end }: TextRange): string {
  return `After that, ${script.text.slice(start, end)} in line ${lineOf(script.text, start)} would stand for something else.`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function moved(offset: number, edits: readonly RenameEdit[]): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (start >= offset && !(start === end && start < offset)) break;
    shift += text.length - (end - start);
  }
  return offset + shift;
}
