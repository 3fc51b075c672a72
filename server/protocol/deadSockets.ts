import { once } from 'node:events';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const LOG = /^start-(\d+)-\d+\.log$/;

/** True when a process listens there. Doubts count as life: a socket is never taken from a living server. */
export async function isAlive(socketFile: string): Promise<boolean> {
  if (process.platform !== 'win32') {
    const status = lstatSync(socketFile, { throwIfNoEntry: false });
    // A file or link in its place is nothing that a server of ours has made.
    if (!status?.isSocket()) return false;
  }
  const socket = connect(socketFile);
  try {
    await once(socket, 'connect');
    return true;
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    return code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== 'ENOTSOCK';
  } finally {
    socket.destroy();
  }
}

/**
 * Removes what killed programs left in the folder: sockets that nobody listens at with their tokens, and logs of starts whose program is
 * gone. Gives the names of the files. Only the owner of a folder may call it; what belongs to others in it is left alone.
 */
export async function removeDeadSockets(folder: string): Promise<string[]> {
  const removed: string[] = [];
  const remove = (name: string) => {
    const status = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!status || (process.getuid !== undefined && status.uid !== process.getuid())) return;
    rmSync(join(folder, name), { force: true });
    removed.push(name);
  };
  for (const name of readdirSync(folder)) {
    const starter = LOG.exec(name)?.[1];
    if (starter !== undefined && !runs(Number(starter))) remove(name);
    // The names of Windows' pipes are not in the folder, and go with their process.
    if (process.platform === 'win32' || !name.endsWith('.sock') || (await isAlive(join(folder, name)))) continue;
    remove(`${name.slice(0, -'.sock'.length)}.token`);
    remove(name);
  }
  return removed;
}

/** A process of another user counts as well: it is there. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
