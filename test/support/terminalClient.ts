import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-languageserver/node';
import type { ClientIdentity } from '../../server/protocol/attached.ts';
import { authenticate } from '../../server/protocol/requests.ts';
import type { SocketLocation } from '../../server/protocol/socketLocation.ts';
import { RpcClient } from './rpcClient.ts';

export interface TerminalSide {
  readonly client: RpcClient;
  readonly socket: Socket;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<unknown>;
}

type Files = Pick<SocketLocation, 'socketFile' | 'tokenFile'>;

/** A connection to a server's socket that has not shown a token. */
export async function connectTerminal({ socketFile }: Files): Promise<TerminalSide> {
  const socket = connect(socketFile);
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  return {
    client: new RpcClient(createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket))),
    socket,
    closed,
  };
}

/** A terminal that the server let in. */
export async function attachTerminal(files: Files, identity?: ClientIdentity): Promise<TerminalSide> {
  const terminal = await connectTerminal(files);
  const token = readFileSync(files.tokenFile, 'utf8');
  const { accepted } = await terminal.client.request(authenticate, { token, ...(identity && { client: identity }) });
  if (!accepted) throw new Error('The server refused its own token.');
  return terminal;
}

/** Waits until a server that is starting can be attached to; the token is the last thing it writes. */
export async function untilListening({ folder, tokenFile }: SocketLocation): Promise<void> {
  const changes = watch(folder);
  try {
    while (!existsSync(tokenFile)) await once(changes, 'change');
  } finally {
    changes.close();
  }
}
