import { quoteName, sameName } from '../../../engine/sql/sqlNames.ts';
import type { CatalogFunction } from '../catalog.ts';
import { GRAMMAR_FUNCTIONS, grammarSignature, WINDOW_FUNCTIONS } from '../grammarFunctions.ts';
import { signatureText } from '../signatureText.ts';
import { matches, snippetText } from './item.ts';
import type { CompletionPlace } from './place.ts';

const COMMON_FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max', 'coalesce', 'round', 'lower', 'upper', 'row_number'];
/** Arguments of file readers that people write most. */
const USUAL_ARGUMENTS =
  'header delim columns types union_by_name hive_partitioning filename sample_size dateformat timestampformat nullstr skip quote ignore_errors all_varchar auto_detect'.split(
    ' ',
  );

/** Functions that can be called on a value: `name.upper()`. */
export function addMethods(place: CompletionPlace, type: string): void {
  const plain = type.replace(/\(.*$/, '');
  for (const overloads of place.document.catalog.functions.values()) {
    const fits = overloads.find(({ kind, parameterTypes }) => (kind === 'scalar' || kind === 'macro') && parameterTypes[0] === plain);
    if (fits && /^[a-z]/.test(fits.name)) addFunction(place, fits, 60, true);
  }
}

export function addTableFunctions(place: CompletionPlace): void {
  for (const overloads of place.document.catalog.functions.values()) {
    const table = overloads.find(({ kind, name }) => (kind === 'table' || kind === 'table_macro') && /^[a-z]/.test(name));
    if (table) addFunction(place, table, /^read_|^range$|^unnest$/.test(table.name) ? 50 : 65, false);
  }
}

function addFunction(place: CompletionPlace, overload: CatalogFunction, rank: number, method: boolean): void {
  const parameters = overload.parameters.filter((_, index) => !(method && index === 0));
  const empty = parameters.length === 0 && overload.varargs === undefined;
  place.items.add({
    label: overload.name,
    kind: 'function',
    insert: `${overload.name}(${empty ? ')' : ''}`,
    snippet: empty ? `${snippetText(overload.name)}()$0` : `${snippetText(overload.name)}($1)$0`,
    detail: signatureText(overload),
    documentation: [overload.description, overload.example && `\`\`\`sql\n${overload.example}\n\`\`\``].filter(Boolean).join('\n\n'),
    rank,
  });
}

export function addFunctions(place: CompletionPlace): void {
  const { prefix, start } = place.context;
  const { catalog, resolver } = place.document;
  const own = place.context.statement?.created;
  if (own?.kind === 'macro')
    for (const { text } of own.forms.flatMap(({ parameters }) => parameters.map(({ name }) => name)))
      place.items.add({ label: text, kind: 'variable', insert: quoteName(text), detail: 'parameter', rank: 5 });
  for (const { created } of resolver.createdBefore(start)) {
    const name = created.parts.at(-1)?.text ?? '';
    if (created.kind === 'macro' && !created.query)
      place.items.add({
        label: name,
        kind: 'function',
        insert: `${quoteName(name)}(`,
        snippet: `${snippetText(quoteName(name))}($1)$0`,
        detail: `macro of this document`,
        rank: 30,
      });
  }
  const isAsked = (name: string) => (prefix === '' ? COMMON_FUNCTIONS.includes(name) : matches(name, prefix));
  for (const [name, overloads] of catalog.functions) {
    // A window function is offered with its OVER.
    if (!isAsked(name) || !/^[a-z]/.test(name) || (prefix !== '' && WINDOW_FUNCTIONS.includes(name))) continue;
    const values = overloads.filter(({ kind }) => kind === 'scalar' || kind === 'aggregate' || kind === 'macro');
    const overload = values.find(({ parameters }) => parameters.length > 0) ?? values[0];
    if (overload) addFunction(place, overload, COMMON_FUNCTIONS.includes(name) ? 40 : 50, false);
  }
  for (const [name, entry] of GRAMMAR_FUNCTIONS) {
    const isWindow = WINDOW_FUNCTIONS.includes(name);
    if (catalog.functions.has(name) && !isWindow) continue;
    if (prefix === '' ? isWindow || !COMMON_FUNCTIONS.includes(name) : !matches(name, prefix)) continue;
    const call = entry.parameters.length === 0 ? `${name}()` : `${name}($1)`;
    place.items.add({
      label: name,
      kind: 'function',
      insert: `${name}(`,
      snippet: isWindow ? `${call} ${place.statementIsLower() ? 'over' : 'OVER'} ($2)$0` : `${call}$0`,
      detail: grammarSignature(entry),
      documentation: entry.description,
      rank: 50,
    });
  }
}

export function addWindows(place: CompletionPlace): void {
  for (const name of place.context.block?.windows ?? [])
    place.items.add({ label: name.text, kind: 'variable', insert: quoteName(name.text), detail: 'window', rank: 5 });
  const lower = place.writesLower();
  const specification = lower ? 'partition by' : 'PARTITION BY';
  place.items.add({ label: '(PARTITION BY …)', kind: 'keyword', insert: '(', snippet: `(${specification} $1)$0`, rank: 20 });
}

export function addNamedArguments(place: CompletionPlace, name: string, used: readonly string[]): void {
  const overloads = place.document.catalog.functions.get(name) ?? [];
  for (const { parameters, parameterTypes } of overloads) {
    for (const [index, parameter] of parameters.entries()) {
      if (/^(?:col\d+|path)$/.test(parameter) || used.includes(parameter)) continue;
      const usual = USUAL_ARGUMENTS.indexOf(parameter);
      const rank = 10 + (usual < 0 ? 1 : usual / 100);
      place.items.add({ label: parameter, kind: 'variable', insert: `${parameter} = `, detail: parameterTypes[index], rank });
    }
  }
}

/** Arguments of a macro that is being called can be given by name. */
export function addMacroArguments(place: CompletionPlace): void {
  const { call, before, start } = place.context;
  if (!call || call.name === '' || (before[0] !== '(' && before[0] !== ',')) return;
  const made = place.document.resolver
    .createdBefore(start)
    .find(({ created }) => created.kind === 'macro' && sameName(created.parts.at(-1)?.text ?? '', call.name));
  const known = place.document.catalog.functions.get(call.name)?.filter(({ kind }) => kind.endsWith('macro')) ?? [];
  const names = made ? made.created.parameters.map(({ text }) => text) : known.flatMap(({ parameters }) => parameters);
  for (const name of names.slice(call.argument)) {
    if (!call.named.includes(name.toLowerCase()))
      place.items.add({ label: name, kind: 'variable', insert: `${quoteName(name)} := `, detail: `argument of ${call.name}`, rank: 30 });
  }
}
