import type { Token } from '../../engine/sql/lexer.ts';
import { type Column, type Meaning, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Created, Mention, Source, TextRange } from '../../engine/sql/scopeTree.ts';
import { sameName } from '../../engine/sql/sqlNames.ts';
import type { CatalogFunction, CatalogTable } from './catalog.ts';
import { openCall } from './cursorContext.ts';
import { GRAMMAR_FUNCTIONS, grammarSignature } from './grammarFunctions.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type Occurrence, occurrenceAt } from './occurrences.ts';
import { trimmed } from './refactoring.ts';
import { signatureText } from './signatureText.ts';
import { wordsIn } from './sqlWords.ts';
import { typeNote } from './typeNotes.ts';

export interface HoverAnswer {
  readonly range: TextRange;
  readonly markdown: string;
  /** The column of a table that it is about. */
  readonly column?: { readonly table: CatalogTable; readonly name: string };
  /** True when a type is missing that DuckDB may know. */
  readonly isUntyped?: boolean;
}

const MAX_COLUMNS = 40;
const MAX_OVERLOADS = 6;
const MAX_STATEMENT = 400;

/** What the name, file, setting or star at the offset stands for, as Markdown. */
export function hover(document: LanguageDocument, offset: number): HoverAnswer | undefined {
  const found = occurrenceAt(document, offset);
  const markdown = found && describe(document, found, found.meaning);
  if (!found || !markdown) return hoverToken(document, offset);
  const column = tableColumn(document, found.meaning);
  const isUntyped = shownTypes(document, found).some(({ type }) => type === undefined);
  return { range: { start: found.start, end: found.end }, markdown, isUntyped, ...(column && { column }) };
}

/** What the answer shows with a type; one without when columns are not known at all. */
function shownTypes({ resolver }: LanguageDocument, { meaning, block }: Occurrence): readonly { readonly type: string | undefined }[] {
  const unknown = [{ type: undefined }];
  switch (meaning.kind) {
    case 'column':
    case 'alias':
      return [meaning.column];
    case 'field':
      return [meaning.field];
    case 'local':
      return [meaning];
    case 'cte':
      return resolver.cteColumns(meaning.cte) ?? unknown;
    case 'created':
      return meaning.created.query ? (resolver.createdColumns(meaning.created) ?? unknown) : [];
    case 'source':
      return (block && resolver.sourceColumns(meaning.source, block)) ?? unknown;
    default:
      return [];
  }
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
  const { script, resolver } = document;
  const index = touchedToken(document, offset);
  const token = script.tokens[index];
  if (!token) return undefined;
  const answer = (markdown: string | undefined, isUntyped = false): HoverAnswer | undefined =>
    markdown ? { range: { start: token.start, end: token.end }, markdown, isUntyped } : undefined;
  const text = script.text.slice(token.start, token.end);
  const statement = script.statementAt(offset);
  const mention = statement?.mentions.find(({ name }) => name.start <= offset && offset <= name.end);
  const named = mention && describeNamed(document, mention);
  if (named) return answer(named);
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
  if (token.kind === 'operator' && text === '*') {
    const columns = starColumns(document, token);
    const isUntyped = columns?.some(({ type }) => type === undefined) ?? false;
    return answer(columns && `**${columns.length} columns**\n${columnList(columns)}`, isUntyped);
  }
  if (token.kind !== 'word') return undefined;
  if (statement?.kind === 'set' || statement?.kind === 'reset' || statement?.kind === 'pragma') {
    const setting = describeSetting(document, text);
    if (setting) return answer(setting);
  }
  const next = script.tokens[index + 1];
  return next && script.text.slice(next.start, next.end) === '(' ? answer(describeFunction(document, text)) : undefined;
}

/** Index of the token at an offset; at the seam of two, that of the name. */
function touchedToken({ script }: LanguageDocument, offset: number): number {
  const { tokens } = script;
  const index = script.tokenBefore(offset + 1);
  const isName = (at: number) => /^(?:word|quotedName|string)$/.test(tokens[at]?.kind ?? '');
  const touches = (at: number) => (tokens[at]?.end ?? -1) >= offset;
  if (touches(index) && (isName(index) || !(isName(index - 1) && touches(index - 1)))) return index;
  return touches(index - 1) ? index - 1 : -1;
}

/** A type, sequence or index that a statement names. */
function describeNamed({ catalog }: LanguageDocument, { kind, name }: Mention): string | undefined {
  if (kind !== 'type' && kind !== 'sequence' && kind !== 'index') return undefined;
  const known = catalog.named.find((thing) => thing.kind === kind && sameName(thing.name, name.text));
  if (known) {
    const detail = known.detail === undefined ? '' : kind === 'index' ? ` on ${known.detail}` : ` ${known.detail}`;
    return `${code(`${known.name}${detail}`)}\n${kind.charAt(0).toUpperCase()}${kind.slice(1)} in ${known.database}.${known.schema}`;
  }
  const own = kind === 'type' ? typeNote(name.text) : undefined;
  return own && `${code(own.name)}\n${own.note}`;
}

function describeSetting({ catalog }: LanguageDocument, name: string): string | undefined {
  const setting = catalog.settings.find((candidate) => candidate.name === name.toLowerCase());
  return setting && `${code(`${setting.name} ${setting.type}`)}\n${setting.description}`;
}

function starColumns({ script, resolver }: LanguageDocument, token: Token): readonly Column[] | undefined {
  const statement = script.statementAt(token.start);
  for (const block of statement?.blocks ?? []) {
    const item = block.items.find(({ star, start, end }) => star && start <= token.start && token.start <= end);
    // Only the columns of this star: the other items of the list are on the screen.
    const columns = item && resolver.blockColumns({ ...block, items: [item] });
    if (columns) return columns;
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
      return `${code(`${meaning.name.text} ${bracketsBehind(document, meaning.name)}`.trim())}\nWindow of this SELECT`;
    case 'schema':
      return describeSchema(document, meaning.name);
    case 'cte':
      return `**${meaning.cte.name.text}** · common table expression\n${columnList(resolver.cteColumns(meaning.cte))}`;
    case 'created': {
      const { created, statement } = meaning;
      const name = created.parts.map(({ text }) => text).join('.');
      if (created.kind === 'macro') return `${code(macroText(document, created))}\nMacro of this document`;
      const head = `**${name}** · ${created.kind === 'prepared' ? 'prepared statement' : created.kind} of this document`;
      if (created.kind === 'table' || created.kind === 'view') return `${head}\n${columnList(resolver.createdColumns(created))}`;
      const { start, end } = trimmed(document.script, statement);
      return `${head}\n${code(shortened(document.script.text.slice(start, end)))}`;
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
      if (source.kind === 'excluded')
        return `**excluded** · the row that was not inserted\n${columnList(resolver.sourceColumns(source, found.block))}`;
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
  const lines = [...new Set(overloads.map(overloadText))];
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

/** A call of a function. A table function takes all but its first arguments by name, which have lines of their own. */
function overloadText(overload: CatalogFunction): string {
  if (overload.kind !== 'table') return signatureText(overload);
  const count = overload.parameters.findIndex((name) => !/^(?:col\d+|path)$/.test(name));
  if (count < 0) return signatureText(overload);
  const first = signatureText({
    ...overload,
    parameters: overload.parameters.slice(0, count),
    parameterTypes: overload.parameterTypes.slice(0, count),
  });
  const named = overload.parameters.slice(count).map((name, index) => `${name} ${overload.parameterTypes[count + index] ?? ''}`.trim());
  return `${first}\n-- by name: ${named.sort().join(', ')}`;
}

/** The forms of a macro of the script, with their defaults and bodies. */
function macroText({ script }: LanguageDocument, { parts, forms }: Created): string {
  const name = parts.map(({ text }) => text).join('.');
  return forms
    .map(({ parameters, body }) => {
      const list = parameters.map((parameter) =>
        parameter.value === undefined ? parameter.name.text : `${parameter.name.text} := ${parameter.value}`,
      );
      return `${name}(${list.join(', ')})\n${shortened(script.text.slice(body.start, body.end))}`.trimEnd();
    })
    .join('\n');
}

/** The bracket behind a name and perhaps AS, with what is in it. */
function bracketsBehind({ script }: LanguageDocument, { end }: TextRange): string {
  const words = wordsIn(script, { start: end, end: Math.min(script.text.length, end + MAX_STATEMENT) });
  const open = words[words[0]?.word === 'as' ? 1 : 0];
  const close = words.find(({ word, depth, start }) => word === ')' && depth === 0 && start > (open?.start ?? 0));
  return open?.word === '(' && close ? script.text.slice(open.start, close.end) : '';
}

function describeSchema({ catalog }: LanguageDocument, name: string): string | undefined {
  const known = catalog.named.find(({ kind, name: own }) => (kind === 'schema' || kind === 'database') && sameName(own, name));
  if (!known) return undefined;
  const tables = catalog.tables.filter((table) => sameName(known.kind === 'schema' ? table.schema : table.database, name));
  const lines = tables
    .slice(0, MAX_COLUMNS)
    .map((table) => `${table.kind} ${known.kind === 'schema' ? '' : `${table.schema}.`}${table.name}`);
  if (tables.length > lines.length) lines.push(`-- and ${tables.length - lines.length} more`);
  const head = known.kind === 'schema' ? `**${known.name}** · schema in ${known.database}` : `**${known.name}** · database`;
  return lines.length === 0 ? head : `${head}\n${code(lines.join('\n'))}`;
}

function shortened(text: string): string {
  return text.length > MAX_STATEMENT ? `${text.slice(0, MAX_STATEMENT - 1)}…` : text;
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
