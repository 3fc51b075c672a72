import type { ResultOutput } from '../../../server/protocol/notebookOutput.ts';
import type { WireColumnProfile } from '../../../server/protocol/requests.ts';
import { visible } from '../cellText.ts';
import { button, create, keepTypedKeys, setText, svg } from '../elements.ts';
import { formatNumber } from '../footerText.ts';
import { histogramBars, histogramLabel } from '../histogramBars.ts';
import type { PageClient } from '../pageClient.ts';
import { ColumnProfiles } from './columnProfiles.ts';
import { profileLine, rowsInView } from './profileLine.ts';

const ROW_HEIGHT = 36;
const PICTURE = { width: 150, height: 26 };
const HEADS = ['Column', 'Type', 'NULL', 'Distinct', 'Lowest', 'Highest', 'Values'] as const;

/** All columns of a result summed up, one below the other. Only those in view are read. */
export class ProfileTab {
  readonly element = create('section', 'kodiak-profiles');
  readonly #profiles: ColumnProfiles;
  readonly #status = create('div', 'kodiak-chart-said');
  readonly #text = create('span', '');
  readonly #again: HTMLButtonElement;
  readonly #list = create('div', 'kodiak-profile-list');
  readonly #canvas = create('div', 'kodiak-profile-canvas');
  readonly #rows = new Map<number, HTMLElement>();
  readonly #resizes = new ResizeObserver(() => this.#refresh());
  #output: ResultOutput;
  #isShown = false;

  constructor(output: ResultOutput, pages: PageClient) {
    this.#output = output;
    this.#profiles = new ColumnProfiles({
      read: (column, signal) => pages.profile(this.#output.resultId, column, signal),
      changed: (column) => this.#changed(column),
    });
    this.#again = button('kodiak-button kodiak-small', 'Run again', 'Run it again to get its rows', () =>
      pages.runAgain(this.#output.resultId),
    );
    this.#again.hidden = true;
    this.#text.setAttribute('role', 'status');
    this.#status.append(this.#text, this.#again);
    this.#list.tabIndex = 0;
    this.#list.setAttribute('role', 'table');
    this.#list.setAttribute('aria-label', 'Profile of all columns');
    this.#list.setAttribute('aria-rowcount', String(output.columns.length + 1));
    this.#list.addEventListener('scroll', () => this.#refresh());
    keepTypedKeys(this.#list);
    this.#canvas.setAttribute('role', 'rowgroup');
    this.#canvas.style.height = `${output.columns.length * ROW_HEIGHT}px`;
    this.#list.append(headRow(), this.#canvas);
    this.#resizes.observe(this.#list);
    this.element.append(this.#status, this.#list);
    this.#say();
  }

  /** To be called when the columns come on the screen. */
  shown(): void {
    this.#isShown = true;
    this.#profiles.forgetFailures();
    this.#again.hidden = true;
    this.#say();
    this.#refresh();
  }

  /** Ends the work for what is no longer seen; what is known stays. */
  hidden(): void {
    this.#isShown = false;
    this.#profiles.look([]);
  }

  update(output: ResultOutput): void {
    this.#output = output;
    this.#say();
  }

  dispose(): void {
    this.hidden();
    this.#resizes.disconnect();
  }

  #say(): void {
    const { rowCount, complete } = this.#output;
    setText(this.#text, complete ? `Of all ${formatNumber(rowCount)} rows. ≈ marks estimates.` : 'Waiting for all rows of the result…');
  }

  #refresh(): void {
    if (!this.#isShown) return;
    const { columns } = this.#output;
    const { first, end } = rowsInView(this.#list.scrollTop, this.#list.clientHeight, ROW_HEIGHT, columns.length);
    for (const [column, row] of this.#rows) {
      if (column >= first && column < end) continue;
      row.remove();
      this.#rows.delete(column);
    }
    const inView: number[] = [];
    for (let column = first; column < end; column++) {
      inView.push(column);
      if (!this.#rows.has(column)) this.#add(column);
    }
    this.#profiles.look(inView);
  }

  #add(column: number): void {
    const row = create('div', 'kodiak-profile-row');
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', String(column + 2));
    row.style.top = `${column * ROW_HEIGHT}px`;
    this.#rows.set(column, row);
    this.#fill(column, row);
    const next = [...this.#rows.keys()].filter((other) => other > column).sort((a, b) => a - b)[0];
    this.#canvas.insertBefore(row, next === undefined ? null : (this.#rows.get(next) ?? null));
  }

  #changed(column: number): void {
    const row = this.#rows.get(column);
    if (row) this.#fill(column, row);
    const known = this.#profiles.get(column);
    if (known?.kind !== 'failed' || !known.gone) return;
    setText(this.#text, known.message);
    this.#again.hidden = false;
  }

  #fill(column: number, row: HTMLElement): void {
    const head = this.#output.columns[column];
    const known = this.#profiles.get(column);
    const cells = [textCell(visible(head?.name ?? ''), 'rowheader'), textCell(visible(head?.type ?? ''))];
    if (known?.kind === 'profile') {
      const { nulls, distinct, minimum, maximum } = profileLine(known.profile);
      cells.push(...[nulls, distinct, minimum, maximum].map((text) => textCell(text)), valuesCell(known.profile));
    } else {
      const said = textCell(known === undefined ? 'reading…' : known.message);
      said.classList.add('kodiak-profile-said');
      said.setAttribute('aria-colspan', '5');
      cells.push(said);
    }
    row.replaceChildren(...cells);
  }
}

function headRow(): HTMLElement {
  const row = create('div', 'kodiak-profile-row kodiak-profile-heads');
  row.setAttribute('role', 'row');
  row.setAttribute('aria-rowindex', '1');
  row.append(...HEADS.map((text) => textCell(text, 'columnheader')));
  return row;
}

function textCell(text: string, role = 'cell'): HTMLElement {
  const cell = create('div', 'kodiak-profile-cell');
  cell.setAttribute('role', role);
  cell.textContent = text;
  cell.title = text;
  return cell;
}

/** The histogram of numbers and times, the most frequent values of others. */
function valuesCell(profile: WireColumnProfile): HTMLElement {
  const { histogram } = profile;
  if (histogram.length === 0) return textCell(profileLine(profile).top);
  const { width, height } = PICTURE;
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': histogramLabel(histogram),
  });
  for (const bar of histogramBars(histogram, width, height)) {
    const rect = svg('rect', {
      x: String(bar.x),
      y: String(bar.y),
      width: String(bar.width),
      height: String(bar.height),
      class: 'kodiak-histogram-bar',
    });
    const title = svg('title', {});
    title.textContent = bar.label;
    rect.append(title);
    picture.append(rect);
  }
  const cell = create('div', 'kodiak-profile-cell');
  cell.setAttribute('role', 'cell');
  cell.append(picture);
  return cell;
}
