import { type Column, type Meaning, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Source, TextRange } from '../../engine/sql/scopeTree.ts';
import { signatureText } from './completion.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type Occurrence, occurrenceAt } from './occurrences.ts';

export interface HoverAnswer {
  readonly range: TextRange;
  readonly markdown: string;
}

const MAX_COLUMNS = 40;
const MAX_OVERLOADS = 6;

/** What the name at the offset stands for, as Markdown. */
export function hover(document: LanguageDocument, offset: number): HoverAnswer | undefined {
  const found = occurrenceAt(document, offset);
  const markdown = found && describe(document, found, found.meaning);
  return found && markdown ? { range: { start: found.start, end: found.end }, markdown } : undefined;
}

function describe(document: LanguageDocument, found: Occurrence, meaning: Meaning): string | undefined {
  const { resolver } = document;
  switch (meaning.kind) {
    case 'column':
      return code(`${meaning.column.name} ${meaning.column.type ?? ''}`.trim()) + columnOrigin(meaning.column, meaning.source);
    case 'alias':
      return `${code(`${meaning.column.name} ${meaning.column.type ?? ''}`.trim())}\nColumn alias of this SELECT: \`${meaning.item.text}\``;
    case 'field':
      return code(`${meaning.field.name} ${meaning.field.type ?? ''}`.trim());
    case 'local':
      return `${code(`${meaning.local.name.text} ${meaning.type ?? ''}`.trim())}\nParameter`;
    case 'window':
      return `${code(meaning.name.text)}\nWindow of this SELECT`;
    case 'cte':
      return `**${meaning.cte.name.text}** · common table expression\n${columnList(resolver.cteColumns(meaning.cte))}`;
    case 'created': {
      const { created } = meaning;
      const name = created.parts.map(({ text }) => text).join('.');
      if (created.kind === 'macro')
        return `${code(`${name}(${created.parameters.map(({ text }) => text).join(', ')})`)}\nMacro of this document`;
      return `**${name}** · ${created.kind} of this document\n${columnList(resolver.createdColumns(created))}`;
    }
    case 'relation': {
      const table = document.catalog.tablesByName
        .get(meaning.relation.name.toLowerCase())
        ?.find((candidate) => candidate === meaning.relation);
      const rows = table?.estimatedRows === undefined ? '' : ` · about ${table.estimatedRows} rows`;
      return `**${meaning.relation.name}** · ${table?.kind ?? 'table'} in ${meaning.relation.database}.${meaning.relation.schema}${rows}\n${columnList(meaning.relation.columns)}`;
    }
    case 'source': {
      const { source } = meaning;
      if (!found.block) return undefined;
      const relation = source.parts.length > 0 ? resolver.relationMeaning(source, found.block.query) : undefined;
      if (relation) return (source.alias ? `Alias **${source.alias.text}** of:\n\n` : '') + (describe(document, found, relation) ?? '');
      return `**${sourceName(source) ?? ''}** · ${sourceKind(source)}\n${columnList(resolver.sourceColumns(source, found.block))}`;
    }
    case 'function':
      return describeFunction(document, meaning.name);
    default:
      return undefined;
  }
}

function describeFunction({ catalog }: LanguageDocument, name: string): string | undefined {
  const overloads = catalog.functions.get(name.toLowerCase());
  const first = overloads?.[0];
  if (!overloads || !first) return undefined;
  const lines = [...new Set(overloads.map(signatureText))];
  const shown = lines.slice(0, MAX_OVERLOADS);
  if (lines.length > shown.length) shown.push(`-- and ${lines.length - shown.length} more`);
  const described = overloads.find(({ description }) => description);
  const parts = [code(shown.join('\n'))];
  if (described?.description) parts.push(described.description);
  if (described?.example) parts.push(`Example:\n${code(described.example)}`);
  return parts.join('\n');
}

function columnOrigin(column: Column, source: Source | undefined): string {
  const { definition } = column;
  if (definition && 'database' in definition) return `\nColumn of ${definition.database}.${definition.schema}.${definition.name}`;
  const name = source && sourceName(source);
  return name === undefined ? '' : `\nColumn of ${name}`;
}

function sourceKind({ kind }: Source): string {
  return { query: 'subquery', function: 'table function', file: 'file', relation: 'table', excluded: 'the row that was not inserted' }[
    kind
  ];
}

function columnList(columns: readonly { readonly name: string; readonly type: string | undefined }[] | undefined): string {
  if (!columns || columns.length === 0) return '';
  const lines = columns.slice(0, MAX_COLUMNS).map(({ name, type }) => `${name} ${type ?? ''}`.trim());
  if (columns.length > MAX_COLUMNS) lines.push(`-- and ${columns.length - MAX_COLUMNS} more`);
  return code(lines.join('\n'));
}

/** Fenced so that no name can end the block. */
function code(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}sql\n${text}\n${fence}`;
}
