import { applyChoice, type CompletionAnswer, CompletionMenu, narrowed } from './completionMenu.ts';
import { EditBuffer } from './editBuffer.ts';
import { finalText, layoutFrame, type ScreenSize, type View } from './frame.ts';
import { highlightSql } from './highlightSql.ts';
import { HistoryWalk, historyHint } from './historyWalk.ts';
import { type EditAction, KEY_BINDINGS, SECOND_KEYS } from './keyBindings.ts';
import type { KeyEvent } from './keys.ts';
import type { Painter } from './palette.ts';
import { EditorScreen } from './screen.ts';
import { SearchMode } from './searchMode.ts';
import { beforeEdit, indentation, isComplete } from './submission.ts';
import { TEXT_ACTIONS } from './textActions.ts';
import { lineStart, nextWordEnd } from './textMoves.ts';

/** How an edit ended: `edit` wants to go on with the text in another editor, `end` leaves the program. */
export type EditorRead =
  | { readonly kind: 'submit'; readonly text: string }
  | { readonly kind: 'edit'; readonly text: string }
  | { readonly kind: 'end' };

export interface LineEditorOptions {
  readonly write: (text: string) => void;
  /** The size as it is now; may call `resized` first. */
  readonly size: () => ScreenSize;
  readonly paint: Painter;
  /** Dim suggestions from the history; without colours they would look like what was typed. */
  readonly hints: boolean;
  /** What was typed before, oldest first. */
  readonly history: () => readonly string[];
  readonly complete: (text: string, cursor: number) => Promise<CompletionAnswer | undefined>;
  /** Ctrl+C while nothing is read. */
  readonly interrupt: () => void;
  /** Ctrl+Z. */
  readonly suspend: () => void;
}

const LEAVE_HINT = 'Ctrl+C again or Ctrl+D leaves.';

/** Edits statements of several lines on a terminal: keys come in, the screen shows what they make of the text. */
export class LineEditor {
  readonly #options: LineEditorOptions;
  readonly #screen: EditorScreen;
  readonly #buffer = new EditBuffer();
  /** What came while nothing was read. */
  #queue: KeyEvent[] = [];
  #prompt = '';
  #resolve: ((read: EditorRead) => void) | undefined;
  #top = 0;
  #walk: HistoryWalk | undefined;
  #search: SearchMode | undefined;
  #menu: CompletionMenu | undefined;
  /** Counts the wishes for completion; an answer to an older one is dropped. */
  #asked = 0;
  #firstKey: string | undefined;
  #leaving = false;
  #ended = false;

  constructor(options: LineEditorOptions) {
    this.#options = options;
    this.#screen = new EditorScreen(options.write);
  }

  /** Reads one submission. Keys that came before count. */
  read(prompt: string, text = ''): Promise<EditorRead> {
    this.#prompt = prompt;
    this.#begin(text);
    this.#leaving = false;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#screen.forget();
      if (this.#ended) this.end();
      else this.#pump();
    });
  }

  feed(events: readonly KeyEvent[]): void {
    if (this.#resolve) {
      this.#queue.push(...events);
      this.#pump();
      return;
    }
    for (const event of events) {
      if (event.kind === 'key' && event.key === 'ctrl+c') {
        // As in a terminal's own line, what was typed ahead goes with it.
        this.#queue = [];
        this.#options.interrupt();
      } else if (event.kind === 'key' && event.key === 'ctrl+z') this.#options.suspend();
      else this.#queue.push(event);
    }
  }

  /** Writes a line above what is being edited, which then has another prompt. False while nothing is read. */
  tell(line: string, prompt: string): boolean {
    if (!this.#resolve) return false;
    // First what was drawn for another size is drawn again: it is to be replaced.
    this.#options.size();
    this.#prompt = prompt;
    this.#screen.finish(line);
    this.#draw();
    return true;
  }

  /** Reads no more; what was typed stays on the screen. */
  abandon(): void {
    if (!this.#resolve) return;
    this.#stay('');
    this.#resolve = undefined;
  }

  /** Nobody types any more. */
  end(): void {
    this.#ended = true;
    this.#finish({ kind: 'end' });
  }

  resized(): void {
    if (!this.#resolve) return;
    this.#screen.resized(this.#options.size());
    this.#draw();
  }

  /** Draws everything again below what other programs have written. */
  redraw(): void {
    if (!this.#resolve) return;
    this.#screen.forget();
    this.#draw();
  }

  #begin(text: string): void {
    this.#buffer.reset(text);
    this.#top = 0;
    this.#walk = undefined;
    this.#search = undefined;
    this.#menu = undefined;
    this.#firstKey = undefined;
    this.#asked++;
  }

  #pump(): void {
    let at = 0;
    while (this.#resolve && at < this.#queue.length) this.#take(this.#queue[at++] as KeyEvent);
    this.#queue = this.#queue.slice(at);
    if (this.#resolve) this.#draw();
  }

  #take(event: KeyEvent): void {
    this.#asked++;
    if (event.kind !== 'key' || event.key !== 'ctrl+c') this.#leaving = false;
    if (this.#search && this.#takeInSearch(this.#search, event)) return;
    if (this.#menu && this.#takeInMenu(this.#menu, event)) return;
    const walk = this.#walk;
    this.#walk = undefined;
    if (event.kind !== 'key') {
      this.#buffer.insert(event.text);
      return;
    }
    const before = this.#firstKey;
    this.#firstKey = undefined;
    const action = before === undefined ? KEY_BINDINGS[event.key] : SECOND_KEYS[`${before} ${event.key}`];
    if (action !== undefined) this.#act(action, event.more === true, walk);
    else if (before === undefined && event.key === 'ctrl+x') this.#firstKey = event.key;
  }

  #act(action: EditAction, more: boolean, walk: HistoryWalk | undefined): void {
    const buffer = this.#buffer;
    switch (action) {
      case 'submit':
        this.#submit(more);
        break;
      case 'submitAsIs':
        this.#finish({ kind: 'submit', text: buffer.text });
        break;
      case 'newLine':
        buffer.insert(`\n${indentation(buffer.text, buffer.cursor)}`);
        break;
      case 'up':
        if (walk || !buffer.moveLine(-1)) this.#recall('older', walk);
        break;
      case 'down':
        if (walk || !buffer.moveLine(1)) this.#recall('newer', walk);
        break;
      case 'older':
      case 'newer':
        this.#recall(action, walk);
        break;
      case 'eraseOrEnd':
        if (buffer.text === '') this.#finish({ kind: 'end' });
        else buffer.eraseForward();
        break;
      case 'complete':
        this.#complete();
        break;
      case 'search':
        this.#search = new SearchMode(this.#options.history());
        break;
      case 'edit':
        this.#finish({ kind: 'edit', text: buffer.text });
        break;
      case 'clearInput':
        this.#clearInput();
        break;
      case 'clearScreen':
        this.#screen.clear();
        break;
      case 'suspend':
        this.#options.suspend();
        break;
      default:
        if (!this.#takeHint(action)) TEXT_ACTIONS[action](buffer);
    }
  }

  #submit(more: boolean): void {
    const { text, cursor } = this.#buffer;
    const toEdit = beforeEdit(text);
    if (toEdit !== undefined) this.#finish({ kind: 'edit', text: toEdit });
    else if (isComplete(text)) this.#finish({ kind: 'submit', text });
    else this.#buffer.insert(more ? '\n' : `\n${indentation(text, cursor)}`);
  }

  #finish(read: EditorRead): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    const { text } = this.#buffer;
    this.#stay('');
    this.#resolve = undefined;
    if (text !== '' && read.kind === 'end') this.#buffer.reset();
    resolve(read);
  }

  #clearInput(): void {
    const isEmpty = this.#buffer.text === '';
    if (isEmpty && this.#leaving) {
      this.#finish({ kind: 'end' });
      return;
    }
    this.#stay(isEmpty ? `^C\r\n${this.#options.paint(LEAVE_HINT, 'dim')}` : '^C');
    this.#begin('');
    this.#leaving = isEmpty;
  }

  /** Leaves the text on the screen, with something behind it. */
  #stay(behind: string): void {
    const { text } = this.#buffer;
    const view = { text, spans: highlightSql(text, -1), prompt: this.#prompt };
    this.#screen.finish(finalText(view, this.#options.size().columns, this.#options.paint) + behind);
  }

  #recall(direction: 'older' | 'newer', walk: HistoryWalk | undefined): void {
    const { text, cursor } = this.#buffer;
    if (!walk && direction === 'newer') return;
    this.#walk = walk ?? new HistoryWalk(this.#options.history(), text, text.slice(0, cursor));
    const entry = this.#walk.step(direction);
    if (entry !== undefined) this.#buffer.set(entry);
  }

  /** What moves to the right takes the hint, or a word of it, where it is shown. */
  #takeHint(action: EditAction): boolean {
    const isWord = action === 'wordRight';
    if (!isWord && action !== 'right' && action !== 'lineEnd') return false;
    const hint = this.#hint();
    if (hint === '') return false;
    this.#buffer.insert(isWord ? hint.slice(0, nextWordEnd(hint, 0)) : hint);
    return true;
  }

  #hint(): string {
    const { text, cursor } = this.#buffer;
    if (!this.#options.hints || cursor !== text.length || this.#walk) return '';
    return historyHint(this.#options.history(), text);
  }

  #complete(): void {
    const { text, cursor } = this.#buffer;
    const start = lineStart(text, cursor);
    if (start > 0 && text.slice(start, cursor).trim() === '') {
      this.#buffer.insert('  ');
      return;
    }
    const asked = this.#asked;
    this.#options.complete(text, cursor).then(
      (answer) => {
        if (asked !== this.#asked || !this.#resolve || !answer || answer.choices.length === 0) return;
        this.#offer(answer);
        this.#draw();
      },
      // Without an answer there is nothing to offer.
      () => undefined,
    );
  }

  #offer(given: CompletionAnswer): void {
    const { answer, common } = narrowed(given, this.#buffer.text);
    const [first] = answer.choices;
    if (first && answer.choices.length === 1) {
      this.#accept(applyChoice(this.#buffer.text, answer, first));
      return;
    }
    const { text } = this.#buffer;
    if (text.slice(answer.start, answer.end) !== common) this.#buffer.replace(answer.start, answer.end, common);
    this.#menu = new CompletionMenu({ ...answer, end: answer.start + common.length }, this.#buffer.text);
  }

  #accept({ text, cursor }: { readonly text: string; readonly cursor: number }): void {
    if (text === this.#buffer.text) this.#buffer.moveTo(cursor);
    else this.#buffer.set(text, cursor);
  }

  /** True where the menu has used the event up. */
  #takeInMenu(menu: CompletionMenu, event: KeyEvent): boolean {
    const close = () => {
      if (menu.choice) this.#accept(menu.applied());
      this.#menu = undefined;
    };
    if (event.kind !== 'key') {
      const isChosen = menu.choice !== undefined;
      close();
      if (isChosen || event.kind === 'paste') return false;
      this.#buffer.insert(event.text);
      this.#menu = menu.typed(event.text, this.#buffer.text);
      return true;
    }
    const isChosen = menu.choice !== undefined;
    switch (event.key) {
      case 'tab':
        menu.move('next');
        return true;
      case 'shift+tab':
        menu.move('previous');
        return true;
      case 'down':
      case 'ctrl+n':
        menu.move('down');
        return true;
      case 'up':
      case 'ctrl+p':
        menu.move('up');
        return true;
      case 'right':
      case 'left':
        if (isChosen) menu.move(event.key === 'right' ? 'next' : 'previous');
        else close();
        return isChosen;
      case 'enter':
        close();
        return isChosen;
      case 'escape':
      case 'ctrl+g':
        this.#menu = undefined;
        return true;
      default:
        close();
        return false;
    }
  }

  /** True where the search has used the event up. */
  #takeInSearch(search: SearchMode, event: KeyEvent): boolean {
    const took = search.take(event);
    if (took === 'stays') return true;
    this.#search = undefined;
    if (took === 'given up') return true;
    const { match } = search;
    if (match) this.#buffer.set(match.entry, took === 'run' ? match.entry.length : match.start);
    return took === 'edit';
  }

  #draw(): void {
    const size = this.#options.size();
    const { frame, top } = layoutFrame(this.#view(size), size, this.#top, this.#options.paint);
    this.#top = top;
    this.#screen.draw(frame);
  }

  #view(size: ScreenSize): View {
    const { paint } = this.#options;
    const prompt = this.#prompt;
    if (this.#search) return this.#search.view(this.#buffer.text, prompt, size.columns, paint);
    if (this.#menu) {
      const { text, cursor } = this.#menu.applied();
      const below = this.#menu.rows(size.columns, size.rows, paint);
      return { text, cursor, spans: highlightSql(text, cursor), prompt, hint: '', below };
    }
    const { text, cursor } = this.#buffer;
    const [hint = '', ...more] = this.#hint().split('\n');
    return { text, cursor, spans: highlightSql(text, cursor), prompt, hint: more.length > 0 ? `${hint} …` : hint, below: [] };
  }
}
