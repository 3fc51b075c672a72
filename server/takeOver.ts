import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { KodiakError } from '../engine/base/errors.ts';
import { after } from '../engine/base/timers.ts';
import { type ClientIdentity, type HandOverResult, handOver } from './protocol/attached.ts';
import { isAlive } from './protocol/deadSockets.ts';
import { authenticate } from './protocol/requests.ts';
import { realDatabasePath, socketLocation } from './protocol/socketLocation.ts';

const LIMIT_MS = 5_000;

/**
 * Asks the server that has a database open, one that terminals started, to leave it to this one; its terminals then find this one.
 * True when it has gone. Rejects with `unavailable` that says why it stays; false where no such server is.
 */
export async function takeOver(database: string, identity: ClientIdentity): Promise<boolean> {
  const location = socketLocation(realDatabasePath(database));
  if (!(await isAlive(location.socketFile))) return false;
  const token = readFileSync(location.tokenFile, 'utf8').trim();
  const socket = connect(location.socketFile);
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  const limit = after(LIMIT_MS, () => socket.destroy());
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  connection.onError(() => undefined);
  connection.onClose(() => undefined);
  connection.listen();
  try {
    const { accepted } = await connection.sendRequest<{ accepted: boolean }>(authenticate.method, { token, client: identity });
    if (!accepted) return false;
    const answer = await connection.sendRequest<HandOverResult>(handOver.method, null);
    if (answer.accepted) {
      await closed;
      return !(await isAlive(location.socketFile));
    }
    throw new KodiakError(
      'unavailable',
      `${database} is open in ${answer.holder} (process ${answer.pid}), which cannot leave it now: ${answer.reason}. Try again when that has ended, or work there: kodiak attaches to the same database.`,
    );
  } finally {
    limit.dispose();
    connection.dispose();
    socket.destroy();
  }
}
