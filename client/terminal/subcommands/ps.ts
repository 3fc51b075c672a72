import { lstatSync, readdirSync } from 'node:fs';
import { type AttachedInfo, readAttached } from '../../../server/protocol/attached.ts';
import { removeDeadSockets } from '../../../server/protocol/deadSockets.ts';
import { listedLocations, runtimeFolder } from '../../../server/protocol/socketLocation.ts';
import { formatBytes } from '../../monitor/statsText.ts';
import { displayWidth, visible } from '../../text/displayText.ts';
import { attach, type ServerConnection } from '../serverConnection.ts';
import { othersText } from '../sharing.ts';
import { EXIT } from './exitCode.ts';
import type { Subcommand } from './subcommand.ts';

const ANSWER_TIMEOUT_MS = 2_000;

/** A server that was found; `problem` where it could not be asked. */
interface Found {
  readonly socketFile: string;
  readonly info?: AttachedInfo;
  readonly problem?: string;
}

/** Lists the servers of this user that run, and cleans up after those that were killed. */
export const ps: Subcommand = {
  name: 'ps',
  summary: 'list the running servers with their databases and who uses them',
  options: [{ name: 'json', about: 'one JSON object per server and line' }],
  notes:
    'Sockets, tokens and logs of servers that are surely gone are removed. A server that does not answer is listed and left alone.\nServers of other users are never seen.',
  async run(given, { output, errors }) {
    const folder = runtimeFolder();
    if (!isOwnFolder(folder)) {
      await writeFound([], given.has('json'), (lines) => output.writeLines(lines));
      return EXIT.ok;
    }
    const removed = await removeDeadSockets(folder);
    if (removed.length > 0) {
      await errors.writeLines([
        `Removed what ${removed.length === 1 ? 'was' : 'were'} left of killed programs: ${removed.map((name) => visible(name)).join(', ')}`,
      ]);
    }
    const found = await Promise.all(listedLocations(folder, readdirSync(folder)).map(ask));
    const shown = found.filter((server) => server !== undefined).sort((a, b) => (b.info?.upMs ?? 0) - (a.info?.upMs ?? 0));
    await writeFound(shown, given.has('json'), (lines) => output.writeLines(lines));
    return EXIT.ok;
  },
};

/** Another user's folder is not looked into: there is nothing in it for us, and nothing to be removed. */
function isOwnFolder(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (!status) return false;
  if (!status.isDirectory()) throw new Error(`${folder} is not a folder.`);
  const user = process.getuid?.();
  if (user !== undefined && status.uid !== user) throw new Error(`${folder} belongs to another user (${status.uid}).`);
  return true;
}

/** Undefined for a server that has ended meanwhile. */
async function ask(location: { readonly socketFile: string; readonly tokenFile: string }): Promise<Found | undefined> {
  const { socketFile } = location;
  let connection: ServerConnection | undefined;
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), ANSWER_TIMEOUT_MS).unref());
  const asking = (async () => {
    connection = await attach(location);
    return await connection?.request(readAttached, null);
  })();
  asking.catch(() => undefined);
  try {
    const info = await Promise.race([asking, late]);
    if (info === 'late') return { socketFile, problem: `does not answer within ${ANSWER_TIMEOUT_MS / 1000} s` };
    return info && { socketFile, info };
  } catch (error) {
    return { socketFile, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    connection?.close();
  }
}

async function writeFound(found: readonly Found[], json: boolean, write: (lines: readonly string[]) => Promise<void>): Promise<void> {
  if (json) return await write(found.map((server) => JSON.stringify(wireOf(server))));
  if (found.length === 0) return await write(['No server runs.']);
  const rows = [['PID', 'HOST', 'UP', 'MEMORY', 'DATABASE', 'USED BY'], ...found.map(rowOf)];
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, displayWidth(cell))), []);
  await write(
    rows.map((row) =>
      row
        .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell)))
        .join('  ')
        .trimEnd(),
    ),
  );
}

function wireOf({ socketFile, info, problem }: Found): object {
  if (!info) return { socketFile, problem };
  return { ...info, clients: usersOf(info), socketFile };
}

function rowOf({ socketFile, info, problem }: Found): string[] {
  if (!info) return ['?', '', '', '', visible(socketFile), visible(problem ?? '')];
  const hosts = { vscode: 'VS Code', editor: 'editor', terminal: 'terminal' } as const;
  const database = info.database === ':memory:' ? 'in memory' : visible(info.database);
  const notes = [info.open ? '' : 'not open', info.readOnly ? 'read-only' : ''].filter((note) => note !== '').join(', ');
  return [
    String(info.pid),
    hosts[info.host],
    durationText(info.upMs),
    formatBytes(info.rssBytes),
    notes === '' ? database : `${database} (${notes})`,
    othersText(usersOf(info), 0).replace('another terminal', '1 terminal').replace(' other terminals', ' terminals') || 'nobody',
  ];
}

/** Without `kodiak ps` itself. */
function usersOf({ clients }: AttachedInfo) {
  return clients.filter(({ kind, pid }) => !(kind === 'program' && pid === process.pid));
}

/** `3 s`, `12 min`, `5 h 20 min`, `2 d 4 h`. */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
