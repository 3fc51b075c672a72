import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-languageserver/node';
import { type AttachedInfo, readAttached } from '../../../server/protocol/attached.ts';
import { authenticate } from '../../../server/protocol/requests.ts';
import { listedLocations } from '../../../server/protocol/socketLocation.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { startKodiak } from '../../support/tmuxTerminal.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');
const BUILT = existsSync(PROGRAM) && existsSync('dist/server/main.js');

function useFolder() {
  const folder = temporaryFolder();
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const env = { ...process.env, KODIAK_RUNTIME_DIR: runtime, NO_COLOR: '1' };
  const start = (...args: string[]) => {
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, '--format', 'csv', ...args], { cwd: folder, env, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const shown = { output: '', errors: '' };
    child.stdout?.on('data', (data) => {
      shown.output += String(data).replaceAll('\r', '');
    });
    child.stderr?.on('data', (data) => {
      shown.errors += String(data);
    });
    return {
      child,
      shown,
      /** Writes lines and waits for a mark behind their answers. */
      say: async (text: string) => {
        const mark = `mark ${Math.random()}`;
        child.stdin?.write(`${text}\nselect '${mark}' as m;\n`);
        await vi.waitFor(() => expect(shown.output + shown.errors).toContain(mark), { timeout: 15_000, interval: 20 });
      },
      end: async (text = '') => {
        child.stdin?.end(text);
        const [code] = await once(child, 'close');
        return { code, ...shown };
      },
    };
  };
  return { folder, runtime, env, start };
}

/** Who is at the only server of a folder. */
async function attachedIn(runtime: string, names: readonly string[]): Promise<AttachedInfo> {
  const [location] = listedLocations(runtime, names);
  if (!location) throw new Error('No server is there.');
  const socket = connect(location.socketFile);
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  connection.listen();
  await connection.sendRequest(authenticate.method, { token: readFileSync(location.tokenFile, 'utf8') });
  const info = await connection.sendRequest<AttachedInfo>(readAttached.method, null);
  socket.destroy();
  return info;
}

async function killServer(runtime: string): Promise<void> {
  const { pid } = await attachedIn(runtime, readdirSync(runtime));
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 5_000, interval: 20 });
}

describe.runIf(BUILT)('a terminal whose server was killed', () => {
  it('gives the next one what it had, without a statement lost', async () => {
    const { runtime, start } = useFolder();
    const terminal = start('x.duckdb');
    await terminal.say(
      "create schema s; use s; set variable v = 7; create table t as select 1 as a; create temp view w as select 'seen' as b;",
    );
    await killServer(runtime);
    await terminal.say("select getvariable('v') as v, current_schema() as s, a, b from t, w;");
    const { code, output, errors } = await terminal.end();
    expect(output).toContain('v,s,a,b\n7,s,1,seen\n');
    expect(errors).toMatch(/another one has taken over\. Restored: USE s, variable v, temporary view w\./);
    expect(code).toBe(0);
  });

  it('says what is lost, and runs nothing that might rely on it', async () => {
    const { runtime, start } = useFolder();
    const terminal = start('x.duckdb');
    terminal.child.stdin?.write('.bail off\n');
    await terminal.say('create table t(a int); create temp table mine as select 1; set threads = 2; begin; insert into t values (1);');
    await killServer(runtime);
    await terminal.say('insert into t values (2);\nselect count(*) as n from t;');
    const { output, errors } = await terminal.end();
    expect(errors).toMatch(
      /The server had ended\. Lost: the open transaction, temporary table mine\. Restored: SET threads\. Nothing was run now/,
    );
    expect(output).toContain('n\n0\n');
  });

  it('goes on with a server of its own when that of a window is gone', async () => {
    const { runtime, start } = useFolder();
    const owner = start('x.duckdb');
    await owner.say('create table t as select 42 as kept;');
    const [window] = listedLocations(runtime, readdirSync(runtime));
    const terminal = start('--attach', window?.socketFile ?? '', '--token-file', window?.tokenFile ?? '');
    await terminal.say('set variable v = 7;');
    await killServer(runtime);
    await terminal.say("select kept, getvariable('v') as v from t;");
    const { output, errors } = await terminal.end();
    expect([output.includes('kept,v\n42,7\n'), errors]).toEqual([true, expect.stringContaining('Restored: variable v.')]);
    // The other one finds that server.
    await owner.say('select 1 as again;');
    expect((await owner.end()).code).toBe(0);
  });

  it('loses what was in memory, and says so', async () => {
    const { runtime, start } = useFolder();
    const terminal = start();
    terminal.child.stdin?.write('.bail off\n');
    await terminal.say('create table t as select 1;');
    await killServer(runtime);
    await terminal.say('select 1 as first;\nselect 2 as second;');
    const { output, errors } = await terminal.end();
    expect(errors).toMatch(/Lost: everything that was in memory\./);
    expect([output.includes('first'), output.includes('second')]).toEqual([false, true]);
  });
});

describe.runIf(BUILT)('an open transaction', () => {
  it('is rolled back at the end of a pipe, which is then no success', async () => {
    const { start } = useFolder();
    const { code, errors } = await start('x.duckdb').end('create table t(a int); begin; insert into t values (1);');
    expect([code, errors]).toEqual([1, 'The transaction that was open at the end is rolled back; COMMIT would have kept what it did.\n']);
    expect(await start('x.duckdb').end('begin; insert into t values (2); commit; select a from t;')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/a\n2\n$/),
      errors: '',
    });
  });

  it('is warned about before the prompt is left', async () => {
    const { folder } = useFolder();
    const terminal = await startKodiak(['x.duckdb'], { cwd: folder });
    await terminal.run('begin;');
    await terminal.press('C-d');
    await terminal.until('A transaction is open; leave and roll it back? y/N');
    await terminal.press('Enter');
    await terminal.until(/y\/N N\nkodiak>$/);
    await terminal.enter('.exit');
    await terminal.until(/y\/N$/);
    await terminal.press('y');
    expect(await terminal.exitCode()).toBe(0);
  });

  it('does not ask once it has ended', async () => {
    const { folder } = useFolder();
    const terminal = await startKodiak(['x.duckdb'], { cwd: folder });
    await terminal.run('begin; select 1;');
    await terminal.run('rollback;');
    await terminal.press('C-d');
    expect(await terminal.exitCode()).toBe(0);
  });
});
