export interface FooterState {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Columns that a person has hidden. */
  readonly hidden?: number;
  readonly complete: boolean;
  readonly truncated: boolean;
  /** Time and provenance. */
  readonly note: string;
}

export interface NoticeState {
  readonly rowCount: number;
  /** Why rows cannot be had. */
  readonly reason: string;
  /** The result's rows can no longer be fetched; this many are here. Undefined where only some rows are missing. */
  readonly rowsHere: number | undefined;
}

/** The line below a grid: `1,204,331 rows × 10 columns · 0.42 s · computed`. */
export function footerText(state: FooterState): string {
  const rows = `${state.truncated ? 'first ' : ''}${count(state.rowCount, 'row')}${state.complete ? '' : ' so far'}`;
  const hidden = state.hidden ? `, ${formatNumber(state.hidden)} hidden` : '';
  return [`${rows} × ${count(state.columnCount, 'column')}${hidden}`, state.note].filter((part) => part !== '').join(' · ');
}

/** What is said below a grid when rows cannot be had: the reason, and what is here in spite of it. */
export function noticeText({ rowCount, reason, rowsHere }: NoticeState): string {
  const sentence = /[.!?…]$/.test(reason) ? reason : `${reason}.`;
  if (rowsHere === undefined || rowsHere === 0 || rowsHere >= rowCount) return sentence;
  return `${sentence} The first ${count(rowsHere, 'row')} ${rowsHere === 1 ? 'is' : 'are'} still here.`;
}

/** As `toLocaleString`, which would make a formatter for each number. */
const NUMBERS = new Intl.NumberFormat('en-US');

export function formatNumber(number: number): string {
  return NUMBERS.format(number);
}

function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
