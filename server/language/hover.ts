import type { Token } from '../../engine/sql/lexer.ts';
import { type Column, type Meaning, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Source, TextRange } from '../../engine/sql/scopeTree.ts';
import type { CatalogTable } from './catalog.ts';
import { signatureText } from './completion.ts';
import { openCall } from './cursorContext.ts';
import { GRAMMAR_FUNCTIONS, grammarSignature } from './grammarFunctions.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type Occurrence, occurrenceAt } from './occurrences.ts';

export interface HoverAnswer {
  readonly range: TextRange;
  readonly markdown: string;
  /** The column of a table that it is about. */
  readonly column?: { readonly table: CatalogTable; readonly name: string };
}

const MAX_COLUMNS = 40;
const MAX_OVERLOADS = 6;

/** What the name, file, setting or star at the offset stands for, as Markdown. */
export function hover(document: LanguageDocument, offset: number): HoverAnswer | undefined {
  const found = occurrenceAt(document, offset);
  const markdown = found && describe(document, found, found.meaning);
  if (!found || !markdown) return hoverToken(document, offset);
  const column = tableColumn(document, found.meaning);
  return { range: { start: found.start, end: found.end }, markdown, ...(column && { column }) };
}

function tableColumn({ catalog }: LanguageDocument, meaning: Meaning): HoverAnswer['column'] {
  if (meaning.kind !== 'column') return undefined;
  const { definition, name } = meaning.column;
  if (!definition || !('database' in definition)) return undefined;
  const table = catalog.tablesByName.get(definition.name.toLowerCase())?.find((candidate) => candidate === definition);
  return table && { table, name };
}

/** What is no name: a file in quotes, a setting, a type, a star, or a function of the grammar. */
function hoverToken(document: LanguageDocument, offset: number): HoverAnswer | undefined {
  const { script, catalog, resolver } = document;
  const index = script.tokenBefore(offset + 1);
  const token = script.tokens[index];
  if (!token || offset > token.end) return undefined;
  const answer = (markdown: string | undefined) => (markdown ? { range: { start: token.start, end: token.end }, markdown } : undefined);
  const text = script.text.slice(token.start, token.end);
  const statement = script.statementAt(offset);
  if (token.kind === 'string') {
    const call = openCall(script, index - 1, statement?.start ?? 0);
    const value = text.replaceAll(/^'|'$/g, '').replaceAll("''", "'");
    if (call?.name === 'current_setting') return answer(describeSetting(document, value));
    for (const block of statement?.blocks ?? []) {
      const source = block.sources.find(({ path, start, end }) => path === value && start <= offset && offset <= end);
      const columns = source && resolver.sourceColumns(source, block);
      if (columns) return answer(`**${value}** · file\n${columnList(columns)}`);
    }
    return undefined;
  }
  if (token.kind === 'operator' && text === '*') return answer(describeStar(document, token));
  if (token.kind !== 'word') return undefined;
  if (statement?.kind === 'set' || statement?.kind === 'reset' || statement?.kind === 'pragma')
    return answer(describeSetting(document, text));
  const next = script.tokens[index + 1];
  if (next && script.text.slice(next.start, next.end) === '(') return answer(describeFunction(document, text));
  const type = catalog.named.find(({ kind, name }) => kind === 'type' && name.toLowerCase() === text.toLowerCase());
  return type && answer(`${code(`${type.name}${type.detail ? ` ${type.detail}` : ''}`)}\nType in ${type.database}.${type.schema}`);
}

function describeSetting({ catalog }: LanguageDocument, name: string): string | undefined {
  const setting = catalog.settings.find((candidate) => candidate.name === name.toLowerCase());
  return setting && `${code(`${setting.name} ${setting.type}`)}\n${setting.description}`;
}

function describeStar({ script, resolver }: LanguageDocument, token: Token): string | undefined {
  const statement = script.statementAt(token.start);
  for (const block of statement?.blocks ?? []) {
    const item = block.items.find(({ star, start, end }) => star && start <= token.start && token.start <= end);
    // Only the columns of this star: the other items of the list are on the screen.
    const columns = item && resolver.blockColumns({ ...block, items: [item] });
    if (columns) return `**${columns.length} columns**\n${columnList(columns)}`;
  }
  return undefined;
}

function describe(document: LanguageDocument, found: Occurrence, meaning: Meaning): string | undefined {
  const { resolver } = document;
  switch (meaning.kind) {
    case 'column':
      return code(`${meaning.column.name} ${meaning.column.type ?? ''}`.trim()) + columnOrigin(document, meaning.column, meaning.source);
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
      const head = `**${meaning.relation.name}** · ${table?.kind ?? 'table'} in ${meaning.relation.database}.${meaning.relation.schema}${rows}`;
      return [head, ...(table?.comment ? [table.comment, ''] : []), columnList(meaning.relation.columns)].join('\n');
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
  const grammar = GRAMMAR_FUNCTIONS.get(name.toLowerCase());
  const overloads = catalog.functions.get(name.toLowerCase());
  const first = overloads?.[0];
  if (grammar && !first?.description) return `${code(grammarSignature(grammar))}\n${grammar.description}`;
  if (!overloads || !first) return undefined;
  const lines = [...new Set(overloads.map(signatureText))];
  const shown = lines.slice(0, MAX_OVERLOADS);
  if (lines.length > shown.length) shown.push(`-- and ${lines.length - shown.length} more`);
  const described = overloads.find(({ description }) => description);
  const parts = [code(shown.join('\n'))];
  const macro = catalog.named.find((thing) => thing.kind === 'macro' && thing.name.toLowerCase() === name.toLowerCase());
  if (macro) parts.push(`Macro in ${macro.database}.${macro.schema}${macro.detail ? `:\n${code(macro.detail)}` : ''}`);
  if (described?.description) parts.push(described.description);
  if (described?.example) parts.push(`Example:\n${code(described.example)}`);
  return parts.join('\n');
}

function columnOrigin({ catalog }: LanguageDocument, column: Column, source: Source | undefined): string {
  const { definition } = column;
  if (definition && 'database' in definition) {
    const table = catalog.tablesByName.get(definition.name.toLowerCase())?.find((candidate) => candidate === definition);
    const comment = table?.columns.find(({ name }) => name === column.name)?.comment;
    return `\nColumn of ${definition.database}.${definition.schema}.${definition.name}${comment ? `\n\n${comment}` : ''}`;
  }
  if (source?.kind === 'file' && source.path !== undefined) return `\nColumn of the file ${source.path}`;
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
