import { sameName } from '../../engine/sql/sqlNames.ts';
import type { CatalogFunction } from './catalog.ts';
import { type OpenCall, openCall } from './cursorContext.ts';
import { GRAMMAR_FUNCTIONS } from './grammarFunctions.ts';
import type { LanguageDocument } from './languageDocument.ts';

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

/** The overloads of the call whose brackets are open at the offset, with the argument that is being written. */
export function signatureHelp(document: LanguageDocument, offset: number): SignatureAnswer | undefined {
  const { script, resolver, catalog } = document;
  const last = script.tokenBefore(offset);
  const token = script.tokens[last];
  if (token?.kind === 'lineComment' && offset <= token.end) return undefined;
  if (token?.kind === 'blockComment' && offset < token.end) return undefined;
  const statement = script.statementAt(offset);
  const call = openCall(script, last, statement?.start ?? 0);
  const inserted = call && insertedRow(document, offset, call);
  if (inserted) return inserted;
  if (!call || call.name === '') return undefined;
  const grammar = GRAMMAR_FUNCTIONS.get(call.name);
  const isDescribed = catalog.functions.get(call.name)?.some(({ description }) => description) ?? false;
  if (grammar && !isDescribed) {
    const { parameters, returns, description, repeats } = grammar;
    const argument = repeats ? Math.min(call.argument, parameters.length - 1) : call.argument;
    return { signatures: [signature(call.name, parameters, returns, description)], active: 0, activeParameter: argument };
  }
  const made = resolver
    .createdBefore(offset)
    .find(({ created }) => created.kind === 'macro' && created.parts.at(-1)?.text.toLowerCase() === call.name);
  const signatures = made
    ? [
        signature(
          call.name,
          made.created.parameters.map(({ text }) => text),
          undefined,
          undefined,
        ),
      ]
    : distinct((catalog.functions.get(call.name) ?? []).filter(({ kind }) => kind !== 'pragma').map(overload));
  if (signatures.length === 0) return undefined;
  const fitting = Math.max(
    0,
    signatures.findIndex(({ parameters }) => parameters.length > call.argument),
  );
  return { signatures, active: fitting, activeParameter: namedParameter(document, offset, signatures[fitting]) ?? call.argument };
}

/** The parameter that `name := ` or `name = ` before the offset names. */
function namedParameter({ script }: LanguageDocument, offset: number, shown: Signature | undefined): number | undefined {
  const name = /(?:^|[(,])\s*(\w+)\s*(?::=|=>|=)[^,()]*$/.exec(script.text.slice(Math.max(0, offset - 200), offset))?.[1]?.toLowerCase();
  const index = shown?.parameters.findIndex(([start, end]) => shown.label.slice(start, end).split(' ')[0]?.toLowerCase() === name);
  return index === undefined || index < 0 || name === undefined ? undefined : index;
}

/** The columns that a row of INSERT … VALUES fills. */
function insertedRow({ script, resolver }: LanguageDocument, offset: number, call: OpenCall): SignatureAnswer | undefined {
  const statement = script.statementAt(offset);
  const insert = statement?.blocks.find(({ kind }) => kind === 'insert');
  const target = insert?.sources[0];
  if (!insert || !target || (call.name !== 'values' && call.name !== '')) return undefined;
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
  return { signatures: [signature(table, texts, undefined, `A row of ${table}`)], active: 0, activeParameter: call.argument };
}

function overload({ name, parameters, parameterTypes, varargs, returnType, description, example }: CatalogFunction): Signature {
  const texts = parameters.map((parameter, index) => `${parameter} ${parameterTypes[index] ?? ''}`.trim());
  if (varargs) texts.push(`${varargs}…`);
  return signature(name, texts, returnType, [description, example && `Example: \`${example}\``].filter(Boolean).join('\n\n'));
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

function distinct(signatures: readonly Signature[]): Signature[] {
  const labels = new Set<string>();
  return signatures.filter(({ label }) => !labels.has(label) && labels.add(label));
}
