import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Output } from '../../../../client/terminal/output.ts';
import { runSubcommand } from '../../../../client/terminal/subcommands/runSubcommand.ts';
import { stats } from '../../../../client/terminal/subcommands/stats.ts';
import { socketLocation } from '../../../../server/protocol/socketLocation.ts';
import { startSocketServer } from '../../../../server/socketServer.ts';
import { parseOpenMetrics } from '../../../support/parseOpenMetrics.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { untilListening } from '../../../support/terminalClient.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');

async function kodiak(folder: string, args: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  const env = { ...process.env, KODIAK_RUNTIME_DIR: folder, NO_COLOR: '1' };
  const child = spawn(process.execPath, [PROGRAM, 'stats', ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code: code as number, output, errors };
}

describe.runIf(existsSync(PROGRAM))('kodiak stats', () => {
  test('writes the figures of the server that has the database open, and starts none', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    process.env['KODIAK_RUNTIME_DIR'] = folder;
    const missing = await kodiak(folder, ['--db', 'x.duckdb']);
    expect([missing.code, missing.output, missing.errors]).toEqual([
      4,
      '',
      expect.stringContaining(`No Kodiak has ${join(folder, 'x.duckdb')} open.`),
    ]);
    expect(existsSync(join(folder, 'x.duckdb'))).toBe(false);
    const options = { database: 'x.duckdb', readOnly: false, startFolder: folder, version: '1', log: () => {}, leave: () => {} };
    const server = startSocketServer(options);
    onTestFinished(() => server.close());
    const location = socketLocation(join(folder, 'x.duckdb'));
    await untilListening(location);
    const [metrics, json, plain] = await Promise.all([
      kodiak(folder, ['--db', 'x.duckdb', '--format', 'openmetrics']),
      kodiak(folder, ['--attach', location.socketFile, '--token-file', location.tokenFile, '--format=json']),
      kodiak(folder, ['--db', 'x.duckdb']),
    ]);
    expect([metrics.code, json.code, plain.code]).toEqual([0, 0, 0]);
    const [database] = parseOpenMetrics(metrics.output);
    expect(database?.samples[0]?.labels).toEqual({ path: join(folder, 'x.duckdb') });
    expect(JSON.parse(json.output)).toMatchObject({ database: join(folder, 'x.duckdb'), pool: { max: 10 } });
    expect(plain.output).toContain('Parallel execution\n');
  });

  test.each([
    [[], 'either --db or --attach'],
    [['--db', 'x', '--attach', 'y', '--token-file', 'z'], 'either --db or --attach'],
    [['--attach', 'y'], 'belong together'],
    [['--db', ':memory:'], '--attach SOCKET'],
    [['--db', 'x', '--format', 'xml'], 'there are text, json, openmetrics'],
  ])('refuses %j', async (args, message) => {
    const errors = new PassThrough();
    const context = { output: new Output(new PassThrough(), {}), errors: new Output(errors, {}), environment: {} };
    expect(await runSubcommand(stats, args, context)).toBe(3);
    expect(String(errors.read())).toContain(message);
  });
});
