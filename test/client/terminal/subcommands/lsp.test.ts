import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');

describe.runIf(existsSync(PROGRAM))('kodiak lsp', () => {
  test('is a language server with threads enough for its queries', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
    const child = spawn(process.execPath, [PROGRAM, 'lsp', '--stdio'], {
      cwd: folder,
      env: { ...env, KODIAK_RUNTIME_DIR: folder },
      stdio: 'pipe',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    server.listen();
    const initialized = await server.sendRequest<{ readonly serverInfo: { readonly name: string } }>('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: {},
    });
    expect(initialized.serverInfo.name).toBe('kodiak');
    await server.sendNotification('initialized', {});
    const answer = await server.sendRequest<{ readonly rows: unknown }>('workspace/executeCommand', {
      command: 'kodiak.runSql',
      arguments: [{ sql: 'select 42 as answer' }],
    });
    expect(answer.rows).toEqual([[42]]);
    // The pool starts all of its threads at its first use.
    if (process.platform === 'linux') expect(readdirSync(`/proc/${child.pid}/task`).length).toBeGreaterThanOrEqual(16);
    const exited = once(child, 'exit');
    await server.sendRequest('shutdown');
    await server.sendNotification('exit');
    expect(await exited).toEqual([0, null]);
  });
});
