import { basename, dirname, resolve } from 'node:path';
import { chartResult, digestResult, fetchPage, MAX_PAGE_ROWS, readGraph, releaseResult } from '../../../server/protocol/requests.ts';
import { visible } from '../../text/displayText.ts';
import { cancelOnInterrupt } from '../cancelOnInterrupt.ts';
import type { Output } from '../output.ts';
import type { FetchRows } from '../resultPrinter.ts';
import { RequestFailed } from '../serverConnection.ts';
import { ServerLink } from '../serverLink.ts';
import { readSqlFile } from '../sqlFile.ts';
import { databaseTarget } from '../subcommands/databaseTarget.ts';
import { EXIT } from '../subcommands/exitCode.ts';
import type { GivenOptions } from '../subcommands/givenOptions.ts';
import { type SubcommandContext, UsageError } from '../subcommands/subcommand.ts';
import type { CellOutcome } from './cellOutcome.ts';
import { cellsNamed, withNeeded } from './chosenCells.ts';
import { readGiven, withParameters } from './givenParameters.ts';
import { JsonReport } from './jsonReport.ts';
import { JunitReport } from './junitReport.ts';
import { Messages } from './messages.ts';
import { type HeadlessCell, notebookCells } from './notebookCells.ts';
import { runNotebook, scheduled } from './notebookRun.ts';
import { writeOutFile } from './outFile.ts';
import { PageReport } from './pageReport.ts';
import { RUN_FORMATS, RUN_ORDERS } from './runFormats.ts';
import { RunProgress } from './runProgress.ts';
import type { RunReport } from './runReport.ts';
import { readSavedRun, SAVED_FORMAT, type SavedCell, type SavedRun, savedCell, staleCells } from './savedRun.ts';
import { SourcePrints } from './sourcePrints.ts';
import { TextReport } from './textReport.ts';

const DEFAULT_ROWS = 200;

/** `kodiak run`: reads the notebook and all options before anything runs. */
export async function runCommand(given: GivenOptions, context: SubcommandContext): Promise<number> {
  const [file, ...others] = given.words;
  if (file === undefined || others.length > 0) throw new UsageError('it runs one notebook');
  const savePath = given.one('save');
  const stalePath = given.one('fail-on-stale');
  if (savePath !== undefined && stalePath !== undefined && resolve(savePath) === resolve(stalePath)) {
    throw new UsageError('--save would overwrite what --fail-on-stale compares with; give another file');
  }
  const rows = rowLimit(given.one('rows'));
  const values = readGiven(given.all('param'));
  const { cells, prelude } = withParameters(notebookCells(readSqlFile(file)), values);
  const chosen = cellsNamed(codeIn(cells), given.all('only'));
  const before = stalePath === undefined ? undefined : readSavedRun(readSqlFile(stalePath), stalePath);
  const readOnly = given.has('readonly');
  const link = new ServerLink(databaseTarget(given.one('db'), readOnly));
  const run = new HeadlessRun({ file, link, context, cells, prelude, chosen, order: given.choice('order', RUN_ORDERS, 'graph') });
  try {
    await link.connect();
    const format = given.choice('output', RUN_FORMATS, 'text');
    const out = given.one('out');
    const path = out === undefined ? undefined : resolve(out);
    const write = (output: Output) => run.run(run.report(format, rows, output, path), savePath !== undefined || before !== undefined);
    const outcomes = await (path === undefined ? write(context.output) : writeOutFile(path, context.environment, write));
    if (savePath !== undefined) await save(resolve(savePath), run.saved(basename(file), values), context);
    const stale = before === undefined ? [] : staleCells(before, run.savedCells, chosen.length > 0);
    for (const { cell, reasons } of stale) {
      await context.errors.writeLines([context.errors.style.red(`stale: ${visible(cell)}: ${reasons.map(visible).join('; ')}`)]);
    }
    return exitCodeOf(outcomes, stale.length > 0);
  } finally {
    link.close();
  }
}

interface HeadlessRunOptions {
  readonly file: string;
  readonly link: ServerLink;
  readonly context: SubcommandContext;
  readonly cells: readonly HeadlessCell[];
  readonly prelude: readonly string[];
  /** Places among the code cells; none: all run. */
  readonly chosen: readonly number[];
  readonly order: (typeof RUN_ORDERS)[number];
}

/** One run of one notebook, with its reports in the notebook's order. */
class HeadlessRun {
  readonly #options: HeadlessRunOptions;
  readonly #sessionId = `run-${process.pid}`;
  readonly #cwd: string;
  readonly #cancel = new AbortController();
  readonly #startedAt = new Date();
  readonly savedCells: SavedCell[] = [];

  constructor(options: HeadlessRunOptions) {
    this.#options = options;
    this.#cwd = dirname(resolve(options.file));
  }

  report(format: (typeof RUN_FORMATS)[number], rows: number, output: Output, path: string | undefined): RunReport {
    const { file } = this.#options;
    switch (format) {
      case 'text':
        return new TextReport(output, this.#rowsOf);
      case 'jsonl':
        return new JsonReport(output, rows, this.#rowsOf);
      case 'junit':
        return new JunitReport(file, output);
      case 'markdown':
      case 'html': {
        const readChart: ConstructorParameters<typeof PageReport>[0]['readChart'] = (resultId, spec) =>
          this.#options.link.request(chartResult, { resultId, spec });
        return new PageReport({ file, format, output, path, readChart });
      }
    }
  }

  async run(report: RunReport, saves: boolean): Promise<readonly CellOutcome[]> {
    const { file, link, context, cells, order } = this.#options;
    const stop = cancelOnInterrupt(this.#cancel, EXIT.cancelled);
    const wanted = await this.#wanted();
    const reports = [report, new Messages(file, context.errors, this.#rowsOf)];
    const progress = new RunProgress(context.errors, wanted.length);
    const prints = new SourcePrints(this.#cwd);
    const shown = this.#options.chosen.length === 0 ? cells : wanted;
    const writing = new InOrder(shown, async (cell, outcome) => {
      // What differs from run to run, as random() does, can be left out: `-- %% Luck stale=ignore`.
      if (saves && outcome && cell.marker.attributes.get('stale') !== 'ignore')
        this.savedCells.push(await savedCell(outcome, this.#digest, prints));
      await progress.clear();
      for (const each of reports) await each.cell(cell, outcome);
      for (const { result } of outcome?.run?.statements ?? []) link.request(releaseResult, result).catch(() => undefined);
    });
    try {
      await this.#prepare();
      const outcomes = await runNotebook(wanted, order, {
        link,
        file: resolve(file),
        sessionId: this.#sessionId,
        cwd: this.#cwd,
        signal: this.#cancel.signal,
        onBegin: (cell) => progress.began(cell),
        onProgress: (cell, reported) => progress.update(cell, reported),
        onEnd: (outcome) => {
          progress.ended(outcome.cell);
          writing.ended(outcome);
        },
      });
      await writing.done();
      await progress.stop();
      const end = { outcomes, startedAt: this.#startedAt, elapsedMs: Date.now() - this.#startedAt.getTime() };
      for (const each of reports) await each.end(end);
      return outcomes;
    } finally {
      await progress.stop();
      stop();
    }
  }

  saved(notebook: string, parameters: ReadonlyMap<string, string>): SavedRun {
    const ranAt = this.#startedAt.toISOString();
    return { format: SAVED_FORMAT, notebook, ranAt, parameters: Object.fromEntries(parameters), cells: this.savedCells };
  }

  /** The code cells that are to run. */
  async #wanted(): Promise<readonly HeadlessCell[]> {
    const { link, cells, chosen } = this.#options;
    const all = codeIn(cells);
    if (chosen.length === 0) return all;
    const { needs } = await link.request(readGraph, { sessionId: this.#sessionId, cells: all.map(scheduled) });
    return withNeeded(chosen, needs).flatMap((at) => all[at] ?? []);
  }

  async #prepare(): Promise<void> {
    const { link, prelude } = this.#options;
    for (const sql of prelude) {
      const { failure } = await link.run(sql, this.#sessionId, this.#cwd, { signal: this.#cancel.signal });
      if (failure) throw new RequestFailed(failure);
    }
  }

  readonly #rowsOf =
    (resultId: string): FetchRows =>
    (offset, limit) =>
      this.#options.link.request(fetchPage, { resultId, offset, limit });

  readonly #digest = async (resultId: string): Promise<string> => (await this.#options.link.request(digestResult, { resultId })).digest;
}

/** Hands cells on in their order, each when it and all before it have ended. */
class InOrder {
  readonly #cells: readonly HeadlessCell[];
  readonly #write: (cell: HeadlessCell, outcome: CellOutcome | undefined) => Promise<void>;
  readonly #outcomes = new Map<HeadlessCell, CellOutcome>();
  #next = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(cells: readonly HeadlessCell[], write: (cell: HeadlessCell, outcome: CellOutcome | undefined) => Promise<void>) {
    this.#cells = cells;
    this.#write = write;
    this.#advance();
  }

  ended(outcome: CellOutcome): void {
    this.#outcomes.set(outcome.cell, outcome);
    this.#advance();
  }

  /** Rejects with what went wrong in writing. */
  async done(): Promise<void> {
    await this.#writing;
  }

  #advance(): void {
    for (let cell = this.#cells[this.#next]; cell !== undefined; cell = this.#cells[++this.#next]) {
      const outcome = this.#outcomes.get(cell);
      if (outcome === undefined && cell.kind === 'code') return;
      const here = cell;
      this.#writing = this.#writing.then(() => this.#write(here, outcome));
      this.#writing.catch(() => undefined);
    }
  }
}

function codeIn(cells: readonly HeadlessCell[]): HeadlessCell[] {
  return cells.filter(({ kind }) => kind === 'code');
}

function rowLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_ROWS;
  const rows = Number(text);
  if (!/^\d+$/.test(text) || rows > MAX_PAGE_ROWS) throw new UsageError(`--rows takes a whole number up to ${MAX_PAGE_ROWS}, not ${text}`);
  return rows;
}

async function save(path: string, saved: SavedRun, { environment }: SubcommandContext): Promise<void> {
  await writeOutFile(path, environment, (output) => output.write(`${JSON.stringify(saved, undefined, 2)}\n`));
}

/** What weighs most: cancelled, the machine, SQL, then what is not as expected. */
function exitCodeOf(outcomes: readonly CellOutcome[], isStale: boolean): number {
  if (outcomes.some(({ state }) => state === 'cancelled')) return EXIT.cancelled;
  const failed = outcomes.filter(({ state }) => state === 'failed').map(({ run }) => run?.failure?.code);
  if (failed.some((code) => code !== 'sql')) return EXIT.environment;
  if (failed.length > 0) return EXIT.sqlError;
  return isStale || outcomes.some(({ state }) => state === 'assertionFailed') ? EXIT.notAsExpected : EXIT.ok;
}
