export interface FooterState {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly complete: boolean;
  readonly truncated: boolean;
  /** Time and provenance. */
  readonly note: string;
  /** Why some rows are not here; empty if nothing is wrong. */
  readonly problem: string;
  /** The result's rows can no longer be fetched; this many are here. */
  readonly gone: { readonly rowsHere: number } | undefined;
}

/** The line below a grid: `1,204,331 rows × 10 columns · 0.42 s · fresh run`. */
export function footerText(state: FooterState): string {
  const rows = `${state.truncated ? 'first ' : ''}${count(state.rowCount, 'row')}${state.complete ? '' : ' so far'}`;
  const text = [`${rows} × ${count(state.columnCount, 'column')}`, state.note].filter((part) => part !== '').join(' · ');
  if (state.gone === undefined) return state.problem === '' ? text : `${text}\n${state.problem}`;
  const { rowsHere } = state.gone;
  const here = rowsHere < state.rowCount ? `; the first ${count(rowsHere, 'row')} are still here` : '';
  return `${text}\nThis result is gone: run the cell again${here}.`;
}

export function formatNumber(number: number): string {
  return number.toLocaleString('en-US');
}

function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
