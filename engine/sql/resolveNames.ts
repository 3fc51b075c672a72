import type { Block, Created, Cte, Local, Mention, Name, Query, Reference, SelectItem, Source, StatementScope } from './scopeTree.ts';
import { quoteName, sameName } from './sqlNames.ts';
import type { SqlScript } from './sqlScript.ts';
import { elementType, structFields, type TypedName } from './sqlTypes.ts';

/** What the database knows of a table or view. */
export interface KnownRelation {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TypedName[];
}

/** What names mean that the text does not define. Asked often, so it must answer from memory. */
export interface Lookup {
  /** By name, by schema and name, or by database, schema and name; `use` is what a USE before the statement chose. */
  relation(parts: readonly string[], use: readonly string[] | undefined): KnownRelation | undefined;
  /** Columns of a data file, or of a call of a table function; undefined while they are not known. */
  file(path: string): readonly TypedName[] | undefined;
  tableFunction(name: string): readonly TypedName[] | undefined;
  /** The type that a function's overloads agree on. */
  returnType(name: string): string | undefined;
  /** The columns that a query or the call of a table function was found to give, or the list that a lambda runs over. */
  described?(thing: Query | Source | Local): readonly TypedName[] | undefined;
}

/** Where a column's name comes from: a written name, a select item that is named after its column, or a table of the database. */
export interface Column extends TypedName {
  readonly definition: Name | SelectItem | KnownRelation | undefined;
}

/** What a part of a reference stands for. */
export type Meaning =
  | { readonly kind: 'cte'; readonly cte: Cte }
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'column'; readonly column: Column; readonly source: Source | undefined }
  | { readonly kind: 'alias'; readonly column: Column; readonly item: SelectItem }
  | { readonly kind: 'field'; readonly field: TypedName }
  | { readonly kind: 'local'; readonly local: Local; readonly type: string | undefined }
  | { readonly kind: 'created'; readonly created: Created; readonly statement: StatementScope }
  | { readonly kind: 'relation'; readonly relation: KnownRelation }
  /** A schema or database that the script does not make. */
  | { readonly kind: 'schema'; readonly name: string }
  | { readonly kind: 'window'; readonly name: Name }
  | { readonly kind: 'function'; readonly name: string };

/** An item of a select list that gives a column a name: by its alias, or by a RENAME of its star. */
interface NamedItem {
  readonly item: SelectItem;
  readonly renamed: Name | undefined;
}

/** A source that is seen from a place, and how far out it stands: 0 in the same block. */
export interface VisibleSource {
  readonly source: Source;
  readonly block: Block;
  readonly level: number;
}

/** The nearest common table expression of a name that a FROM clause in the query can name. */
function findCte(query: Query, name: string): Cte | undefined {
  let at: Query | undefined = query;
  let limit = Number.POSITIVE_INFINITY;
  while (at) {
    const found = at.ctes.findIndex((cte) => sameName(cte.name.text, name));
    if (found >= 0 && found < limit) return at.ctes[found];
    limit = at.cteLimit;
    at = at.parent;
  }
  return undefined;
}

/** Views and CTEs inside of one another that are followed. */
const MAX_NESTING = 40;

/**
 * Says what names in a script mean, by DuckDB's rules: a table alias hides the table's name; in WHERE a column hides a select
 * alias, in ORDER BY it is the other way round; a subquery in FROM sees the sources before it; an inner scope hides an outer one.
 */
export class NameResolver {
  readonly script: SqlScript;
  readonly #lookup: Lookup;
  readonly #columns = new Map<Source | Query, readonly Column[] | undefined>();
  /** By block and lower-case name. */
  readonly #named = new Map<Block, Map<string, NamedItem[]>>();
  /** Defining statements that begin before an offset. */
  #defining: { readonly until: number; readonly statements: readonly StatementScope[] } = { until: 0, statements: [] };
  #altering: readonly StatementScope[] | undefined;
  #use: { readonly offset: number; readonly use: readonly string[] | undefined } | undefined;
  #nesting = 0;

  constructor(script: SqlScript, lookup: Lookup) {
    this.script = script;
    this.#lookup = lookup;
  }

  /** Sources that an expression in the block can name, the nearest first. */
  visibleSources(block: Block): VisibleSource[] {
    const found: VisibleSource[] = [];
    let at: Block | undefined = block;
    let limit = Number.POSITIVE_INFINITY;
    for (let level = 0; at && level < MAX_NESTING; level++) {
      for (const source of at.sources.slice(0, limit)) found.push({ source, block: at, level });
      limit = at.query.sourceLimit;
      at = at.query.outer;
    }
    return found;
  }

  /** Common table expressions that a FROM clause in the query can name, the nearest first. */
  visibleCtes(query: Query, includeOwn = true): Cte[] {
    const found = new Map<string, Cte>();
    let at: Query | undefined = query;
    let limit = includeOwn ? Number.POSITIVE_INFINITY : 0;
    while (at) {
      for (const cte of at.ctes.slice(0, limit)) {
        const name = cte.name.text.toLowerCase();
        if (!found.has(name)) found.set(name, cte);
      }
      limit = at.cteLimit;
      at = at.parent;
    }
    return [...found.values()];
  }

  /** Tables, views, macros and schemas that statements before the offset make and do not drop again; the latest first. */
  createdBefore(offset: number): { readonly created: Created; readonly statement: StatementScope }[] {
    let found: { created: Created; statement: StatementScope }[] = [];
    for (const statement of this.#definingBefore(offset)) {
      if (statement.end >= offset) continue;
      if (statement.created) found.push({ created: statement.created, statement });
      else if (statement.kind === 'drop') {
        const gone = droppedNames(statement);
        found = found.filter(({ created }) => !gone.some((name) => sameName(name, created.parts.at(-1)?.text ?? '')));
      }
    }
    return found.reverse();
  }

  /** What the last USE before the offset chose. */
  useBefore(offset: number): readonly string[] | undefined {
    if (this.#use?.offset === offset) return this.#use.use;
    const use = this.#definingBefore(offset + 1).findLast((statement) => statement.use && statement.end <= offset)?.use;
    this.#use = { offset, use };
    return use;
  }

  /** What a source of kind `relation` names. */
  relationMeaning(source: Source, query: Query): Meaning | undefined {
    const parts = source.parts.map(({ text }) => text);
    const last = parts.at(-1);
    if (last === undefined || source.kind === 'function') return undefined;
    if (parts.length === 1) {
      const cte = findCte(query, last);
      if (cte) return { kind: 'cte', cte };
    }
    const before = source.parts[0]?.start ?? source.start;
    const made = this.#created(parts, before);
    if (made) return { kind: 'created', ...made };
    const relation = this.#lookup.relation(parts, this.useBefore(before));
    return relation && { kind: 'relation', relation };
  }

  /** The columns of a source under the names by which it can be asked for them; undefined when they are not known. */
  sourceColumns(source: Source, block: Block): readonly Column[] | undefined {
    if (this.#columns.has(source)) return this.#columns.get(source);
    // A CTE that names itself meets its own entry.
    this.#columns.set(source, undefined);
    const columns = this.#guarded(() => this.#plainSourceColumns(source, block));
    const named = columns && renamed(columns, source.columnAliases);
    this.#columns.set(source, named);
    return named;
  }

  /** The columns that a query gives. */
  queryColumns(query: Query): readonly Column[] | undefined {
    if (this.#columns.has(query)) return this.#columns.get(query);
    this.#columns.set(query, undefined);
    const columns = typed(
      this.#guarded(() => this.#memberColumns(query)),
      this.#lookup.described?.(query),
    );
    this.#columns.set(query, columns);
    return columns;
  }

  /** Those of the first member; BY NAME the others add what it does not have. */
  #memberColumns({ members, byName }: Query): readonly Column[] | undefined {
    const [first, ...others] = members.map((member) => () => ('sources' in member ? this.blockColumns(member) : this.queryColumns(member)));
    const columns = first?.();
    if (others.length === 0 || !columns) return columns;
    if (!byName) {
      // Where the members differ, the type is what they have in common.
      const rest = others.map((other) => other());
      return columns.map((column, index) =>
        rest.every((list) => list?.[index]?.type === column.type) ? column : { ...column, type: undefined },
      );
    }
    const all = [...columns];
    for (const other of others) {
      for (const column of other() ?? []) if (!all.some(({ name }) => sameName(name, column.name))) all.push(column);
    }
    return all;
  }

  cteColumns(cte: Cte): readonly Column[] | undefined {
    const columns = cte.query && this.queryColumns(cte.query);
    if (columns) return renamed(columns, cte.columns);
    return cte.columns.length > 0 ? cte.columns.map((name) => ({ name: name.text, type: undefined, definition: name })) : undefined;
  }

  createdColumns(created: Created): readonly Column[] | undefined {
    const own = this.#ownColumns(created);
    return own && this.#withAltered(own, created.parts);
  }

  /** What a name stands for that is no part of a query. */
  mentioned({ kind, name, of = [] }: Mention): Meaning | undefined {
    if (kind === 'column') return this.#mentionedColumn(name, of);
    const texts = of.map(({ text }) => text);
    if (kind === 'table') {
      const made = this.#created(texts, name.start);
      const relation = made ? undefined : this.#lookup.relation(texts, this.useBefore(name.start));
      return made ? { kind: 'created', ...made } : relation && { kind: 'relation', relation };
    }
    if (kind === 'parameter') {
      const macro = this.#created(texts.slice(-1), name.start, 'macro')?.created;
      const parameter = macro?.forms
        .flatMap(({ parameters }) => parameters.map((own) => own.name))
        .find(({ text }) => sameName(text, name.text));
      return parameter && { kind: 'local', local: { name: parameter, list: undefined, start: name.start, end: name.end }, type: undefined };
    }
    const makers = this.#definingBefore(name.start + 1).filter(
      ({ created }) =>
        (created?.kind === kind || (kind === 'schema' && created?.kind === 'database')) &&
        sameName(created.parts.at(-1)?.text ?? '', name.text),
    );
    // A variable that is set again stays the same one.
    const made = kind === 'variable' ? makers[0] : makers.findLast((statement) => statement.start <= name.start);
    if (made?.created) return { kind: 'created', created: made.created, statement: made };
    return kind === 'schema' ? { kind: 'schema', name: name.text } : undefined;
  }

  #mentionedColumn(name: Name, of: readonly Name[]): Meaning | undefined {
    const own = this.#definingBefore(name.start + 1).find(({ created }) => created?.parts === of)?.created;
    const texts = of.map(({ text }) => text);
    const made = own ?? this.#created(texts, name.start)?.created;
    const column = made && this.createdColumns(made)?.find((other) => sameName(other.name, name.text));
    if (column) return { kind: 'column', column, source: undefined };
    const relation = made ? undefined : this.#lookup.relation(texts, this.useBefore(name.start));
    const known = relation?.columns.find((other) => sameName(other.name, name.text));
    return relation && known && { kind: 'column', column: { ...known, definition: relation }, source: undefined };
  }

  /** Columns that later ALTER statements of the script add to a table, or that they rename. */
  #withAltered(columns: readonly Column[], parts: readonly Name[]): readonly Column[] {
    const last = parts.at(-1)?.text ?? '';
    this.#altering ??= this.script.altering();
    const added = this.#altering.flatMap(({ altered }) =>
      altered && sameName(altered.parts.at(-1)?.text ?? '', last) && (altered.parts.at(-2)?.text ?? '') === (parts.at(-2)?.text ?? '')
        ? altered.columns.map(({ name, type }): Column => ({ name: name.text, type: type || undefined, definition: name }))
        : [],
    );
    const fresh = added.filter((column) => !columns.some(({ name }) => sameName(name, column.name)));
    return fresh.length > 0 ? [...columns, ...fresh] : columns;
  }

  #ownColumns(created: Created): readonly Column[] | undefined {
    const known = this.#lookup.relation(
      created.parts.map(({ text }) => text),
      undefined,
    )?.columns;
    const withType = (column: Column): Column => ({
      ...column,
      type: column.type ?? known?.find(({ name }) => sameName(name, column.name))?.type,
    });
    if (created.renamedFrom) {
      const from = created.renamedFrom.map(({ text }) => text);
      const before = created.parts.at(-1)?.start ?? 0;
      const made = this.#created(from, before)?.created;
      const relation = made ? undefined : this.#lookup.relation(from, this.useBefore(before));
      return made ? this.createdColumns(made) : relation?.columns.map((column) => ({ ...column, definition: relation }));
    }
    if (created.columns.length > 0) return created.columns.map(({ name, type }) => ({ name: name.text, type, definition: name }));
    const columns = created.query && this.queryColumns(created.query);
    return columns && renamed(columns, created.columnAliases).map(withType);
  }

  /** The columns of one SELECT, in order. */
  blockColumns(block: Block): readonly Column[] | undefined {
    if (block.kind === 'values') {
      return Array.from({ length: block.width }, (_, index) => ({ name: `col${index}`, type: undefined, definition: undefined }));
    }
    if (block.pivot) return this.#pivotColumns(block);
    const stars = block.items.length === 0 && block.clauses[0]?.kind === 'from' && block.sources.length > 0;
    if (stars) return this.#starColumns(block, undefined);
    const columns: Column[] = [];
    for (const item of block.items) {
      if (item.star) {
        const expanded = this.#starColumns(block, item);
        if (!expanded) return columns.length > 0 ? columns : undefined;
        columns.push(...expanded);
      } else columns.push(this.itemColumn(block, item));
    }
    return columns;
  }

  /** The column that a select item without `*` gives. */
  itemColumn(block: Block, item: SelectItem): Column {
    const type = this.#guarded(() => this.#itemType(block, item));
    const last = item.reference?.parts.at(-1);
    return { name: item.alias?.text ?? last?.text ?? callName(item) ?? item.text, type, definition: item.alias ?? item };
  }

  /** What each part of a reference stands for; undefined where that is not known. */
  meanings(reference: Reference, block: Block): readonly (Meaning | undefined)[] {
    const { parts, kind } = reference;
    const first = parts[0];
    if (!first) return [];
    if (kind === 'window') {
      const name = block.windows.find(({ text }) => sameName(text, first.text));
      return [name && { kind: 'window', name }];
    }
    if (kind === 'function') {
      const receiver = parts.length > 1 ? [...this.#chain(parts.slice(0, -1), reference, block)] : [];
      const schema = receiver.length === 1 && !receiver[0] ? this.mentioned({ kind: 'schema', name: first }) : undefined;
      if (schema?.kind === 'created') receiver[0] = schema;
      const name = (parts.at(-1) as Name).text;
      const made = this.#created([name], first.start, 'macro');
      return [...receiver, made ? { kind: 'created', ...made } : { kind: 'function', name }];
    }
    if (kind === 'output') return this.#output(parts, block);
    if (kind === 'using') {
      for (const source of block.sources) {
        const column = this.column(source, block, first.text);
        if (column) return [{ kind: 'column', column, source }];
      }
      return [undefined];
    }
    return this.#chain(parts, reference, block);
  }

  /** A column of a source by its name. */
  column(source: Source, block: Block, name: string): Column | undefined {
    return this.sourceColumns(source, block)?.find((column) => sameName(column.name, name));
  }

  /** The type of the list that a lambda or comprehension runs over, less its brackets. */
  localType(local: Local, block: Block): string | undefined {
    const described = this.#lookup.described?.(local)?.[0];
    if (described) return elementType(described.type);
    if (!local.list) return undefined;
    const meaning = this.meanings(local.list, block).at(-1);
    return elementType(meaning && meaningType(meaning));
  }

  /** Statements that make or choose what others name and begin before an offset, and perhaps some later ones. */
  #definingBefore(offset: number): readonly StatementScope[] {
    if (offset > this.#defining.until) this.#defining = { until: offset, statements: this.script.defining(offset) };
    return this.#defining.statements;
  }

  #guarded<T>(read: () => T | undefined): T | undefined {
    if (this.#nesting > MAX_NESTING) return undefined;
    this.#nesting++;
    try {
      return read();
    } finally {
      this.#nesting--;
    }
  }

  #created(parts: readonly string[], before: number, kind?: 'macro'): { created: Created; statement: StatementScope } | undefined {
    const last = parts.at(-1) ?? '';
    const made = this.#definingBefore(before).findLast(({ created, start, end }) => {
      if (!created || end >= before) return false;
      if (kind ? created.kind !== kind : created.kind !== 'table' && created.kind !== 'view') return false;
      if (!sameName(created.parts.at(-1)?.text ?? '', last)) return false;
      const schema = parts.at(-2);
      const own = created.parts.at(-2)?.text ?? this.useBefore(start)?.at(-1) ?? 'main';
      return schema === undefined || sameName(own, schema);
    });
    return made?.created && { created: made.created, statement: made };
  }

  #plainSourceColumns(source: Source, block: Block): readonly Column[] | undefined {
    if (source.query) return this.queryColumns(source.query);
    if (source.kind === 'file') return this.#lookup.file(source.path ?? '')?.map(free);
    if (source.kind === 'function') return this.#functionColumns(source, block);
    const meaning = this.relationMeaning(source, block.query);
    if (meaning?.kind === 'cte') return this.cteColumns(meaning.cte);
    if (meaning?.kind === 'created') return this.createdColumns(meaning.created);
    if (meaning?.kind !== 'relation') return undefined;
    const columns = meaning.relation.columns.map((column) => ({ ...column, definition: meaning.relation }));
    return this.#withAltered(columns, source.parts);
  }

  #functionColumns(source: Source, block: Block): readonly Column[] | undefined {
    const name = source.parts.at(-1)?.text.toLowerCase() ?? '';
    const described = this.#lookup.described?.(source);
    if (described) return described.map(free);
    const made = this.#created([name], source.start, 'macro');
    if (made?.created.query) return this.queryColumns(made.created.query);
    if (name === 'range' || name === 'generate_series') return [free({ name, type: 'BIGINT' })];
    if (name === 'unnest') return [free({ name: 'unnest', type: this.#unnestedType(source, block) })];
    if (name === 'glob') return [free({ name: 'file', type: 'VARCHAR' })];
    if (source.path !== undefined && /^(?:read_|parquet_scan|sniff)/.test(name)) return this.#lookup.file(source.path)?.map(free);
    return this.#lookup.tableFunction(name)?.map(free);
  }

  /** The type of the elements when the list is a plain column. */
  #unnestedType({ start, end }: Source, block: Block): string | undefined {
    const list = block.references.find((reference) => reference.kind === 'column' && start < reference.start && reference.end < end);
    const meaning = list && this.meanings(list, block).at(-1);
    return elementType(meaning && meaningType(meaning));
  }

  #starColumns(block: Block, item: SelectItem | undefined): readonly Column[] | undefined {
    const qualifier = item?.star?.qualifier.at(-1)?.text;
    const columns: Column[] = [];
    const merged = new Set<string>();
    let any = false;
    for (const source of block.sources) {
      if (source.kind === 'excluded' || (qualifier !== undefined && !sameName(sourceName(source) ?? '', qualifier))) continue;
      const own = this.sourceColumns(source, block);
      if (!own) continue;
      any = true;
      const using = new Set(source.join?.using.map(({ text }) => text.toLowerCase()));
      for (const column of own) {
        const key = column.name.toLowerCase();
        const shared = using.has(key) || (source.join?.natural === true && columns.some(({ name }) => sameName(name, key)));
        if (qualifier === undefined && shared && merged.has(key)) continue;
        merged.add(key);
        columns.push(column);
      }
    }
    if (!any) return undefined;
    const { exclude = [], rename = [], replace = [] } = item?.star ?? {};
    return columns
      .filter(({ name }) => !exclude.some(({ text }) => sameName(text, name)))
      .map((column) => {
        const to = rename.find(({ from }) => sameName(from.text, column.name))?.to;
        if (to) return { ...column, name: to.text, definition: to };
        const replaced = replace.find(({ text }) => sameName(text, column.name));
        return replaced ? { ...column, type: undefined, definition: replaced } : column;
      });
  }

  #pivotColumns(block: Block): readonly Column[] | undefined {
    const pivot = block.pivot;
    const source = block.sources[0];
    if (!pivot || !source) return undefined;
    const own = this.sourceColumns(source, block);
    const isIn = (names: readonly Name[], name: string) => names.some(({ text }) => sameName(text, name));
    if (pivot.kind === 'unpivot') {
      const kept = (own ?? []).filter(({ name }) => !isIn(pivot.on, name));
      const name = pivot.nameColumn;
      const type = own?.find((column) => isIn(pivot.on, column.name))?.type;
      const values = pivot.valueColumns.map((value) => ({ name: value.text, type, definition: value }));
      return [
        ...kept,
        { name: name?.text ?? 'name', type: 'VARCHAR', definition: name },
        ...(values.length > 0 ? values : [free({ name: 'value', type })]),
      ];
    }
    const kept = (own ?? []).filter(({ name }) =>
      pivot.group ? isIn(pivot.group, name) : !isIn(pivot.on, name) && !isIn(pivot.used, name),
    );
    const suffixes = pivot.aggregates.length > 1 || pivot.aggregates[0] !== undefined ? pivot.aggregates : [undefined];
    const made = pivot.values.flatMap((value) =>
      suffixes.map((suffix) => free({ name: suffix === undefined ? value : `${value}_${suffix}`, type: undefined })),
    );
    return [...kept, ...made];
  }

  #itemType(block: Block, item: SelectItem): string | undefined {
    const described = this.#describedItem(block, item);
    if (described !== undefined) return described;
    if (item.castType) return item.castType.toUpperCase();
    if (item.reference) {
      const meaning = this.meanings(item.reference, block).at(-1);
      return meaning && meaning.kind !== 'alias' ? meaningType(meaning) : undefined;
    }
    if (item.literal) return { string: 'VARCHAR', integer: 'INTEGER', decimal: undefined, boolean: 'BOOLEAN' }[item.literal];
    if (!item.call) return undefined;
    const { name, argument } = item.call;
    if (['min', 'max', 'any_value', 'first', 'last', 'arg_min', 'arg_max', 'coalesce', 'mode'].includes(name)) {
      const meaning = argument && this.meanings(argument, block).at(-1);
      return meaning && meaningType(meaning);
    }
    return this.#lookup.returnType(name);
  }

  /** The type of an item in the columns that its query was found to give, by the number of columns before it. */
  #describedItem(block: Block, item: SelectItem): string | undefined {
    const columns =
      block.query.members.length === 1 && block.query.members[0] === block ? this.#lookup.described?.(block.query) : undefined;
    if (!columns) return undefined;
    let at = 0;
    for (const other of block.items) {
      if (other === item) return columns[at]?.type;
      const width: number | undefined = other.star ? this.#starColumns(block, other)?.length : 1;
      if (width === undefined) return undefined;
      at += width;
    }
    return undefined;
  }

  #output(parts: readonly Name[], block: Block): readonly (Meaning | undefined)[] {
    const target = block.sources[0];
    const first = parts[0] as Name;
    const column = target && this.column(target, block, first.text);
    return this.#fields(parts, [column && { kind: 'column', column, source: target }]);
  }

  #chain(parts: readonly Name[], reference: Reference, block: Block): readonly (Meaning | undefined)[] {
    const first = parts[0] as Name;
    let at: Block | undefined = block;
    let limit = Number.POSITIVE_INFINITY;
    for (let level = 0; at && level < MAX_NESTING; level++) {
      const scope: Block = at;
      const local = scope.locals.find(
        ({ name, start, end }) => sameName(name.text, first.text) && start <= first.start && first.end <= end,
      );
      if (local) return this.#fields(parts, [{ kind: 'local', local, type: this.localType(local, scope) }]);
      const sources = scope.sources.slice(0, limit);
      const found = this.#chainIn(parts, reference, scope, sources, level);
      if (found) return found;
      limit = scope.query.sourceLimit;
      at = scope.query.outer;
    }
    return parts.map(() => undefined);
  }

  #chainIn(
    parts: readonly Name[],
    reference: Reference,
    block: Block,
    sources: readonly Source[],
    level: number,
  ): readonly (Meaning | undefined)[] | undefined {
    const first = parts[0] as Name;
    // A subquery stands in a clause of the block around it, and sees the aliases that this clause sees.
    const clause = level === 0 ? reference.clause : block.clauses.findLast(({ start }) => start <= reference.start)?.kind;
    const alias = clause && this.#alias(first, { clause, start: reference.start }, block);
    const star = reference.kind === 'star';
    if (parts.length > 1 || star) {
      const named = sources.find((source) => sameName(sourceName(source) ?? '', first.text));
      if (named) return this.#columnOf(named, block, parts, 1);
      for (let count = 2; count <= Math.min(parts.length, 3); count++) {
        const qualifiers = parts.slice(0, count);
        const qualified = sources.find((source) => this.#isQualifiedBy(source, block, qualifiers));
        if (qualified) return this.#columnOf(qualified, block, parts, count);
      }
    }
    if (star) return undefined;
    if (alias && level === 0 && clause === 'order') return this.#fields(parts, [alias]);
    for (const source of sources) {
      const column = this.column(source, block, first.text);
      if (column) return this.#fields(parts, [{ kind: 'column', column, source }]);
    }
    if (alias) return this.#fields(parts, [alias]);
    const whole = sources.find((source) => sameName(sourceName(source) ?? '', first.text));
    return whole && [{ kind: 'source', source: whole }, ...parts.slice(1).map(() => undefined)];
  }

  /** Whether the names are a table's with its schema, and perhaps its database, before it. An alias hides them. */
  #isQualifiedBy(source: Source, block: Block, qualifiers: readonly Name[]): boolean {
    const last = qualifiers.at(-1);
    if (source.alias || source.kind !== 'relation' || !last || !sameName(source.parts.at(-1)?.text ?? '', last.text)) return false;
    if (endsWith(source.parts, qualifiers)) return true;
    const meaning = this.relationMeaning(source, block.query);
    const [schema, database] = [qualifiers.at(-2)?.text ?? '', qualifiers.at(-3)?.text];
    if (meaning?.kind !== 'relation') return meaning?.kind === 'created' && qualifiers.length === 2 && sameName(schema, 'main');
    return sameName(meaning.relation.schema, schema) && (database === undefined || sameName(meaning.relation.database, database));
  }

  #columnOf(source: Source, block: Block, parts: readonly Name[], at: number): readonly (Meaning | undefined)[] {
    const meanings: (Meaning | undefined)[] = parts
      .slice(0, at)
      .map((name, index) => (index < at - 1 ? this.mentioned({ kind: 'schema', name }) : { kind: 'source', source }));
    const name = parts[at];
    if (!name) return meanings;
    const column = this.column(source, block, name.text);
    return this.#fields(parts, [...meanings, column && { kind: 'column', column, source }]);
  }

  /** A select alias that the reference can see: any in clauses after the list, the earlier ones in the list itself. */
  #alias(name: Name, reference: Pick<Reference, 'clause' | 'start'>, block: Block): Meaning | undefined {
    if (block.kind === 'tail') {
      const column = this.queryColumns(block.query)?.find((candidate) => sameName(candidate.name, name.text));
      return column && { kind: 'column', column, source: undefined };
    }
    if (reference.clause === 'on' || reference.clause === 'from') return undefined;
    const named = this.#itemsNamed(block, name.text);
    const found = reference.clause === 'select' ? named.find(({ item }) => item.end <= reference.start) : named[0];
    if (!found) return undefined;
    const { item, renamed } = found;
    if (renamed) return { kind: 'column', column: { name: renamed.text, type: undefined, definition: renamed }, source: undefined };
    return { kind: 'alias', column: this.itemColumn(block, item), item };
  }

  /** The items of a select list that give a column a name, in their order. A list may have thousands, and as many references. */
  #itemsNamed(block: Block, name: string): readonly NamedItem[] {
    let byName = this.#named.get(block);
    if (!byName) {
      byName = new Map();
      for (const item of block.items) {
        const renamed = item.star?.rename.map(({ to }): NamedItem & { readonly name: Name } => ({ name: to, item, renamed: to })) ?? [];
        const aliased = item.alias ? [{ name: item.alias, item, renamed: undefined }] : [];
        for (const { name: given, ...entry } of [...renamed, ...aliased]) {
          const key = given.text.toLowerCase();
          const entries = byName.get(key);
          if (entries) entries.push(entry);
          else byName.set(key, [entry]);
        }
      }
      this.#named.set(block, byName);
    }
    return byName.get(name.toLowerCase()) ?? [];
  }

  #fields(parts: readonly Name[], known: readonly (Meaning | undefined)[]): readonly (Meaning | undefined)[] {
    const meanings = [...known];
    for (const part of parts.slice(known.length)) {
      const before = meanings.at(-1);
      const field = structFields(before && meaningType(before))?.find(({ name }) => sameName(name, part.text));
      meanings.push(field && { kind: 'field', field });
    }
    return meanings;
  }
}

/** The name by which columns of a source are qualified; its alias hides the table's own name. */
export function sourceName(source: Source): string | undefined {
  if (source.alias) return source.alias.text;
  if (source.kind === 'file') return source.path?.replace(/^.*[\\/]/, '').replace(/\..*$/, '');
  return source.parts.at(-1)?.text;
}

/** The type of what a name stands for, where it has one. */
export function meaningType(meaning: Meaning): string | undefined {
  switch (meaning.kind) {
    case 'column':
    case 'alias':
      return meaning.column.type;
    case 'field':
      return meaning.field.type;
    case 'local':
      return meaning.type;
    default:
      return undefined;
  }
}

/** Columns with the types that DuckDB found; what it alone knows is added as it is. */
function typed(columns: readonly Column[] | undefined, described: readonly TypedName[] | undefined): readonly Column[] | undefined {
  if (!described) return columns;
  if (!columns) return described.map(free);
  const isSame = columns.length === described.length;
  const typeOf = ({ name }: Column, index: number) =>
    (isSame ? described[index] : described.find((other) => sameName(other.name, name)))?.type;
  const known = columns.map((column, index) => ({ ...column, type: typeOf(column, index) ?? column.type }));
  if (isSame) return known;
  const isKnown = described.map((column) => known.find(({ name }) => sameName(name, column.name)) ?? free(column));
  return known.every((column) => isKnown.includes(column)) ? isKnown : known;
}

/** DuckDB's name for a call whose only argument is a column, or a star. */
function callName({ call, text }: SelectItem): string | undefined {
  if (!call || !/^[^()]*\([^()]*\)$/.test(text)) return undefined;
  if (/^count\s*\(\s*\*?\s*\)$/i.test(text)) return 'count_star()';
  return call.argument && `${call.name}(${call.argument.parts.map(({ text: part }) => quoteName(part)).join('.')})`;
}

function free(column: TypedName): Column {
  return { ...column, definition: undefined };
}

function renamed(columns: readonly Column[], aliases: readonly Name[]): readonly Column[] {
  if (aliases.length === 0) return columns;
  return columns.map((column, index) => {
    const alias = aliases[index];
    return alias ? { name: alias.text, type: column.type, definition: alias } : column;
  });
}

function endsWith(parts: readonly Name[], last: readonly Name[]): boolean {
  const tail = parts.slice(-last.length);
  return tail.length === last.length && tail.every(({ text }, index) => sameName(text, last[index]?.text ?? ''));
}

/** Names of what a DROP takes away. */
function droppedNames({ blocks, mentions }: StatementScope): string[] {
  const targets = blocks.flatMap(({ sources }) => sources.flatMap(({ parts }) => parts.at(-1)?.text ?? []));
  return [...targets, ...mentions.map(({ name }) => name.text)];
}
