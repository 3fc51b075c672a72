import type { CatalogFunction } from './catalog.ts';
import { openCall } from './cursorContext.ts';
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
  if (token && (token.kind === 'lineComment' || (token.kind === 'blockComment' && offset < token.end))) return undefined;
  const statement = script.statementAt(offset);
  const call = openCall(script, last, statement?.start ?? 0);
  if (!call || call.name === '') return undefined;
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
  const fitting = signatures.findIndex(({ parameters }) => parameters.length > call.argument);
  return { signatures, active: Math.max(0, fitting), activeParameter: call.argument };
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
