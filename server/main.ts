import './threadPool.ts';
import { Console } from 'node:console';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { after } from '../engine/base/timers.ts';
import type { Log } from './log.ts';
import { enterRuntimeFolder } from './runtimeFolder.ts';
import { startSocketServer } from './socketServer.ts';

/** The server's process: `--node-ipc` (forked by VS Code), `--stdio` (any editor), or `--socket-only --database <path> [--readonly]`. */

const CLOSE_LIMIT_MS = 3_000;

interface Running {
  close(): Promise<void>;
}

let running: Running | undefined;
let log: Log = (line) => console.error(line);
let isLeaving = false;

/** Closes in order, but never waits longer than the limit for a query that cannot be interrupted. */
function leave(exitCode: number): void {
  if (isLeaving) return;
  isLeaving = true;
  const exit = () => process.exit(exitCode);
  after(CLOSE_LIMIT_MS, exit);
  (running?.close() ?? Promise.resolve()).then(exit, exit);
}

/** What only editors need is loaded for them alone. */
async function serveEditor(reader: MessageReader, writer: MessageWriter, startFolder: string): Promise<void> {
  const { startLanguageServer } = await import('./languageServer.ts');
  const languageServer = startLanguageServer({ reader, writer, startFolder, version: readVersion() });
  running = languageServer;
  log = languageServer.log;
  reader.onClose(() => leave(0));
}

function failStart(thrown: unknown): void {
  log(`The server cannot start: ${stackOf(thrown)}`);
  leave(1);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

function main(): void {
  // Standard output carries the protocol.
  globalThis.console = new Console(process.stderr);
  const { values } = parseArgs({
    options: {
      'node-ipc': { type: 'boolean' },
      stdio: { type: 'boolean' },
      'socket-only': { type: 'boolean' },
      database: { type: 'string' },
      readonly: { type: 'boolean' },
      'ready-fd': { type: 'string' },
    },
    // Editors add arguments of their own, such as --clientProcessId.
    strict: false,
  });
  const startFolder = enterRuntimeFolder();
  process.on('unhandledRejection', (thrown) => log(`A promise was left alone: ${stackOf(thrown)}`));
  process.on('uncaughtException', (thrown) => log(`An error was left alone: ${stackOf(thrown)}`));
  process.on('disconnect', () => leave(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(0));
  if (values['node-ipc']) {
    serveEditor(new IPCMessageReader(process), new IPCMessageWriter(process), startFolder).catch(failStart);
  } else if (values['stdio']) {
    serveEditor(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout), startFolder).catch(failStart);
  } else if (values['socket-only'] && typeof values['database'] === 'string') {
    const readOnly = values['readonly'] === true;
    const onListening = () => tellReady(Number(values['ready-fd']));
    running = startSocketServer({ database: values['database'], readOnly, startFolder, version: readVersion(), log, leave, onListening });
  } else {
    console.error('Usage: main.js --node-ipc | --stdio | --socket-only --database <path> [--readonly]');
    process.exit(2);
  }
}

/** Whoever started this process waits for a byte, if it named a place for it. */
function tellReady(descriptor: number): void {
  if (!(descriptor > 2)) return;
  try {
    writeSync(descriptor, '.');
    closeSync(descriptor);
  } catch {
    // It does not wait any more.
  }
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack ? thrown.stack : String(thrown);
}

main();
