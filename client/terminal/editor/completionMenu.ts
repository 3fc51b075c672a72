import { cutToWidth, displayWidth, fitToWidth, visible } from '../../text/displayText.ts';
import type { Painter } from './palette.ts';

/** Something that may be written at the cursor. */
export interface CompletionChoice {
  readonly label: string;
  /** `table`, `column`, `keyword` … */
  readonly kind: string;
  readonly detail?: string;
  readonly insert: string;
  /** Text to write elsewhere as well. */
  readonly also?: { readonly offset: number; readonly text: string };
}

export interface CompletionAnswer {
  readonly choices: readonly CompletionChoice[];
  /** What of the text a choice replaces. */
  readonly start: number;
  readonly end: number;
}

const GAP = 2;
const MAX_ROWS = 8;
const MAX_LABEL = 40;

/** The choices below a line, in columns, one of which may be selected. */
export class CompletionMenu {
  readonly answer: CompletionAnswer;
  /** The text that the answer is about. */
  readonly text: string;
  selected = -1;
  #perRow = 1;
  #top = 0;

  constructor(answer: CompletionAnswer, text: string) {
    this.answer = answer;
    this.text = text;
  }

  get choice(): CompletionChoice | undefined {
    return this.answer.choices[this.selected];
  }

  move(step: 'next' | 'previous' | 'up' | 'down'): void {
    const count = this.answer.choices.length;
    switch (step) {
      case 'next':
        this.selected = (this.selected + 1) % count;
        break;
      case 'previous':
        this.selected = this.selected <= 0 ? count - 1 : this.selected - 1;
        break;
      case 'down':
        if (this.selected < 0) this.selected = 0;
        else if (this.selected + this.#perRow < count) this.selected += this.#perRow;
        else this.selected = (this.selected + 1) % this.#perRow < count ? (this.selected + 1) % this.#perRow : 0;
        break;
      case 'up': {
        if (this.selected < 0) this.selected = count - 1;
        else if (this.selected >= this.#perRow) this.selected -= this.#perRow;
        else {
          const column = (this.selected + this.#perRow - 1) % this.#perRow;
          const last = column + Math.floor((count - 1 - column) / this.#perRow) * this.#perRow;
          this.selected = column < count ? last : count - 1;
        }
        break;
      }
    }
  }

  /** The menu after more of the word was typed, which is in `text` already; undefined when nothing fits or the word has ended. */
  typed(more: string, text: string): CompletionMenu | undefined {
    if (!/^[\p{L}\p{N}_$-]+$/u.test(more)) return undefined;
    const answer = { ...this.answer, end: this.answer.end + more.length };
    const lower = text.slice(answer.start, answer.end).toLowerCase();
    const choices = answer.choices.filter(
      ({ insert, label }) => insert.toLowerCase().startsWith(lower) || label.toLowerCase().startsWith(lower),
    );
    return choices.length > 0 ? new CompletionMenu({ ...answer, choices }, text) : undefined;
  }

  /** The text with the selected choice in it, and the cursor behind that. */
  applied(): { readonly text: string; readonly cursor: number } {
    return this.choice ? applyChoice(this.text, this.answer, this.choice) : { text: this.text, cursor: this.answer.end };
  }

  /** Rows for the screen: the choices and what the selected one is. */
  rows(columns: number, screenRows: number, paint: Painter): string[] {
    const { choices } = this.answer;
    const width = Math.min(MAX_LABEL, Math.max(1, columns - 1), Math.max(...choices.map(({ label }) => displayWidth(visible(label)))));
    this.#perRow = Math.max(1, Math.floor((columns + GAP - 1) / (width + GAP)));
    const total = Math.ceil(choices.length / this.#perRow);
    const shown = Math.max(1, Math.min(MAX_ROWS, total, screenRows - 3));
    const row = Math.max(0, Math.floor(this.selected / this.#perRow));
    this.#top = Math.max(0, Math.min(Math.max(this.#top, row - shown + 1), row, total - shown));
    const rows: string[] = [];
    for (let at = this.#top; at < this.#top + shown; at++) {
      const cells = choices.slice(at * this.#perRow, (at + 1) * this.#perRow).map(({ label }, index) => {
        const isSelected = at * this.#perRow + index === this.selected;
        return paint(fitToWidth(visible(label), width, 'left'), isSelected ? 'selected' : undefined);
      });
      rows.push(cells.join(' '.repeat(GAP)));
    }
    const about = cutToWidth(this.#about(total, shown), columns - 1);
    if (about !== '') rows.push(paint(about, 'dim'));
    return rows;
  }

  #about(total: number, shown: number): string {
    const { choices } = this.answer;
    const { choice } = this;
    const place = total > shown ? `${this.selected < 0 ? '' : `${this.selected + 1} of `}${choices.length} · ` : '';
    if (!choice) return place === '' ? '' : `${place}Tab chooses, Esc closes`;
    const detail = visible(choice.detail ?? '');
    return place + (detail.startsWith(choice.kind) ? detail : [choice.kind, detail].filter(Boolean).join(' · '));
  }
}

/** A text with a choice written into it, and where the cursor is then. */
export function applyChoice(
  text: string,
  { start, end }: Pick<CompletionAnswer, 'start' | 'end'>,
  choice: CompletionChoice,
): { readonly text: string; readonly cursor: number } {
  const { also } = choice;
  const done = text.slice(0, start) + choice.insert + text.slice(end);
  const cursor = start + choice.insert.length;
  if (!also) return { text: done, cursor };
  // The other place lies in the text before the choice, or behind it.
  const at = also.offset <= start ? also.offset : also.offset + choice.insert.length - (end - start);
  return { text: done.slice(0, at) + also.text + done.slice(at), cursor: at <= start ? cursor + also.text.length : cursor };
}

/**
 * What Tab does first: only the choices that begin with what is written count, if there are any, and the text that they have in
 * common is written. Letters in the text are kept as they are where the choices differ from them only in case.
 */
export function narrowed(answer: CompletionAnswer, text: string): { readonly answer: CompletionAnswer; readonly common: string } {
  const typed = text.slice(answer.start, answer.end);
  const lower = typed.toLowerCase();
  const fitting = answer.choices.filter(
    ({ insert, label }) => insert.toLowerCase().startsWith(lower) || label.toLowerCase().startsWith(lower),
  );
  const choices = fitting.length > 0 ? fitting : answer.choices;
  const inserts = choices.map(({ insert }) => insert);
  const first = inserts[0] ?? '';
  let length = first.length;
  for (const insert of inserts) {
    let at = 0;
    while (at < length && insert.charAt(at).toLowerCase() === first.charAt(at).toLowerCase()) at++;
    length = at;
  }
  const common = first.slice(0, length);
  return {
    answer: { ...answer, choices },
    common: common.length > typed.length && common.toLowerCase().startsWith(lower) ? common : typed,
  };
}
