import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { redactMessage, redactSecrets } from '../../engine/sql/redactSecrets.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';

const MAX_ENTRIES = 5_000;

/** `KODIAK_HISTORY`, else `.kodiak_history` in the home folder. */
export function historyFile(environment: NodeJS.ProcessEnv): string {
  return environment['KODIAK_HISTORY'] || join(homedir(), '.kodiak_history');
}

/**
 * What was typed at the prompt, oldest first, kept in a file that only its owner can read. An entry is one line of the file, with
 * line feeds as `\n` and backslashes doubled. Secrets are kept as long as the program, and never written. A file that cannot be read or
 * written costs the history, nothing else.
 */
export class History {
  readonly #file: string;
  #entries: string[];

  constructor(file: string) {
    this.#file = file;
    this.#entries = readEntries(file);
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Adds an entry at the end; one equal to the last is not repeated. */
  add(entry: string): void {
    if (entry.trim() === '' || entry === this.#entries.at(-1)) return;
    this.#entries.push(entry);
    try {
      if (this.#entries.length > MAX_ENTRIES) this.#shorten();
      else appendPrivately(this.#file, encode(withoutSecrets(entry)), 'a');
    } catch {
      // Without a file the history lives as long as the program.
    }
  }

  /** Another program may have added entries to the file: they are kept. */
  #shorten(): void {
    const own = withoutSecrets(this.#entries.at(-1) ?? '');
    this.#entries = [...readEntries(this.#file), own].slice(-Math.floor(MAX_ENTRIES * 0.9));
    appendPrivately(this.#file, this.#entries.map(encode).join(''), 'w');
  }
}

function readEntries(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .map(decode)
      .slice(-MAX_ENTRIES);
  } catch {
    return [];
  }
}

function appendPrivately(file: string, text: string, flag: 'a' | 'w'): void {
  writeFileSync(file, text, { flag, mode: 0o600 });
  chmodSync(file, 0o600);
}

/** Each statement by itself, and what stands behind the name of a command. What is between statements stays, so that they can be entered again. */
function withoutSecrets(entry: string): string {
  const command = /^\s*\.\S*\s*/.exec(entry)?.[0];
  if (command !== undefined) return command + redactMessage(redactSecrets(entry.slice(command.length)).text, []);
  let text = '';
  let from = 0;
  for (const { start, end } of splitStatements(entry)) {
    text += redactMessage(entry.slice(from, start), []) + redactSecrets(entry.slice(start, end)).text;
    from = end;
  }
  return text + redactMessage(entry.slice(from), []);
}

function encode(entry: string): string {
  return `${entry.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '')}\n`;
}

function decode(line: string): string {
  return line.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
