import { type Meaning, meaningType } from '../../engine/sql/resolveNames.ts';
import type { Created, MacroForm, StatementScope } from '../../engine/sql/scopeTree.ts';
import { sameName, unquoteName } from '../../engine/sql/sqlNames.ts';
import type { CatalogFunction } from './catalog.ts';
import { GRAMMAR_FUNCTIONS } from './grammarFunctions.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type CallArgument, type OpenBracket, openBrackets } from './openCalls.ts';

export interface Signature {
  readonly label: string;
  readonly documentation: string | undefined;
  /** UTF-16 ranges of the parameters in the label. */
  readonly parameters: readonly (readonly [number, number])[];
}

export interface SignatureAnswer {
  readonly signatures: readonly Signature[];
  readonly active: number;
  readonly activeParameter: number;
}

/** A signature with what is needed to choose among several. */
interface Form {
  readonly signature: Signature;
  readonly names: readonly string[];
  readonly types: readonly (string | undefined)[];
  /** The last parameter may be repeated. */
  readonly repeats: boolean;
}

/** The call that is being written: its arguments, the receiver of a method among them. */
interface WrittenCall {
  readonly name: string;
  readonly items: readonly CallArgument[];
  readonly active: number;
  /** 1 when a method's receiver is the first argument. */
  readonly receivers: number;
}

/** The overloads of the call whose brackets are open at the offset, with the argument that is being written. */
export function signatureHelp(document: LanguageDocument, offset: number): SignatureAnswer | undefined {
  const { script } = document;
  const token = script.tokens[script.tokenBefore(offset)];
  if (token?.kind === 'lineComment' && offset <= token.end) return undefined;
  if (token?.kind === 'blockComment' && offset < token.end) return undefined;
  const statement = script.statementAt(offset);
  const brackets = openBrackets(script, offset, statement?.start ?? 0);
  for (const [index, bracket] of brackets.entries()) {
    // A bracket around an operand is part of an argument of a call around it.
    const row = index === brackets.length - 1 ? insertedRow(document, statement, bracket, offset) : undefined;
    if (row) return row;
    if (bracket.callee) return callHelp(document, statement, bracket, offset);
  }
  return undefined;
}

function callHelp(
  document: LanguageDocument,
  statement: StatementScope | undefined,
  bracket: OpenBracket,
  offset: number,
): SignatureAnswer | undefined {
  const { callee, before, items, active } = bracket;
  const text = (at: typeof callee) => (at ? document.script.text.slice(at.start, at.end) : '');
  const name = unquoteName(text(callee)).toLowerCase();
  // FILTER and OVER behind a call are no functions.
  if (text(before) === ')' && callee?.kind === 'word') return undefined;
  const receivers = text(before) === '.' && isMethod(document, statement, callee?.start ?? 0) ? 1 : 0;
  const call: WrittenCall = { name, items, active, receivers };
  const forms = statement?.kind === 'execute' ? preparedForms(document, name, offset) : formsOf(document, statement, name, offset);
  if (forms.length === 0) return undefined;
  const chosen = choose(document, statement, forms, call);
  const form = forms[chosen] as Form;
  return { signatures: forms.map(({ signature: own }) => own), active: chosen, activeParameter: activeParameter(form, call) };
}

/** Every way to call a function: of the grammar, made by the script, or of the database. */
function formsOf(
  { script, resolver, catalog }: LanguageDocument,
  statement: StatementScope | undefined,
  name: string,
  offset: number,
): Form[] {
  const overloads = catalog.functions.get(name) ?? [];
  const grammar = GRAMMAR_FUNCTIONS.get(name);
  if (grammar && !overloads.some(({ description }) => description)) {
    const { parameters, returns, description, repeats } = grammar;
    return [{ signature: signature(name, parameters, returns, description), names: [], types: [], repeats: repeats === true }];
  }
  const made = resolver
    .createdBefore(offset)
    .find(({ created }) => created.kind === 'macro' && sameName(created.parts.at(-1)?.text ?? '', name))?.created;
  if (made) return made.forms.map((form) => macroForm(made, form, script.text));
  const known = overloads.filter(({ kind }) => kind !== 'pragma' || statement?.kind === 'pragma').map(overload);
  const labels = new Set<string>();
  return known.filter(({ signature: { label } }) => !labels.has(label) && labels.add(label));
}

function macroForm({ parts }: Created, { parameters, body }: MacroForm, text: string): Form {
  const texts = parameters.map(({ name, value }) => (value === undefined ? name.text : `${name.text} := ${value}`));
  const documentation = `Macro of this document: \`${text.slice(body.start, body.end).replace(/\s+/g, ' ').slice(0, 200)}\``;
  const names = parameters.map(({ name }) => name.text.toLowerCase());
  return { signature: signature(parts.at(-1)?.text ?? '', texts, undefined, documentation), names, types: [], repeats: false };
}

/** The parameters of a statement that PREPARE made. */
function preparedForms({ script, resolver }: LanguageDocument, name: string, offset: number): Form[] {
  const made = resolver
    .createdBefore(offset)
    .find(({ created }) => created.kind === 'prepared' && sameName(created.parts.at(-1)?.text ?? '', name))?.statement;
  if (!made) return [];
  const written = script.tokens
    .filter(({ kind, start, end }) => kind === 'parameter' && made.start <= start && end <= made.end)
    .map(({ start, end }) => script.text.slice(start, end));
  const count = Math.max(0, ...written.map((text) => Number(text.slice(1)) || 0)) || written.filter((text) => text === '?').length;
  const named = [...new Set(written.filter((text) => /^\$\D/.test(text)))];
  const texts = named.length > 0 ? named : Array.from({ length: count }, (_, index) => `$${index + 1}`);
  const names = named.map((text) => text.slice(1).toLowerCase());
  return [{ signature: signature(name, texts, undefined, undefined), names, types: [], repeats: false }];
}

/** Whether what stands before the dot of a call is a value, rather than a schema. */
function isMethod({ script, resolver }: LanguageDocument, statement: StatementScope | undefined, start: number): boolean {
  for (const block of statement?.blocks ?? []) {
    const reference = block.references.find(({ kind, parts }) => kind === 'function' && parts.at(-1)?.start === start);
    if (!reference) continue;
    if (reference.parts.length === 1) break;
    const receiver = resolver.meanings(reference, block).at(-2);
    return receiver !== undefined && receiver.kind !== 'schema';
  }
  const before = script.tokens[script.tokenBefore(start) - 1];
  return before?.kind === 'string' || /^[)\]}]$/.test(before ? script.text.slice(before.start, before.end) : '');
}

/** Index of the overload that fits the number of arguments, and their types as far as they are known, best. */
function choose(document: LanguageDocument, statement: StatementScope | undefined, forms: readonly Form[], call: WrittenCall): number {
  const isEmpty = (item: CallArgument) => document.script.text.slice(item.start, item.end).trim() === '';
  const last = call.items.at(-1);
  const written = call.items.length - (last && call.items.length > 1 && isEmpty(last) && call.active < call.items.length - 1 ? 1 : 0);
  const count = Math.max(written, call.active + 1) + call.receivers;
  const types = call.items.map((item, index) => (index === call.active ? undefined : argumentType(document, statement, item)));
  const scores = forms.map((form) => {
    const length = form.signature.parameters.length;
    let score = length >= count || form.repeats ? 100 : 0;
    for (const [index, type] of types.entries()) score += suitability(type, form.types[index + call.receivers]);
    return score;
  });
  return scores.indexOf(Math.max(...scores));
}

/** How well a type suits a parameter: 0 where either is unknown. */
function suitability(type: string | undefined, wanted: string | undefined): number {
  if (type === undefined || wanted === undefined || wanted === '' || /^(?:ANY|NULL|T$)/.test(wanted)) return 0;
  const own = plainType(type);
  const other = plainType(wanted);
  if (own === other) return 3;
  const isNumber = (name: string) => /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL|DOUBLE|FLOAT|BIGNUM)$/.test(name);
  if (isNumber(own) && isNumber(other)) return 1;
  return -2;
}

/** Without what is in brackets; `[]` stays. */
function plainType(type: string): string {
  return type.replace(/\([^()]*\)/g, '').toUpperCase();
}

/** The type of an argument that is one literal or one name; undefined for others. */
function argumentType(
  { script, resolver }: LanguageDocument,
  statement: StatementScope | undefined,
  item: CallArgument,
): string | undefined {
  const written = script.text.slice(item.start, item.end).trim();
  if (/^'(?:[^']|'')*'$/.test(written)) return 'VARCHAR';
  if (/^\d+$/.test(written)) return 'INTEGER';
  if (/^\d*\.\d+$/.test(written)) return 'DECIMAL';
  if (/^(?:true|false)$/i.test(written)) return 'BOOLEAN';
  for (const block of statement?.blocks ?? []) {
    const reference = block.references.find(
      ({ kind, start, end }) => kind === 'column' && start >= item.start && end <= item.end && end - start === written.length,
    );
    const meaning: Meaning | undefined = reference && resolver.meanings(reference, block).at(-1);
    if (meaning) return meaningType(meaning);
  }
  return undefined;
}

/** The parameter that the argument being written is for, by its name or by its place among those without one. */
function activeParameter({ names, repeats, signature: { parameters } }: Form, { items, active, receivers }: WrittenCall): number {
  const own = items[active]?.name;
  const byName = own === undefined ? -1 : names.indexOf(own);
  if (byName >= 0) return byName;
  const given = items.slice(0, active).flatMap(({ name }) => (name !== undefined && names.includes(name) ? [name] : []));
  const free = Array.from({ length: Math.max(parameters.length, items.length + receivers) }, (_, index) => index).filter(
    (index) => !given.includes(names[index] ?? ''),
  );
  const place = active - given.length + receivers;
  const index = free[place] ?? place;
  return repeats ? Math.min(index, parameters.length - 1) : index;
}

/** The columns that a row of INSERT … VALUES fills. */
function insertedRow(
  { script, resolver }: LanguageDocument,
  statement: StatementScope | undefined,
  { callee, before, items, active }: OpenBracket,
  offset: number,
): SignatureAnswer | undefined {
  const insert = statement?.blocks.find(({ kind }) => kind === 'insert');
  const target = insert?.sources[0];
  const isRow = callee ? /^values$/i.test(script.text.slice(callee.start, callee.end)) : before !== undefined;
  if (!insert || !target || !isRow || items.length === 0) return undefined;
  const values = script.text.slice(statement?.start ?? 0, offset).search(/\bvalues\b/i);
  if (values < 0) return undefined;
  const written = insert.references
    .filter(({ kind, clause }) => kind === 'output' && clause === 'columns')
    .map(({ parts }) => parts[0]?.text ?? '');
  const columns = resolver.sourceColumns(target, insert) ?? [];
  const names = written.length > 0 ? written : columns.map(({ name }) => name);
  if (names.length === 0) return undefined;
  const texts = names.map((name) => `${name} ${columns.find((column) => sameName(column.name, name))?.type ?? ''}`.trim());
  const table = target.parts.map(({ text }) => text).join('.');
  return { signatures: [signature(table, texts, undefined, `A row of ${table}`)], active: 0, activeParameter: active };
}

function overload({ name, parameters, parameterTypes, varargs, returnType, description, example }: CatalogFunction): Form {
  const texts = parameters.map((parameter, index) => `${parameter} ${parameterTypes[index] ?? ''}`.trim());
  if (varargs) texts.push(`${varargs}…`);
  const documentation = [description, example && `Example: \`${example}\``].filter(Boolean).join('\n\n');
  return {
    signature: signature(name, texts, returnType, documentation),
    names: parameters.map((parameter) => parameter.toLowerCase()),
    types: parameterTypes,
    repeats: varargs !== undefined,
  };
}

function signature(name: string, texts: readonly string[], returnType: string | undefined, documentation: string | undefined): Signature {
  let label = `${name}(`;
  const parameters: [number, number][] = [];
  for (const [index, text] of texts.entries()) {
    if (index > 0) label += ', ';
    parameters.push([label.length, label.length + text.length]);
    label += text;
  }
  return {
    label: `${label})${returnType ? ` → ${returnType}` : ''}`,
    documentation: documentation === '' ? undefined : documentation,
    parameters,
  };
}
