import { splitStatements } from '../../engine/sql/splitStatements.ts';

/** A piece of typed or piped input that is ready to be carried out. */
export type InputPiece =
  | { readonly kind: 'command'; readonly line: string }
  | {
      readonly kind: 'sql';
      /** Whole lines; the statements' offsets are into them. */
      readonly text: string;
      readonly linesBefore: number;
      readonly statements: readonly { readonly start: number; readonly end: number; readonly text: string }[];
    };

const BLANK_LINE = /^\s*(?:--.*)?$/;

/** Gathers lines until a statement is complete. A line that begins with a dot, where no statement is open, is a command. */
export class SqlInput {
  #pending: string[] = [];
  #linesBefore = 0;
  #lines = 0;

  /** True while a statement is begun and not ended. */
  get open(): boolean {
    return this.#pending.length > 0;
  }

  /** Takes a line, or several, without the last line feed; gives what is complete now. */
  feed(line: string): InputPiece[] {
    if (!this.open && /^\s*\.[A-Za-z?]/.test(line)) {
      this.#lines += 1;
      return [{ kind: 'command', line: line.trim() }];
    }
    this.#lines += line.split('\n').length;
    if (!this.open && BLANK_LINE.test(line)) return [];
    if (!this.open) this.#linesBefore = this.#lines - line.split('\n').length;
    this.#pending.push(line);
    // Only a semicolon can end a statement: long literals over many lines are not read again at each line.
    if (!line.includes(';')) return [];
    const text = this.#text();
    const statements = splitStatements(text);
    if (statements.length > 0 && !statements.at(-1)?.terminated) return [];
    return this.#take(text, statements);
  }

  /** Gives what is left at the end of the input, complete or not. */
  finish(): InputPiece[] {
    const text = this.#text();
    return this.#take(text, splitStatements(text));
  }

  clear(): void {
    this.#pending = [];
  }

  #text(): string {
    return this.#pending.map((line) => `${line}\n`).join('');
  }

  #take(text: string, statements: readonly { readonly start: number; readonly end: number; readonly text: string }[]): InputPiece[] {
    this.#pending = [];
    return statements.length === 0 ? [] : [{ kind: 'sql', text, linesBefore: this.#linesBefore, statements }];
  }
}
