import type { CursorContext } from '../cursorContext.ts';
import type { LanguageDocument } from '../languageDocument.ts';
import { ItemList } from './itemList.ts';

/** Where something is completed, and what was found for it so far. */
export class CompletionPlace {
  readonly document: LanguageDocument;
  readonly context: CursorContext;
  readonly items: ItemList;
  /** How many tables were offered with each score. */
  readonly tablesByScore = new Map<number, number>();

  constructor(document: LanguageDocument, context: CursorContext) {
    this.document = document;
    this.context = context;
    this.items = new ItemList(() => this.writesLower());
  }

  /** Keywords are written as those around them are. */
  writesLower(): boolean {
    const { prefix } = this.context;
    if (/[a-z]/.test(prefix)) return true;
    if (/[A-Z]/.test(prefix)) return false;
    return this.statementIsLower();
  }

  /** Keywords that are added to what is typed are written as the statement begins. */
  statementIsLower(): boolean {
    const { statement } = this.context;
    const first = statement && this.document.script.text.slice(statement.start, statement.end).trimStart().charAt(0);
    return first !== undefined && first !== first.toUpperCase();
  }
}
