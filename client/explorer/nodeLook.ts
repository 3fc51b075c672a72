import { formatCount, formatRows } from '../monitor/statsText.ts';
import { absolutePath, isDatabaseFile } from './dataFiles.ts';
import { type ColumnNode, type DatabaseNode, type ExplorerNode, isMacro, type ObjectNode, type SchemaNode } from './explorerNode.ts';
import { needsArguments } from './objectSql.ts';
import { shownName } from './shownName.ts';

/** What can be done with a node: words of its context value, which the menus of package.json look for. */
export type NodeAction = 'preview' | 'summarize' | 'name' | 'select' | 'notebook' | 'open';

/** How a node looks in the tree. */
export interface NodeLook {
  /** Stays the same when the tree is read again, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text. */
  readonly tooltip: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** What it is, in a word, for a screen reader. */
  readonly role: string;
  readonly state: 'leaf' | 'closed' | 'open';
  readonly actions: readonly NodeAction[];
}

/** A schema with more in it is closed at first. */
const MAX_OPEN_OBJECTS = 200;
const MAX_TOOLTIP = 2000;

export function nodeLook(node: ExplorerNode): NodeLook {
  switch (node.kind) {
    case 'database':
      return databaseLook(node);
    case 'schema':
      return schemaLook(node);
    case 'object':
      return objectLook(node);
    case 'column':
      return columnLook(node);
    case 'folder': {
      const { name, root, path } = node.folder;
      const isRoot = path === '';
      const icon = isRoot ? 'root-folder' : 'folder';
      return look({ id: idOf('folder', root, path), label: name, icon, role: 'folder', state: isRoot ? 'open' : 'closed' });
    }
    case 'file': {
      const { file, isOpen } = node;
      const [id, label] = [idOf('file', file.folder, file.path), file.path.split('/').at(-1) ?? ''];
      const tooltip = absolutePath(file);
      if (isDatabaseFile(file)) {
        const description = isOpen ? 'the database of this window' : '';
        return look({
          id,
          label,
          description,
          tooltip,
          icon: 'database',
          role: 'database file',
          actions: isOpen ? ['name'] : ['name', 'open'],
        });
      }
      return look({
        id,
        label,
        tooltip,
        icon: fileIcon(label),
        role: 'data file',
        state: 'closed',
        actions: ['preview', 'summarize', 'name', 'select', 'notebook'],
      });
    }
    case 'offer':
      return look({ id: idOf('offer', node.command), label: node.text, icon: node.icon, role: 'button' });
    case 'note':
      return look({
        id: idOf('note', node.text),
        label: node.text,
        tooltip: node.text,
        icon: node.isFailure ? 'error' : 'info',
        role: node.isFailure ? 'error' : 'note',
      });
  }
}

function databaseLook({ database }: DatabaseNode): NodeLook {
  const { name, path, readOnly, isDefault, comment, schemas } = database;
  const kind = path === undefined ? 'in memory' : 'file';
  return look({
    id: idOf('database', name),
    label: name,
    description: joined([
      isDefault ? undefined : 'attached',
      path === undefined ? 'in memory' : undefined,
      readOnly ? 'read-only' : undefined,
      comment,
    ]),
    tooltip: [name, path ?? kind, ...(comment === undefined ? [] : [comment])].join('\n'),
    icon: 'database',
    role: 'database',
    state: schemas.length === 0 ? 'leaf' : isDefault ? 'open' : 'closed',
    actions: ['name'],
  });
}

function schemaLook({ database, schema }: SchemaNode): NodeLook {
  const { name, objectCount, comment } = schema;
  const isOpen = database.isDefault && objectCount <= MAX_OPEN_OBJECTS;
  return look({
    id: idOf('schema', database.name, name),
    label: name,
    description: joined([objectCount === 0 ? 'empty' : formatCount(objectCount), comment]),
    tooltip: [`${database.name}.${name}`, ...(comment === undefined ? [] : [comment])].join('\n'),
    icon: 'symbol-namespace',
    role: 'schema',
    state: objectCount === 0 ? 'leaf' : isOpen ? 'open' : 'closed',
    actions: ['name'],
  });
}

const OBJECT_ICONS = { table: 'table', view: 'eye', macro: 'symbol-function', tableMacro: 'symbol-function' } as const;
const OBJECT_ROLES = { table: 'table', view: 'view', macro: 'macro', tableMacro: 'table macro' } as const;

function objectLook(node: ObjectNode): NodeLook {
  const { object, database, schema } = node;
  const { kind, name, comment, estimatedRows, parameters = [], definition } = object;
  const call = `${shownName(name)}(${parameters.join(', ')})`;
  const rows = estimatedRows === undefined ? undefined : formatRows(estimatedRows);
  return look({
    id: idOf(kind, database, schema, name, ...(isMacro(node) ? parameters : [])),
    label: isMacro(node) ? call : name,
    description: joined([kind === 'view' ? 'view' : kind === 'tableMacro' ? 'table macro' : kind === 'macro' ? 'macro' : rows, comment]),
    tooltip: [`${database}.${schema}.${name}`, ...[comment, definition].filter((text) => text !== undefined)].join('\n'),
    icon: OBJECT_ICONS[kind],
    role: OBJECT_ROLES[kind],
    state: isMacro(node) ? 'leaf' : 'closed',
    actions: needsArguments(node) ? ['name', 'select', 'notebook'] : ['preview', 'summarize', 'name', 'select', 'notebook'],
  });
}

function columnLook({ source, column }: ColumnNode): NodeLook {
  const { name, type, comment, primaryKey, notNull, references } = column;
  const reference = references && `references ${references.table}(${references.column})`;
  const facts = [primaryKey ? 'primary key' : notNull ? 'not null' : undefined, reference, column.default && `default ${column.default}`];
  return look({
    id: idOf('column', nodeLook(source).id, name),
    label: name,
    description: joined([type, primaryKey ? 'primary key' : undefined, comment]),
    tooltip: [`${name} ${type}`, ...[...facts, comment].filter((text) => text !== undefined)].join('\n'),
    icon: primaryKey ? 'key' : references ? 'references' : typeIcon(type),
    role: 'column',
    actions: ['preview', 'summarize', 'name', 'select'],
  });
}

type GivenLook = Pick<NodeLook, 'id' | 'label' | 'icon' | 'role'> & Partial<NodeLook>;

function look({ label, description = '', tooltip = '', state = 'leaf', actions = [], ...rest }: GivenLook): NodeLook {
  const safe = tooltip.split('\n').map((line) => shownName(line, MAX_TOOLTIP));
  return { ...rest, label: shownName(label), description, tooltip: safe.join('\n').slice(0, MAX_TOOLTIP), state, actions };
}

/** Parts that are given, each short enough. */
function joined(parts: readonly (string | undefined)[]): string {
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : shownName(part))).join(' · ');
}

function idOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function fileIcon(name: string): string {
  if (/\.parquet$/i.test(name)) return 'layers';
  return /\.(?:json|jsonl|ndjson)(?:\.\w+)?$/i.test(name) ? 'json' : 'table';
}

function typeIcon(type: string): string {
  if (/\[\d*\]$/.test(type)) return 'symbol-array';
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL|FLOAT|DOUBLE|BIGNUM)\b/.test(type)) return 'symbol-number';
  if (/^(?:DATE|TIME|INTERVAL)/.test(type)) return 'calendar';
  if (type === 'BOOLEAN') return 'symbol-boolean';
  if (/^(?:STRUCT|MAP|UNION|JSON)/.test(type)) return 'symbol-structure';
  if (/^ENUM/.test(type)) return 'symbol-enum';
  return type === 'VARCHAR' ? 'symbol-string' : 'symbol-field';
}
