import type { RunningQuery } from '../../../server/protocol/activity.ts';
import type { MonitorCommand, MonitorMessage, MonitorRequest } from '../../../server/protocol/monitorPage.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';
import { activityGraphs } from '../../monitor/activityGraphs.ts';
import { ActivityHistory } from '../../monitor/activityHistory.ts';
import {
  ENTRY_COLUMNS,
  entryRows,
  RUNNING_COLUMNS,
  runningRows,
  SPILL_COLUMNS,
  STATEMENT_COLUMNS,
  spillRows,
  spillText,
  statementRows,
} from '../../monitor/activityRows.ts';
import { clockTime, formatBytes, formatCount } from '../../monitor/statsText.ts';
import { TimeLeft } from '../../monitor/timeLeft.ts';
import { button, create, setText } from '../elements.ts';
import { readGraphTheme } from './graphTheme.ts';
import { GraphView } from './graphView.ts';
import { type ColumnRule, type RowAction, RowTable } from './rowTable.ts';

/** What ends sooner is not shown: rows would come and go faster than anybody reads. */
const SHOWN_MS = 400;
/** As many as the server tells of. */
const MAX_LISTED = 100;
/** Screen readers are told of what runs at most this often. */
const SAY_MS = 5_000;
const GRAPHS = [
  ['cache', 'Cache'],
  ['memory', 'Memory'],
  ['connections', 'Connections'],
  ['parallel', 'Statements'],
] as const;

/** A heading, what is said where there are no rows, and a table. */
class Section {
  readonly element = create('section', 'monitor-section');
  readonly head = create('div', 'monitor-section-head');
  readonly about = create('span', 'monitor-about');
  readonly table: RowTable;
  readonly #empty = create('p', 'monitor-empty');
  readonly #scroll = create('div', 'monitor-scroll');

  constructor(id: string, title: string, empty: string, columns: readonly ColumnRule[], action?: RowAction) {
    const heading = create('h2', 'monitor-heading');
    heading.id = `monitor-${id}`;
    heading.textContent = title;
    this.element.dataset['section'] = id;
    this.element.setAttribute('aria-labelledby', heading.id);
    this.#empty.textContent = empty;
    this.table = new RowTable(title, columns, action);
    this.head.append(heading, this.about);
    this.#scroll.append(this.table.element);
    this.element.append(this.head, this.#empty, this.#scroll);
  }

  show(rows: Parameters<RowTable['show']>[0], about = ''): void {
    this.table.show(rows);
    this.#empty.hidden = rows.length > 0;
    this.#scroll.hidden = rows.length === 0;
    setText(this.about, about);
  }
}

/** The page of the monitor. */
export class MonitorView {
  readonly element = create('main', 'monitor');
  readonly #history = new ActivityHistory();
  readonly #left = new Map<number, TimeLeft>();
  readonly #notice = create('p', 'monitor-notice');
  readonly #closed = create('div', 'monitor-closed');
  readonly #body = create('div', 'monitor-body');
  readonly #live = create('p', 'monitor-live');
  readonly #running: Section;
  readonly #slowest: Section;
  readonly #saved: Section;
  readonly #entries: Section;
  readonly #spill: Section;
  readonly #graphs = new Map<string, GraphView>();
  readonly #restart: HTMLElement;
  readonly #closedText = create('p', 'monitor-closed-text');
  #theme = readGraphTheme();
  #names: Readonly<Record<string, string>> = {};
  #stats: WireStats | undefined;
  #detailsAt = performance.now();
  #drawing = false;
  #ended: string | undefined;
  #failed: string | undefined;
  #saidAt = Number.NEGATIVE_INFINITY;
  #saidRunning = 0;

  constructor(tell: (request: MonitorRequest) => void) {
    const command = (text: string, title: string, name: MonitorCommand) =>
      button('monitor-button', text, title, () => tell({ type: 'command', command: name }));
    this.#running = new Section(
      'running',
      'Running',
      'Nothing runs. What a notebook, a SQL file or a terminal runs stands here, with its progress and a button that cancels it.',
      columns(RUNNING_COLUMNS, { Query: 'sql', Time: 'number', Rows: 'number', Memory: 'number', Progress: 'wide' }),
      {
        text: 'Cancel',
        label: ([who, sql]) => `Cancel the query of ${who}: ${short(sql ?? '')}`,
        run: (key) => tell({ type: 'cancel', id: Number(key), name: this.#nameOf(Number(key)) }),
      },
    );
    const statements = columns(STATEMENT_COLUMNS, { Query: 'sql', Longest: 'number', Runs: 'number', Hits: 'number', Saved: 'number' });
    this.#slowest = new Section('slowest', 'Slowest statements', 'No statement has run since the server started.', statements);
    this.#saved = new Section('saved', 'Most time saved', 'The cache has not answered a statement yet: run one again.', statements);
    this.#entries = new Section(
      'entries',
      'Cache entries',
      'The cache is empty. Queries that take some milliseconds are kept when they end, and proved when they are run again.',
      columns(ENTRY_COLUMNS, {
        Query: 'sql',
        Proof: 'wide',
        From: 'wide',
        Hits: 'number',
        Rows: 'number',
        Size: 'number',
        Cost: 'number',
        Age: 'number',
      }),
      {
        text: 'Invalidate',
        label: ([sql]) => `Invalidate ${short(sql ?? '')}`,
        run: (key) => tell({ type: 'invalidate', id: Number(key) }),
      },
    );
    this.#entries.head.append(command('Clear All', 'Remove all results from the cache', 'clearCache'));
    this.#spill = new Section('spill', 'Spill files', '', columns(SPILL_COLUMNS, { Size: 'number', Changed: 'number' }));
    this.#spill.head.append(command('Free Memory', 'Drop what is kept only for later', 'freeMemory'));
    const graphs = create('div', 'monitor-graphs');
    for (const [id, title] of GRAPHS) {
      const view = new GraphView(id, title, () => this.#theme);
      this.#graphs.set(id, view);
      graphs.append(view.element);
    }
    const pair = create('div', 'monitor-pair');
    pair.append(this.#slowest.element, this.#saved.element);
    this.#body.append(graphs, this.#entries.element, pair, this.#spill.element);
    this.#live.setAttribute('role', 'status');
    this.#notice.setAttribute('role', 'status');
    this.#notice.hidden = true;
    this.#restart = command('Restart the Server', 'Restart the Server', 'restartServer');
    const buttons = create('div', 'monitor-buttons');
    buttons.append(
      command('New SQL Notebook', 'New SQL Notebook', 'newNotebook'),
      command('Open Database…', 'Open Database', 'openDatabase'),
      command('Open the Guided Tour', 'Open the Guided Tour', 'openTour'),
      this.#restart,
    );
    this.#closed.append(this.#closedText, buttons);
    this.#closed.hidden = true;
    this.#body.hidden = true;
    const title = create('h1', 'monitor-live');
    title.textContent = 'Kodiak Monitor';
    this.element.append(title, this.#live, this.#notice, this.#closed, this.#running.element, this.#body);
    new MutationObserver(() => this.#recolour()).observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  receive(message: MonitorMessage): void {
    switch (message.type) {
      case 'news':
        this.#ended = undefined;
        if (message.news.open) this.#failed = undefined;
        this.#names = message.names;
        if (message.news.details) this.#detailsAt = performance.now();
        this.#history.take(message.news);
        break;
      case 'stats':
        this.#stats = message.stats;
        break;
      case 'failed':
        this.#failed = message.message;
        break;
      case 'ended':
        this.#ended = `${message.message} ${message.restarts ? 'It is started again.' : ''}`.trim();
        break;
      case 'said':
        this.#say(message.text);
        return;
    }
    // News come in crowds.
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { open, running, samples, cleanUps, details, restartedAt } = this.#history;
    const ended = this.#ended;
    const isOpen = open === true && ended === undefined;
    const notice =
      restartedAt === undefined ? '' : `The server was started anew at ${clockTime(restartedAt)}: figures and graphs begin there.`;
    setText(this.#notice, notice);
    this.#notice.hidden = notice === '' || !isOpen;
    this.#closed.hidden = isOpen || (open === undefined && ended === undefined);
    setText(
      this.#closedText,
      ended ?? this.#failed ?? 'No database is open yet: it opens with the first query. Run a cell, and its figures are here.',
    );
    const inTrouble = ended !== undefined || this.#failed !== undefined;
    this.#closed.dataset['trouble'] = String(inTrouble);
    this.#restart.hidden = !inTrouble;
    this.#running.element.hidden = ended !== undefined || (open !== true && running.length === 0);
    this.#body.hidden = !isOpen;
    this.#showRunning(running.filter(({ elapsedMs }) => elapsedMs >= SHOWN_MS));
    if (!isOpen) return;
    const stats = this.#stats;
    if (stats && samples.length > 0) {
      const times = samples.map(({ at }) => at);
      for (const graph of activityGraphs(samples, stats, cleanUps)) this.#graphs.get(graph.id)?.show(graph, times);
    }
    const { entries, slowest, mostSaved, spillFiles, spillFolder } = details;
    this.#slowest.show(statementRows(slowest, this.#names));
    this.#saved.show(statementRows(mostSaved, this.#names));
    this.#entries.show(entryRows(entries, performance.now() - this.#detailsAt), stats && entriesText(stats, entries.length));
    const spilled = stats?.memory.spillFiles;
    this.#spill.show(
      spillRows(spillFiles),
      spillText(spilled?.count ?? spillFiles.length, spilled?.bytes ?? 0, spillFiles.length, spillFolder),
    );
  }

  #showRunning(running: readonly RunningQuery[]): void {
    const ids = new Set(running.map(({ id }) => id));
    for (const id of this.#left.keys()) if (!ids.has(id)) this.#left.delete(id);
    const leftMs = (query: RunningQuery) => {
      const left = this.#left.get(query.id) ?? new TimeLeft();
      this.#left.set(query.id, left);
      return left.update(query);
    };
    this.#running.show(runningRows(running, this.#names, leftMs), runningText(running.length, this.#history.runningCount));
    if (running.length === this.#saidRunning || performance.now() - this.#saidAt < SAY_MS) return;
    this.#saidRunning = running.length;
    this.#say(running.length === 1 ? '1 query runs.' : `${formatCount(running.length)} queries run.`);
  }

  #nameOf(id: number): string {
    const sessionId = this.#history.running.find((query) => query.id === id)?.sessionId ?? '';
    return this.#names[sessionId] ?? sessionId;
  }

  #say(text: string): void {
    this.#saidAt = performance.now();
    setText(this.#live, text);
  }

  #recolour(): void {
    this.#theme = readGraphTheme();
    for (const graph of this.#graphs.values()) graph.recolour();
  }
}

function columns<Title extends string>(titles: readonly Title[], kinds: Partial<Record<Title, ColumnRule['kind']>>): ColumnRule[] {
  return titles.map((title) => ({ title, kind: kinds[title] ?? 'text' }));
}

function entriesText({ cache }: WireStats, listed: number): string {
  const shown = listed < cache.entries ? `, the most valuable ${formatCount(listed)} of them here` : '';
  return `${formatCount(cache.entries)} of ${formatCount(cache.maxEntries)}, ${formatBytes(cache.bytes)} of ${formatBytes(cache.maxBytes)}${shown}`;
}

/** Short ones that are not listed are not counted either, unless the list is full. */
function runningText(listed: number, all: number): string {
  if (listed === 0) return '';
  return listed < MAX_LISTED ? formatCount(listed) : `${formatCount(all)}, the oldest ${formatCount(listed)} of them here`;
}

function short(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
