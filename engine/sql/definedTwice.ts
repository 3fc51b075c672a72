import { readDefinition, readTarget } from './definition.ts';
import type { TextRange } from './scopeTree.ts';
import type { Statement } from './splitStatements.ts';

/** First words of statements after which nothing is known of what exists. */
const FORGETTING = new Set(['rollback', 'abort', 'use', 'attach', 'detach', 'import', 'set', 'reset', 'execute', 'call', 'load']);

const TITLES = { table: 'Table', view: 'View', macro: 'Macro', type: 'Type', sequence: 'Sequence', schema: 'Schema' } as const;

/** Follows the CREATE and DROP statements of a script to find what is made although an earlier one has made it. */
export class DefinedTwice {
  readonly #made = new Set<string>();

  /** Takes the next statement; tells when it would fail because of an earlier one. */
  add(statement: Statement, script: string): (TextRange & { readonly message: string }) | undefined {
    const first = statement.tokens[0];
    const word = first ? script.slice(first.start, first.end).toLowerCase() : '';
    if (FORGETTING.has(word)) this.#made.clear();
    if (word === 'drop' || word === 'alter') this.#forget(statement, script);
    const definition = word === 'create' ? readDefinition(statement, script) : undefined;
    if (!definition || !(definition.kind in TITLES)) return undefined;
    const kind = definition.kind as keyof typeof TITLES;
    const head = script.slice(statement.start, definition.start).toLowerCase();
    const qualifier = /((?:[\p{L}\p{N}_$"]+\s*\.\s*)*)$/u.exec(head)?.[1] ?? '';
    const space = kind === 'view' ? 'table' : kind;
    const key = `${space} ${definition.temporary ? 'temp' : qualifier} ${definition.name.toLowerCase()}`;
    const exists = this.#made.has(key);
    this.#made.add(key);
    if (!exists || /\b(?:replace|exists)\b/.test(head)) return undefined;
    const message = `Catalog Error: ${TITLES[kind]} with name "${definition.name}" already exists! An earlier statement makes it.`;
    return { start: definition.start, end: definition.end, message };
  }

  #forget(statement: Statement, script: string): void {
    const name = readTarget(statement, script)?.name.toLowerCase();
    if (name === undefined || /^drop\s+schema\b/i.test(statement.text)) this.#made.clear();
    for (const key of this.#made) if (key.endsWith(` ${name}`)) this.#made.delete(key);
  }
}
