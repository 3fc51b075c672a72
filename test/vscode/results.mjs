import { closeSync, openSync, readSync } from 'node:fs';

/**
 * @typedef {object} TestResult
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {string} title
 * @property {number} durationMs
 * @property {string} [error]
 */

/**
 * Reads the results of a suite while it writes them.
 */
export class ResultReader {
  #descriptor;
  #rest = Buffer.alloc(0);

  /** @type {TestResult[]} */
  tests = [];
  /** Whether the suite said that it came to its end. */
  ended = false;

  /** @param {string} file which is made if it is not there */
  constructor(file) {
    this.#descriptor = openSync(file, 'a+');
  }

  /**
   * Takes in what was written since the last call.
   * @returns {TestResult[]} the new ones
   */
  read() {
    const buffer = Buffer.alloc(64 * 1024);
    /** @type {TestResult[]} */
    const fresh = [];
    for (let size = readSync(this.#descriptor, buffer); size > 0; size = readSync(this.#descriptor, buffer)) {
      this.#rest = Buffer.concat([this.#rest, buffer.subarray(0, size)]);
    }
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
      const line = JSON.parse(this.#rest.subarray(0, end).toString('utf8'));
      this.#rest = this.#rest.subarray(end + 1);
      if (line.state === 'end') {
        this.ended = true;
      } else {
        fresh.push(line);
      }
    }
    this.tests.push(...fresh);
    return fresh;
  }

  close() {
    closeSync(this.#descriptor);
  }
}
