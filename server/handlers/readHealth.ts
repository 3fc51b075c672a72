import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { HealthCheck } from '../protocol/requests.ts';
import { runtimeFolder } from '../protocol/socketLocation.ts';
import type { ServerSession } from '../session.ts';
import { toWireFailure } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Looks at everything that must work for a query to work; opens the database. Each check says what it found. */
export const readHealth: Handler<null, { checks: readonly HealthCheck[] }> = async (server) => ({
  checks: [
    await check('Database', () => databaseDetail(server)),
    await check('Memory', () => memoryDetail(server)),
    await check('Connections', () => connectionsDetail(server)),
    await check('Worker threads', () => threadsDetail(server)),
    await check('Temporary folder', temporaryFolderDetail),
    await check('Terminals', () => socketDetail(server)),
  ],
});

async function check(name: string, look: () => string | Promise<string>): Promise<HealthCheck> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (thrown) {
    return { name, ok: false, detail: toWireFailure(thrown).message };
  }
}

async function databaseDetail(server: ServerSession): Promise<string> {
  const engine = await server.open();
  return `DuckDB ${engine.duckdbVersion}, ${engine.database}`;
}

async function memoryDetail(server: ServerSession): Promise<string> {
  await server.engine?.sampleMemory();
  const { usedBytes, limitBytes } = server.readStats().memory;
  return `${mebibytes(usedBytes)} of ${mebibytes(limitBytes)} in use`;
}

function connectionsDetail(server: ServerSession): string {
  const { active, max, waiting } = server.readStats().pool;
  return `${active} of ${max} in use, ${waiting} waiting`;
}

function threadsDetail(server: ServerSession): string {
  const threads = process.env['UV_THREADPOOL_SIZE'] ?? '4';
  return `${threads} for ${server.readStats().parallel.maxRunning} statements at the same time`;
}

async function temporaryFolderDetail(): Promise<string> {
  await access(tmpdir(), constants.W_OK);
  const { bavail, bsize } = await statfs(tmpdir());
  return `${tmpdir()}, ${mebibytes(bavail * bsize)} free`;
}

async function socketDetail(server: ServerSession): Promise<string> {
  await server.listen();
  return `can attach through ${runtimeFolder()}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024).toLocaleString('en-US')} MiB`;
}
