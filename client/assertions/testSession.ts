import { randomUUID } from 'node:crypto';
import type { CancellationToken, Disposable, Uri } from 'vscode';
import { cancelQuery, closeSession, type RunQueryResult, releaseResult, runQuery } from '../../server/protocol/requests.ts';
import { conflictFailure } from '../notebook/mergeConflict.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import { failureOf } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** A session in which the cells of a notebook run without it: its temporary objects are neither those of the notebook nor seen there. */
export class TestSession {
  readonly #server: ServerProcess;
  readonly #sessionId = `kodiak-tests:${randomUUID()}`;
  readonly #source: string;
  readonly #cwd: string | undefined;
  readonly #token: CancellationToken;

  constructor(server: ServerProcess, notebook: Uri, token: CancellationToken) {
    this.#server = server;
    this.#source = notebook.toString();
    this.#cwd = workingFolder({ uri: notebook });
    this.#token = token;
  }

  /** Never rejects: whatever goes wrong is a failure. Rows beyond the first are kept only under a name. */
  async run(sql: string, resultName?: string): Promise<RunQueryResult> {
    const conflict = conflictFailure(sql);
    if (conflict !== undefined) return { statements: [], failure: conflict, elapsedMs: 0 };
    const runId = randomUUID();
    const startedAt = performance.now();
    let cancelling: Disposable | undefined;
    try {
      cancelling = this.#token.onCancellationRequested(() => {
        this.#server.request(cancelQuery, { runId }).catch(() => undefined);
      });
      const params = {
        runId,
        sessionId: this.#sessionId,
        sql,
        source: this.#source,
        ...(this.#cwd !== undefined && { cwd: this.#cwd }),
        ...(resultName !== undefined && { resultName, pinned: true }),
      };
      const result = await this.#server.request(runQuery, params);
      // What later cells read by its name goes with the session.
      for (const { result: rows } of resultName === undefined ? result.statements : [])
        await this.#server.request(releaseResult, { resultId: rows.resultId });
      return result;
    } catch (error) {
      return { statements: [], failure: failureOf(error), elapsedMs: performance.now() - startedAt };
    } finally {
      cancelling?.dispose();
    }
  }

  async close(): Promise<void> {
    await this.#server.request(closeSession, { sessionId: this.#sessionId }).catch(() => undefined);
  }
}
