import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-languageserver/node';
import { Client } from '../../server/client.ts';
import { authenticate, queryProgress, statsChanged } from '../../server/protocol/requests.ts';
import { SocketListener } from '../../server/socket.ts';
import { CHANNEL_LIMITS, type ChannelLimits } from '../../server/socketChannel.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const frame = (message: object) => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

/** A listener whose clients may ask for `big` texts and for `later`, which is answered when the test says so. */
async function listen(limits: Partial<ChannelLimits> = {}) {
  const folder = temporaryFolder();
  const location = { folder, socketFile: join(folder, 'x.sock'), tokenFile: join(folder, 'x.token') };
  const log: string[] = [];
  const clients: Client[] = [];
  const later: (() => void)[] = [];
  let asked = 0;
  const listener = await SocketListener.listen({
    location,
    log: (line) => void log.push(line),
    limits: { ...CHANNEL_LIMITS, ...limits },
    attach: (connection, identity) => {
      clients.push(new Client(connection, identity));
      connection.onRequest('big', ({ bytes }: { bytes: number }) => {
        asked++;
        return 'x'.repeat(bytes);
      });
      connection.onRequest('later', () => {
        asked++;
        return new Promise((resolve) => later.push(() => resolve(null)));
      });
      return () => undefined;
    },
  });
  onTestFinished(() => listener?.close());
  const token = readFileSync(location.tokenFile, 'utf8');

  /** A client that speaks by hand, so that it can stop reading. */
  async function attachRaw(pid: number): Promise<Socket> {
    const socket = connect(location.socketFile);
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(frame({ id: 0, method: authenticate.method, params: { token, client: { kind: 'terminal', pid } } }));
    await once(socket, 'data');
    socket.pause();
    return socket;
  }

  async function attach() {
    const socket = connect(location.socketFile);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.listen();
    await connection.sendRequest(authenticate.method, { token, client: { kind: 'terminal', pid: 7 } });
    return connection;
  }

  return { attachRaw, attach, log, clients, later, asked: () => asked, socketFile: location.socketFile };
}

describe('a client that stops reading', () => {
  it('has its requests wait, and costs nobody else anything', async () => {
    const { attachRaw, attach, asked } = await listen({ softBytes: 200_000 });
    const hostile = await attachRaw(5);
    for (let id = 1; id <= 200; id++) hostile.write(frame({ id, method: 'big', params: { bytes: 100_000 } }));
    const other = await attach();
    expect(await other.sendRequest('big', { bytes: 3 })).toBe('xxx');
    const begun = asked();
    expect(begun).toBeLessThan(100);
    // It reads again: nothing was lost.
    let received = 0;
    hostile.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    hostile.resume();
    await vi.waitFor(() => expect(received).toBeGreaterThan(200 * 100_000), 10_000);
    expect(asked()).toBe(201);
  });

  it('gets only the newest of what is told again and again', async () => {
    const { attachRaw, clients } = await listen({ softBytes: 100_000 });
    const slow = await attachRaw(5);
    const stats = { text: 'x'.repeat(1_000) };
    for (let number = 0; number < 5_000; number++) {
      clients[0]?.notify(statsChanged, { ...stats, number } as never);
      clients[0]?.notify(queryProgress, { runId: `run ${number % 2}`, number } as never);
    }
    let text = '';
    slow.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
    slow.resume();
    await vi.waitFor(() => expect(text).toContain('"number":4999'), 10_000);
    expect(text.length).toBeLessThan(2_000_000);
    expect(text.match(/"runId":"run 0","number":4998/g)).toHaveLength(1);
    expect(text.match(/"runId":"run 1","number":4999/g)).toHaveLength(1);
  });

  it('is disconnected when too much waits for it, with a line in the log', async () => {
    const { attachRaw, log, clients } = await listen({ softBytes: 10_000, hardBytes: 1_000_000 });
    const hostile = await attachRaw(5);
    for (let number = 0; number < 30; number++) clients[0]?.notify({ method: 'must not be lost' }, 'x'.repeat(100_000));
    hostile.resume();
    await once(hostile, 'close');
    expect(log).toEqual([expect.stringMatching(/^A terminal \(process 5\) was disconnected: it does not read its answers/)]);
  });

  it('is disconnected when it reads nothing for long', async () => {
    const { attachRaw, log } = await listen({ softBytes: 10_000, stallMs: 50 });
    const hostile = await attachRaw(5);
    hostile.write(frame({ id: 1, method: 'big', params: { bytes: 3_000_000 } }));
    await vi.waitFor(() => expect(log).toEqual([expect.stringMatching(/process 5.*read nothing for/)]), 5_000);
  });

  it('may take its time for one large answer', async () => {
    const { attach, log } = await listen({ softBytes: 10_000, hardBytes: 100_000 });
    expect(await (await attach()).sendRequest('big', { bytes: 5_000_000 })).toHaveLength(5_000_000);
    expect(log).toEqual([]);
  });
});

describe('a client that floods', () => {
  it('has only so many requests under way, and all are answered', async () => {
    const { attach, later, asked } = await listen({ maxRequests: 10 });
    const client = await attach();
    // Padded, so that not all come in one piece.
    const answers = Array.from({ length: 500 }, () => client.sendRequest('later', 'x'.repeat(20_000)));
    await vi.waitFor(() => expect(asked()).toBeGreaterThanOrEqual(10));
    await delay(50);
    expect(asked()).toBeLessThan(60);
    let all = false;
    const done = Promise.all(answers).then(() => {
      all = true;
    });
    while (!all) {
      for (const answer of later.splice(0)) answer();
      await delay(1);
    }
    await done;
    expect(asked()).toBe(500);
  });

  it('is disconnected for a message beyond the limit, and a stranger for a much smaller one', async () => {
    const { attachRaw, log, socketFile } = await listen({ maxMessageBytes: 1_000_000 });
    const hostile = await attachRaw(5);
    hostile.resume();
    hostile.write('Content-Length: 1000001\r\n\r\n');
    await once(hostile, 'close');
    expect(log).toEqual([expect.stringMatching(/process 5.*1000001 bytes is larger/)]);
    const stranger = connect(socketFile);
    onTestFinished(() => void stranger.destroy());
    stranger.on('error', () => undefined);
    stranger.write('Content-Length: 70000\r\n\r\n');
    await once(stranger, 'close');
    expect(log[1]).toMatch(/^Somebody without a token was disconnected: a message of 70000 bytes is larger/);
  });
});
