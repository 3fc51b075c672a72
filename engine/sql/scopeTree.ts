/** A piece of the text. Offsets are UTF-16 code units; `end` is behind the last one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A name where it is written. Within one tree the object stands for its place: the same object is the same definition. */
export interface Name extends TextRange {
  /** Without quotes. */
  readonly text: string;
}

export type ClauseKind =
  | 'select'
  | 'from'
  | 'on'
  | 'using'
  | 'where'
  | 'group'
  | 'having'
  | 'window'
  | 'qualify'
  | 'order'
  | 'limit'
  | 'values'
  | 'set'
  | 'columns'
  | 'conflict'
  | 'returning'
  | 'pivot'
  | 'when';

/** A use of a name: `a`, `t.a`, `s.t.a.field`, `t.*`. */
export interface Reference extends TextRange {
  /** `output` is a column of what the block writes to: of an INSERT list, or left of `=` in SET. */
  readonly kind: 'column' | 'star' | 'function' | 'window' | 'output' | 'using';
  readonly parts: readonly Name[];
  readonly clause: ClauseKind;
}

export interface Star {
  readonly qualifier: readonly Name[];
  readonly exclude: readonly Name[];
  readonly replace: readonly Name[];
  readonly rename: readonly { readonly from: Name; readonly to: Name }[];
}

export interface SelectItem extends TextRange {
  /** Written alias: `x AS a`, `x a`, `a: x`. */
  alias: Name | undefined;
  star: Star | undefined;
  /** When the item is one column and nothing else, whose last part is then its name. */
  reference: Reference | undefined;
  /** Type of an outer cast, as it is written. */
  castType: string | undefined;
  /** The function when the item is one call, and the column when that is its only argument. */
  call: { readonly name: string; argument: Reference | undefined } | undefined;
  literal: 'string' | 'integer' | 'decimal' | 'boolean' | undefined;
  readonly text: string;
}

/** A name that only a lambda or a list comprehension knows; its range is where it is known. */
export interface Local extends TextRange {
  readonly name: Name;
  /** What the list is that it runs over, if that is a plain column. */
  list: Reference | undefined;
  /** Where that list is written. */
  listRange?: TextRange;
}

export interface Join {
  readonly start: number;
  readonly natural: boolean;
  using: readonly Name[];
  hasCondition: boolean;
}

export interface Source extends TextRange {
  readonly kind: 'relation' | 'query' | 'function' | 'file' | 'excluded';
  /** Of a relation or function. */
  readonly parts: readonly Name[];
  /** Path of a file, or the first string that a table function was given. */
  readonly path: string | undefined;
  readonly query: Query | undefined;
  alias: Name | undefined;
  columnAliases: readonly Name[];
  /** How it is joined to the sources before it. */
  readonly join: Join | undefined;
}

export interface Pivot {
  readonly kind: 'pivot' | 'unpivot';
  /** Columns whose values become columns, or columns that become values. */
  on: readonly Name[];
  /** Names of the new columns, where the text says them. */
  values: readonly string[];
  /** Columns that aggregates use up. */
  used: readonly Name[];
  aggregates: readonly (string | undefined)[];
  group: readonly Name[] | undefined;
  nameColumn: Name | undefined;
  valueColumns: readonly Name[];
}

/** One SELECT without what combines it with others, or one writing statement. */
export interface Block {
  start: number;
  end: number;
  readonly kind: 'select' | 'values' | 'pivot' | 'insert' | 'update' | 'delete' | 'merge' | 'tail';
  readonly query: Query;
  readonly sources: Source[];
  readonly items: SelectItem[];
  /** Each reaches from behind its keyword to the next one. */
  readonly clauses: { kind: ClauseKind; start: number; end: number }[];
  readonly references: Reference[];
  readonly locals: Local[];
  readonly windows: Name[];
  pivot: Pivot | undefined;
  /** INSERT … BY NAME: columns go where their names say. */
  byName: boolean;
  /** Number of values of a VALUES row. */
  width: number;
  /** End of the select list, where a missing FROM would be written. */
  listEnd: number | undefined;
}

export interface Cte extends TextRange {
  readonly name: Name;
  readonly columns: readonly Name[];
  /** Columns of USING KEY. */
  readonly keys: readonly Name[];
  query: Query | undefined;
}

/** WITH, one or several blocks that set operations combine, and what orders them. */
export interface Query {
  start: number;
  end: number;
  /** The query around it, whose first `cteLimit` common table expressions it sees. */
  readonly parent: Query | undefined;
  readonly cteLimit: number;
  /** The block whose first `sourceLimit` sources it sees. */
  readonly outer: Block | undefined;
  readonly sourceLimit: number;
  readonly ctes: Cte[];
  readonly members: (Block | Query)[];
  byName: boolean;
  /** ORDER BY and LIMIT of several members. */
  tail: Block | undefined;
}

export interface CreatedColumn {
  readonly name: Name;
  readonly type: string;
  readonly primaryKey: boolean;
  /** Computed from other columns, so that nothing can be written to it. */
  readonly generated?: boolean;
}

export interface CreatedForeignKey {
  readonly columns: readonly string[];
  readonly table: readonly string[];
  readonly referenced: readonly string[];
}

export interface MacroParameter {
  readonly name: Name;
  /** Its default value as it is written. */
  readonly value: string | undefined;
}

/** One of the ways in which a macro can be called. */
export interface MacroForm {
  readonly parameters: readonly MacroParameter[];
  readonly body: TextRange;
}

export interface Created {
  readonly kind: 'table' | 'view' | 'macro' | 'schema' | 'type' | 'sequence' | 'index' | 'database' | 'variable' | 'prepared' | 'other';
  readonly parts: readonly Name[];
  columns: readonly CreatedColumn[];
  columnAliases: readonly Name[];
  foreignKeys: readonly CreatedForeignKey[];
  /** Of a macro; those of its longest form when it has several. */
  parameters: readonly Name[];
  forms: readonly MacroForm[];
  query: Query | undefined;
  /** The name that a table had before ALTER gave it this one. */
  renamedFrom: readonly Name[] | undefined;
}

/** A name of something that a statement makes, where no query reads it. A schema's may be that of a database. */
export interface Mention {
  readonly kind: 'schema' | 'type' | 'sequence' | 'index' | 'variable' | 'prepared' | 'macro' | 'table' | 'column' | 'parameter';
  readonly name: Name;
  /** The table of a column, the macro of a parameter. */
  readonly of?: readonly Name[];
}

/** What an ALTER TABLE adds or renames. */
export interface Altered {
  readonly parts: readonly Name[];
  readonly columns: readonly CreatedColumn[];
}

/** A statement as far as it can be understood; a statement that is half written has a tree as well. */
export interface StatementScope {
  start: number;
  end: number;
  /** First word in lower case, behind EXPLAIN. */
  readonly kind: string;
  created: Created | undefined;
  altered: Altered | undefined;
  readonly mentions: Mention[];
  /** Database and schema of a USE. */
  use: readonly string[] | undefined;
  /** Every query, those inside others after them. */
  readonly queries: Query[];
  readonly blocks: Block[];
}

/** The smallest block around an offset. */
export function innermostBlock(statement: StatementScope, offset: number): Block | undefined {
  let found: Block | undefined;
  for (const block of statement.blocks) {
    if (block.start > offset || offset > block.end) continue;
    if (!found || block.end - block.start <= found.end - found.start) found = block;
  }
  return found;
}
