import { type Lookup, type Meaning, NameResolver } from '../../engine/sql/resolveNames.ts';
import type { Block, Created, Mention, Name, Reference, StatementScope } from '../../engine/sql/scopeTree.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';
import { occurrences } from './occurrences.ts';

/** What a name is in its statement, in the words of the protocol's semantic tokens. */
export type NameRole = 'namespace' | 'class' | 'struct' | 'variable' | 'property' | 'parameter' | 'function' | 'type';

/** The role of a name at its place, and whether it is made there. */
export interface PlacedRole {
  readonly role: NameRole;
  readonly declares: boolean;
}

/** Nothing is asked of the database: what a name is shows in the text. */
const NO_DATABASE: Lookup = {
  relation: () => undefined,
  file: () => undefined,
  tableFunction: () => undefined,
  returnType: () => undefined,
};

const CREATED_ROLES: Readonly<Record<Created['kind'], NameRole>> = {
  table: 'class',
  view: 'class',
  macro: 'function',
  prepared: 'function',
  type: 'type',
  schema: 'namespace',
  database: 'namespace',
  sequence: 'variable',
  index: 'variable',
  variable: 'variable',
  other: 'variable',
};

const MENTION_ROLES: Readonly<Record<Mention['kind'], NameRole>> = {
  schema: 'namespace',
  type: 'type',
  sequence: 'variable',
  index: 'variable',
  variable: 'variable',
  prepared: 'function',
  macro: 'function',
  table: 'class',
  column: 'property',
  parameter: 'parameter',
};

/**
 * The roles of the names in statements of a script by the offsets at which they begin: tables are `class`, common table expressions
 * `struct`, aliases of tables and names of windows `variable`, columns `property`.
 */
export function nameRoles(script: SqlScript, statements: readonly StatementScope[]): Map<number, PlacedRole> {
  const roles = new Map<number, PlacedRole>();
  const resolver = new NameResolver(script, NO_DATABASE);
  const put = ({ start }: Name, role: NameRole, declares = false) => roles.set(start, { role, declares });
  for (const statement of statements) {
    for (const { kind, name } of statement.mentions) put(name, MENTION_ROLES[kind]);
    for (const name of statement.created?.parts.slice(0, -1) ?? []) put(name, 'namespace');
    for (const { parameters } of statement.created?.forms ?? []) for (const { name } of parameters) put(name, 'parameter', true);
    for (const block of statement.blocks) putBlock(block, resolver, put);
    for (const { start, meaning, definition, block } of occurrences(resolver, statement, false)) {
      const role = roleOf(meaning, block, resolver);
      if (role) roles.set(start, { role, declares: definition || roles.get(start)?.declares === true });
    }
  }
  return roles;
}

/** Names in a block, by where they stand for those that are not understood without the database. */
function putBlock(block: Block, resolver: NameResolver, put: (name: Name, role: NameRole, declares?: boolean) => void): void {
  for (const reference of block.references) {
    const { kind, parts } = reference;
    const meanings = resolver.meanings(reference, block);
    for (const [index, name] of parts.entries()) {
      const meaning = meanings[index];
      put(name, (meaning && roleOf(meaning, block, resolver)) ?? placeRole(kind, index === parts.length - 1));
    }
  }
  for (const { kind, parts } of block.sources) {
    const last = parts.at(-1);
    for (const name of parts.slice(0, -1)) put(name, 'namespace');
    if (last && kind === 'relation') put(last, 'class');
  }
  for (const { alias } of block.items) if (alias) put(alias, 'property', true);
}

function placeRole(kind: Reference['kind'], isLast: boolean): NameRole {
  if (kind === 'function') return isLast ? 'function' : 'namespace';
  if (kind === 'window') return 'variable';
  return kind === 'star' ? 'class' : 'property';
}

function roleOf(meaning: Meaning, block: Block | undefined, resolver: NameResolver): NameRole | undefined {
  switch (meaning.kind) {
    case 'cte':
      return 'struct';
    case 'created':
      return CREATED_ROLES[meaning.created.kind];
    case 'relation':
      return 'class';
    case 'source':
      if (meaning.source.alias) return 'variable';
      if (meaning.source.kind !== 'relation') return undefined;
      return block && resolver.relationMeaning(meaning.source, block.query)?.kind === 'cte' ? 'struct' : 'class';
    case 'column':
    case 'alias':
    case 'field':
      return 'property';
    case 'local':
      return 'parameter';
    case 'window':
      return 'variable';
    case 'schema':
      return 'namespace';
    case 'function':
      return 'function';
  }
}
