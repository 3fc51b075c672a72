import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readAttached } from '../../../server/protocol/attached.ts';
import { authenticate, fetchPage, runQuery } from '../../../server/protocol/requests.ts';
import { socketLocation } from '../../../server/protocol/socketLocation.ts';
import { startServerProcess } from '../../support/serverProgram.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { connectTerminal, type TerminalSide, untilListening } from '../../support/terminalClient.ts';

const CLIENTS = 100;
const EACH = 100;
const WIDE = "select repeat('x', 1000) as a, range from range(20000)";
const ENOUGH_BYTES = 1024 * 1024 * 1024;

let runs = 0;
async function run({ client }: TerminalSide, sessionId: string, sql: string) {
  const { failure, statements } = await client.request(runQuery, { runId: `many ${++runs}`, sessionId, sql });
  if (failure) throw new Error(`${sessionId}: ${failure.message}`);
  return statements.at(-1)?.result;
}

it('serves a hundred terminals at once through ten connections, beside one that has stopped reading, and loses nothing', async () => {
  const folder = temporaryFolder();
  process.env['KODIAK_RUNTIME_DIR'] = folder;
  const database = join(folder, 'x.duckdb');
  const location = socketLocation(database);
  const server = startServerProcess('dist/server/main.js', ['--socket-only', '--database', database], { runtimeFolder: folder });
  await untilListening(location);
  const token = readFileSync(location.tokenFile, 'utf8');
  const attach = async () => {
    const terminal = await connectTerminal(location);
    expect(await terminal.client.request(authenticate, { token, client: { kind: 'terminal', pid: process.pid } })).toEqual({
      accepted: true,
    });
    return terminal;
  };
  const first = await attach();
  await run(first, 'first', 'create table said(client int, number int)');
  const hostile = await attach();
  const wide = await run(hostile, 'hostile', WIDE);
  for (let page = 0; page < 200; page++) {
    hostile.client.request(fetchPage, { resultId: wide?.resultId ?? '', offset: page * 50, limit: 2000 }).catch(() => undefined);
  }
  hostile.socket.pause();
  const terminals = await Promise.all(Array.from({ length: CLIENTS }, attach));
  await Promise.all(
    terminals.map(async (terminal, at) => {
      const sessionId = `terminal ${at}`;
      for (let number = 0; number < EACH; number++) {
        if (number % 10 === 9) await run(terminal, sessionId, `insert into said values (${at}, ${number})`);
        // Some have something of their own, for a while in a transaction and for good in a variable.
        else if (at < 3 && number === 40) await run(terminal, sessionId, `set variable own = ${at}`);
        else if (at === 3 && number === 40) await run(terminal, sessionId, 'begin; insert into said values (-1, -1)');
        else if (at === 3 && number === 50) await run(terminal, sessionId, 'rollback');
        else expect((await run(terminal, sessionId, `select ${at * EACH + number}`))?.preview).toEqual([[at * EACH + number]]);
      }
      if (at < 3) expect((await run(terminal, sessionId, "select getvariable('own')"))?.preview).toEqual([[at]]);
    }),
  );
  const counted = await run(first, 'first', 'select count(*)::int, count(distinct (client, number))::int, min(client) from said');
  // What client 3 wrote in its transaction went with it.
  expect(counted?.preview).toEqual([[CLIENTS * 10 - 1, CLIENTS * 10 - 1, 0]]);
  const { clients, rssBytes } = await first.client.request(readAttached, null);
  expect(clients.length).toBeGreaterThanOrEqual(CLIENTS + 1);
  expect(rssBytes).toBeLessThan(ENOUGH_BYTES);
  for (const { socket } of [...terminals, hostile]) socket.destroy();
  await vi.waitFor(async () => expect((await first.client.request(readAttached, null)).clients).toHaveLength(1), 20_000);
  first.socket.destroy();
  expect(await server.exited).toEqual([0, null]);
}, 600_000);
