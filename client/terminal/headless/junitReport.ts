import { hostname } from 'node:os';
import type { ResultHandle } from '../../../server/protocol/requests.ts';
import { givesRows } from '../../notebook/resultOutput.ts';
import { renderBox } from '../../text/boxTable.ts';
import { visible, visibleLines } from '../../text/displayText.ts';
import { createStyle } from '../../text/style.ts';
import { formatFailure } from '../failureText.ts';
import type { Output } from '../output.ts';
import type { CellOutcome } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';
import type { RunEnd, RunReport } from './runReport.ts';
import { XmlElement } from './xmlText.ts';

const SHOWN_ROWS = 20;
const PLAIN = createStyle(false);

/**
 * JUnit's XML, as Ant's schema of it has it: every assertion is a testcase, and so is every other cell that failed. An assertion that was
 * not run is an error: nobody knows whether it holds.
 */
export class JunitReport implements RunReport {
  readonly #file: string;
  readonly #output: Output;
  readonly #cases: XmlElement[] = [];
  readonly #names = new Map<string, number>();

  constructor(file: string, output: Output) {
    this.#file = file;
    this.#output = output;
  }

  async cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void> {
    if (outcome === undefined) return;
    const isTest = cell.marker.role === 'assert';
    if (!isTest && (outcome.state === 'ok' || outcome.state === 'skipped')) return;
    const name = this.#unique(cell.marker.title || `cell ${cell.number}`);
    const time = seconds(outcome.run?.elapsedMs ?? 0);
    const found = this.#complaint(outcome);
    this.#cases.push(new XmlElement('testcase', { name, classname: visible(this.#file), time }, found === undefined ? [] : [found]));
  }

  async end({ outcomes, elapsedMs, startedAt }: RunEnd): Promise<void> {
    const tests = outcomes.filter(({ cell, state }) => cell.marker.role === 'assert' || (state !== 'ok' && state !== 'skipped'));
    const count = (...states: readonly CellOutcome['state'][]) => String(tests.filter(({ state }) => states.includes(state)).length);
    const counts = {
      tests: String(tests.length),
      failures: count('assertionFailed'),
      errors: count('failed', 'cancelled', 'skipped'),
    };
    const suite = new XmlElement(
      'testsuite',
      {
        package: '',
        id: '0',
        name: visible(this.#file),
        ...counts,
        time: seconds(elapsedMs),
        timestamp: startedAt.toISOString().slice(0, 19),
        hostname: visible(hostname()) || 'localhost',
      },
      [new XmlElement('properties', {}, ''), ...this.#cases, new XmlElement('system-out', {}, ''), new XmlElement('system-err', {}, '')],
    );
    await this.#output.write(`<?xml version="1.0" encoding="UTF-8"?>\n${new XmlElement('testsuites', {}, [suite])}\n`);
  }

  #complaint({ cell, state, reason, run }: CellOutcome): XmlElement | undefined {
    switch (state) {
      case 'ok':
        return undefined;
      case 'skipped':
        return new XmlElement('error', { message: visible(reason ?? ''), type: 'notRun' }, '');
      case 'assertionFailed': {
        const last = run?.statements.at(-1);
        const rows = last && givesRows(last) ? firstRows(last.result) : '';
        const message = visible(run?.failure?.message ?? '');
        return new XmlElement('failure', { message, type: 'assertion' }, visibleLines(`${this.#place(cell)}${message}\n${rows}`));
      }
      case 'failed':
      case 'cancelled': {
        const message = visible(run?.failure?.message ?? reason ?? 'cancelled');
        const source = { name: this.#file, text: cell.text, linesBefore: cell.linesBefore };
        const text = run?.failure ? formatFailure(run.failure, source, 0, PLAIN).join('\n') : message;
        return new XmlElement('error', { message, type: run?.failure?.code ?? state }, text);
      }
    }
  }

  #place(cell: HeadlessCell): string {
    return `${visible(this.#file)}:${cell.linesBefore + 1}: `;
  }

  /** Readers tell testcases apart by their names. */
  #unique(title: string): string {
    const name = visible(title);
    const seen = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, seen);
    return seen === 1 ? name : `${name} (${seen})`;
  }
}

/** The rows that were not to be there. */
function firstRows({ columns, preview, rowCount }: ResultHandle): string {
  const head = preview.slice(0, SHOWN_ROWS);
  const more = rowCount > head.length ? [`… ${rowCount - head.length} more`] : [];
  return [...renderBox({ columns, head, tail: [], gap: false, width: undefined, style: PLAIN }), ...more].join('\n');
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}
