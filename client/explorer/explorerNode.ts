import type { CatalogColumn, CatalogDatabase, CatalogObject, CatalogSchema } from '../../server/protocol/requests.ts';
import type { DataFile } from './dataFiles.ts';
import type { FileFolder } from './fileFolders.ts';
import { qualifierOf } from './qualifier.ts';

export interface DatabaseNode {
  readonly kind: 'database';
  readonly database: CatalogDatabase;
  /** All that are attached, this one too. */
  readonly all: readonly CatalogDatabase[];
}

export interface SchemaNode {
  readonly kind: 'schema';
  readonly database: CatalogDatabase;
  readonly schema: CatalogSchema;
  /** What a name in this schema needs before it: nothing, the schema, or the database too. */
  readonly qualifier: readonly string[];
}

/** A table, a view or a macro. */
export interface ObjectNode {
  readonly kind: 'object';
  readonly database: string;
  readonly schema: string;
  readonly qualifier: readonly string[];
  readonly object: CatalogObject;
}

export interface ColumnNode {
  readonly kind: 'column';
  /** The table, view or file that has it. */
  readonly source: ObjectNode | FileNode;
  readonly column: CatalogColumn;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly folder: FileFolder;
}

export interface FileNode {
  readonly kind: 'file';
  readonly file: DataFile;
  /** It is the database by the settings. */
  readonly isOpen: boolean;
}

/** A line that says something, such as what went wrong. */
export interface NoteNode {
  readonly kind: 'note';
  readonly text: string;
  readonly isFailure: boolean;
}

/** A line that does something, where VS Code shows no buttons because there is a message above the tree. */
export interface OfferNode {
  readonly kind: 'offer';
  readonly text: string;
  readonly command: string;
  readonly icon: string;
}

export const OFFERS = {
  openDatabase: { kind: 'offer', text: 'Open Another Database…', command: 'kodiak.openDatabase', icon: 'database' },
  newNotebook: { kind: 'offer', text: 'New SQL Notebook', command: 'kodiak.newNotebook', icon: 'notebook' },
  tryAgain: { kind: 'offer', text: 'Try Again', command: 'kodiak.refreshExplorer', icon: 'refresh' },
} as const satisfies Record<string, OfferNode>;

export type ExplorerNode = DatabaseNode | SchemaNode | ObjectNode | ColumnNode | FolderNode | FileNode | NoteNode | OfferNode;

/** What the tree begins with: nothing where there is only a database in memory that nobody put anything into. */
export function databaseNodes(databases: readonly CatalogDatabase[]): DatabaseNode[] {
  const [only] = databases;
  const isBlank = databases.length === 1 && only?.path === undefined && only?.schemas.length === 1 && only.schemas[0]?.objectCount === 0;
  if (isBlank) return [];
  const ordered = [...databases].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return ordered.map((database) => ({ kind: 'database', database, all: databases }));
}

/** `main` first. */
export function schemaNodes({ database, all }: DatabaseNode): SchemaNode[] {
  const ordered = [...database.schemas].sort((a, b) => Number(b.name === 'main') - Number(a.name === 'main'));
  return ordered.map((schema) => ({ kind: 'schema', database, schema, qualifier: qualifierOf(all, database, schema.name) }));
}

export function objectNodes({ database, schema, qualifier }: SchemaNode, objects: readonly CatalogObject[]): ObjectNode[] {
  return objects.map((object) => ({ kind: 'object', database: database.name, schema: schema.name, qualifier, object }));
}

export function columnNodes(source: ObjectNode | FileNode, columns: readonly CatalogColumn[]): ColumnNode[] {
  return columns.map((column) => ({ kind: 'column', source, column }));
}

export function isMacro({ object }: ObjectNode): boolean {
  return object.kind === 'macro' || object.kind === 'tableMacro';
}
