import { nextToken } from '../../engine/sql/lexer.ts';
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

/** A literal longer than this is read again only when it has grown by a tenth: each of its lines may have a semicolon. */
const LONG_TOKEN = 20_000;

const BLANK_LINE = /^\s*(?:--.*)?$/;

/** Gathers lines until a statement is complete. A line that begins with a dot, where no statement is open, is a command. */
export class SqlInput {
  /** What is read of the text that is pending; the rest begins with the last token, which may go on. */
  #read: string[] = [];
  #rest = '';
  /** The rest is not read before it is so long. */
  #nextLook = 0;
  #endsWithSemicolon = false;
  #linesBefore = 0;
  #lines = 0;

  /** True while a statement is begun and not ended. */
  get open(): boolean {
    return this.#rest !== '';
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
    this.#rest += `${line}\n`;
    // Only a semicolon can end a statement: long literals over many lines are not read again at each line.
    return line.includes(';') && this.#rest.length >= this.#nextLook && this.#isComplete() ? this.finish() : [];
  }

  /** Gives what is left at the end of the input, complete or not. */
  finish(): InputPiece[] {
    const text = this.#read.join('') + this.#rest;
    const statements = splitStatements(text);
    this.clear();
    return statements.length === 0 ? [] : [{ kind: 'sql', text, linesBefore: this.#linesBefore, statements }];
  }

  clear(): void {
    this.#read = [];
    this.#rest = '';
    this.#nextLook = 0;
    this.#endsWithSemicolon = false;
  }

  #isComplete(): boolean {
    const text = this.#rest;
    let last = 0;
    for (let token = nextToken(text, 0); token; token = nextToken(text, token.end)) {
      last = token.start;
      if (token.kind === 'lineComment' || (token.kind === 'blockComment' && !token.unterminated)) continue;
      this.#endsWithSemicolon = token.kind === 'punctuation' && text.charAt(token.start) === ';';
    }
    this.#read.push(text.slice(0, last));
    this.#rest = text.slice(last);
    this.#nextLook = this.#rest.length > LONG_TOKEN ? this.#rest.length * 1.1 : 0;
    return this.#endsWithSemicolon;
  }
}
