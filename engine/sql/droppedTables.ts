import { readDefinition, readTarget, unquoted } from './definition.ts';
import type { Statement } from './splitStatements.ts';

/** First words of statements after which nothing is known of what is gone. */
const FORGETTING = new Set(['rollback', 'abort', 'use', 'attach', 'detach', 'import', 'set', 'reset', 'execute', 'call', 'load', 'pragma']);

/** A script that drops more is not followed through all of them. */
const MAX_GONE = 100;

/** Follows a script for tables and views that were there before it and that it drops by their bare name. */
export class DroppedTables {
  /** In lower case. Made anew at each change. */
  gone: ReadonlySet<string> = new Set();
  readonly #made = new Set<string>();

  /** Takes the next statement. */
  add(statement: Statement, script: string): void {
    const first = statement.tokens[0];
    const word = first ? script.slice(first.start, first.end).toLowerCase() : '';
    if (FORGETTING.has(word)) this.gone = new Set();
    if (word === 'create') {
      const name = readDefinition(statement, script)?.name.toLowerCase();
      if (name === undefined) return;
      this.#made.add(name);
      if (this.gone.has(name)) this.gone = new Set([...this.gone].filter((other) => other !== name));
    } else if (word === 'alter') {
      const names = new Set(statement.tokens.map((token) => unquoted(token, script).toLowerCase()));
      for (const name of names) this.#made.add(name);
      if (this.gone.size > 0) this.gone = new Set([...this.gone].filter((other) => !names.has(other)));
    } else if (word === 'drop' && /^drop\s+(?:table|view)\b/i.test(statement.text)) {
      const target = readTarget(statement, script);
      const name = target?.name.toLowerCase();
      // What the script made may have stood before another of that name.
      if (name === undefined || target?.qualifiers !== 0 || this.#made.has(name)) return;
      this.gone = new Set(this.gone.size < MAX_GONE ? [...this.gone, name] : [name]);
    }
  }
}
