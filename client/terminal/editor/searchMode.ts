import { cutToWidth, displayWidth } from '../../text/displayText.ts';
import type { View } from './frame.ts';
import { highlightSql, overlay } from './highlightSql.ts';
import { type HistoryMatch, HistorySearch } from './historySearch.ts';
import type { KeyEvent } from './keys.ts';
import type { Painter } from './palette.ts';
import { previousPlace, shown } from './textMoves.ts';

const LABEL = 'history search: ';
const KEYS = 'Ctrl+R older · Enter runs · Tab edits · Ctrl+G back';

/**
 * The search through the history while it is on the screen. After an event it stays, or ends: `edit` takes the entry that is shown,
 * `run` as well, and the event is still to be done with it.
 */
export class SearchMode {
  readonly #search: HistorySearch;

  constructor(entries: readonly string[]) {
    this.#search = new HistorySearch(entries);
  }

  get match(): HistoryMatch | undefined {
    return this.#search.match;
  }

  take(event: KeyEvent): 'stays' | 'given up' | 'edit' | 'run' {
    const search = this.#search;
    if (event.kind !== 'key') {
      search.look(search.query + event.text);
      return 'stays';
    }
    switch (event.key) {
      case 'backspace':
        search.look(search.query.slice(0, previousPlace(search.query, search.query.length)));
        return 'stays';
      case 'ctrl+r':
      case 'up':
        search.step('older');
        return 'stays';
      case 'ctrl+s':
      case 'down':
        search.step('newer');
        return 'stays';
      case 'ctrl+g':
      case 'ctrl+c':
        return 'given up';
      case 'escape':
      case 'tab':
        return 'edit';
      default:
        return 'run';
    }
  }

  /** The entry that was found in place of the text, and what is looked for below it, where the cursor stands. */
  view(text: string, prompt: string, columns: number, paint: Painter): View {
    const { match, query, position } = this.#search;
    const entry = match?.entry ?? text;
    const spans = highlightSql(entry, -1);
    const painted = match ? overlay(spans, { start: match.start, end: match.end, paint: 'match' }) : spans;
    const label = columns < 3 * LABEL.length ? '? ' : LABEL;
    const room = Math.max(1, columns - label.length - 1);
    let visibleQuery = shown(query.replaceAll('\n', ' '));
    while (displayWidth(visibleQuery) > room) visibleQuery = visibleQuery.slice(Math.max(1, visibleQuery.length - room));
    const typed = label + visibleQuery;
    const state = query === '' ? KEYS : match ? `${position} · ${KEYS}` : 'no match';
    const left = columns - 1 - displayWidth(typed) - 2;
    const about = left > 3 ? `  ${cutToWidth(state, left)}` : '';
    const row = `${paint(label, 'dim')}${visibleQuery}${paint(about, query === '' || match ? 'dim' : 'unmatched')}`;
    return {
      text: entry,
      cursor: match?.start ?? text.length,
      spans: painted,
      prompt,
      hint: '',
      below: [row],
      cursorBelow: { row: 0, column: Math.min(columns - 1, displayWidth(typed)) },
    };
  }
}
