import { execFile, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AtEnd, temporaryFolder } from './temporaryFolder.ts';

const LIMIT_MS = 15_000;
const LOOK_AGAIN_MS = 25;
const PROGRAM = resolve('dist/client/terminal/main.js');

const EMPTY_PROMPT = /^kodiak(?: \([^)\n]*\))?>$(?![\s\S])/m;

/** tmux itself loses exit codes at times. The shell around the program has the same signals and must not end of Ctrl+C. */
const WATCHED = `trap : INT QUIT; sh -c 'echo $$ > "$0.pid"; exec "$@"' "$0" "$@"; echo $? > "$0.code"`;

export interface TerminalOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
  /** The terminal's name, `TERM`. */
  readonly name?: string;
  readonly atEnd?: AtEnd;
}

/** What a screen has to show: a text, a pattern, or a condition. */
export type Wanted = string | RegExp | ((screen: string) => boolean);

/** A program in a real pseudo-terminal, of which tmux draws the screen. It has a tmux of its own, so that terminals do not meet. */
export class TmuxTerminal {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** The screen's lines as they are seen now, without blanks at their ends and without empty lines at the end. */
  async screen(): Promise<string> {
    return (await this.#tmux(['capture-pane', '-p', '-t', '0'])).trimEnd();
  }

  /** As `screen`, with the escape sequences of colours. */
  coloredScreen(): Promise<string> {
    return this.#tmux(['capture-pane', '-p', '-e', '-t', '0']);
  }

  /** Everything the screen has shown, from the first line on; what the terminal wrapped is one line. */
  scrollback(): Promise<string> {
    return this.#tmux(['capture-pane', '-p', '-J', '-S', '-', '-t', '0']);
  }

  /** Where the cursor stands, from 0. */
  async cursor(): Promise<{ readonly column: number; readonly row: number }> {
    const [column, row] = (await this.#tmux(['display-message', '-p', '-t', '0', '#{cursor_x} #{cursor_y}'])).split(' ').map(Number);
    return { column: column ?? -1, row: row ?? -1 };
  }

  /** Presses keys by tmux's names: `Enter`, `Tab`, `BTab`, `Escape`, `Up`, `C-c`, `M-b`, `C-Left`, `PPage` … */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(['send-keys', '-t', '0', ...keys.map(escaped)]);
  }

  /** Types a text as a person does; a line feed in it stays one (Ctrl+J), so use `press('Enter')`. */
  async type(text: string): Promise<void> {
    await this.#tmux(['load-buffer', '-b', 'typed', '-'], text);
    await this.#tmux(['paste-buffer', '-d', '-r', '-b', 'typed', '-t', '0']);
  }

  /** Pastes a text as terminals do: line feeds become returns, in brackets if the program asked for them. */
  async paste(text: string): Promise<void> {
    await this.#tmux(['load-buffer', '-b', 'pasted', '-'], text);
    await this.#tmux(['paste-buffer', '-d', '-p', '-b', 'pasted', '-t', '0']);
  }

  /** Types a line and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Enters a line at the prompt of `kodiak` and waits for the next prompt; gives everything that was shown from the line on. */
  async run(line: string, limitMs = LIMIT_MS): Promise<string> {
    await this.untilPrompt(limitMs);
    await this.type(line);
    await this.until((screen) => !EMPTY_PROMPT.test(screen), limitMs);
    await this.press('Enter');
    await this.untilPrompt(limitMs);
    const shown = (await this.scrollback()).trimEnd();
    return shown.slice(Math.max(0, shown.lastIndexOf(`> ${line.slice(0, 20)}`) + 2));
  }

  /** Waits until an empty prompt of `kodiak` is the last line, and gives the screen. */
  untilPrompt(limitMs = LIMIT_MS): Promise<string> {
    return this.#watch(() => this.screen(), EMPTY_PROMPT, limitMs, 'an empty prompt');
  }

  /** Waits until the program can know of the size: tmux draws the screen anew at once, but tells the program up to 250 ms later. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(['resize-window', '-t', '0', '-x', String(columns), '-y', String(rows)]);
    const device = (await this.#tmux(['display-message', '-p', '-t', '0', '#{pane_tty}'])).trim();
    const told = openSync(device, constants.O_RDWR | constants.O_NOCTTY);
    try {
      const size = async () => spawnSync('stty', ['size'], { stdio: [told, 'pipe', 'inherit'], encoding: 'utf8' }).stdout.trim();
      await this.#watch(size, (shown) => shown === `${rows} ${columns}`, LIMIT_MS, 'its new size to the program');
    } finally {
      closeSync(told);
    }
  }

  /** Looks at the screen until it shows what is wanted, and gives it; else fails with what it showed last. */
  async until(wanted: Wanted, limitMs = LIMIT_MS): Promise<string> {
    return this.#watch(() => this.screen(), wanted, limitMs);
  }

  /** As `until`, with everything that the screen has shown. */
  async untilEver(wanted: Wanted, limitMs = LIMIT_MS): Promise<string> {
    return this.#watch(() => this.scrollback(), wanted, limitMs);
  }

  /** As `until`, with the escape sequences of colours. */
  async untilColored(wanted: Wanted, limitMs = LIMIT_MS): Promise<string> {
    return this.#watch(() => this.coloredScreen(), wanted, limitMs);
  }

  /** The exit code, once the program has ended; 128 + the signal's number if a signal ended it. */
  async exitCode(limitMs = LIMIT_MS): Promise<number> {
    await this.#watch(
      () => this.screen(),
      () => this.#left('code') !== undefined,
      limitMs,
      'the end of the program',
    );
    return Number(this.#left('code'));
  }

  /** The process id of the program. */
  get pid(): number {
    return Number(this.#left('pid'));
  }

  #left(name: 'code' | 'pid'): string | undefined {
    const file = `${this.#socket}.${name}`;
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    return text === '' ? undefined : text;
  }

  async #watch(look: () => Promise<string>, wanted: Wanted, limitMs: number, name = String(wanted)): Promise<string> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const screen = await look();
      if (shows(screen, wanted)) return screen;
      if (Date.now() > deadline) throw new Error(`The terminal did not show ${name} within ${limitMs} ms, but:\n${screen.trimEnd()}`);
      await new Promise((again) => setTimeout(again, LOOK_AGAIN_MS));
    }
  }

  #tmux(args: readonly string[], input?: string): Promise<string> {
    return tmux(this.#socket, args, process.env, input);
  }
}

/** Starts a program with its arguments in a terminal of 100 × 30; it ends with the test, or with what `atEnd` says. */
export async function startTerminal(command: readonly [string, string, ...string[]], options: TerminalOptions = {}): Promise<TmuxTerminal> {
  expectTmux();
  const atEnd = options.atEnd ?? onTestFinished;
  const folder = temporaryFolder(atEnd);
  const socket = join(folder, 'tmux');
  const settings = join(folder, 'tmux.conf');
  writeFileSync(
    settings,
    [
      `set -g default-terminal ${options.name ?? 'tmux-256color'}`,
      // The screen and the exit code can be read after the end.
      'set -g remain-on-exit on',
      'set -g remain-on-exit-format ""',
      'set -g status off',
      'set -g history-limit 50000',
      'set -s escape-time 0',
      'set -s extended-keys on',
      '',
    ].join('\n'),
  );
  const size = ['-x', String(options.columns ?? 100), '-y', String(options.rows ?? 30)];
  const cwd = options.cwd ?? process.cwd();
  const env: NodeJS.ProcessEnv = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...options.env };
  for (const name of ['TMUX', 'TMUX_PANE', ...(options.env && 'NO_COLOR' in options.env ? [] : ['NO_COLOR', 'FORCE_COLOR'])])
    delete env[name];
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  await tmux(
    socket,
    ['-f', settings, '-u', 'new-session', '-d', ...size, '-c', cwd, ...['sh', '-c', WATCHED, socket, ...command].map(escaped)],
    env,
  );
  atEnd(() => void spawnSync('tmux', ['-S', socket, 'kill-server']));
  return new TmuxTerminal(socket);
}

/** Starts the built `kodiak` in a terminal, with servers and a history of its own unless the environment names others. */
export function startKodiak(args: readonly string[], options: TerminalOptions = {}): Promise<TmuxTerminal> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run "npm run build" first.`);
  const folder = temporaryFolder(options.atEnd);
  const own = { KODIAK_RUNTIME_DIR: folder, KODIAK_STATE_DIR: join(folder, 'state'), KODIAK_HISTORY: join(folder, 'history') };
  const env = { ...own, ...options.env };
  return startTerminal([process.execPath, PROGRAM, ...args], { cwd: folder, ...options, env });
}

function expectTmux(): void {
  if (spawnSync('tmux', ['-V']).status !== 0) {
    throw new Error('These tests need tmux, which is a terminal for them. Install it: "apt-get install tmux" or "brew install tmux".');
  }
}

function tmux(socket: string, args: readonly string[], env: NodeJS.ProcessEnv, input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('tmux', ['-S', socket, ...args], { env, maxBuffer: 1 << 28 }, (error, output) => {
      if (error) reject(error);
      else resolve(output);
    });
    child.stdin?.on('error', () => undefined).end(input ?? '');
  });
}

/** A semicolon at the end of a word would end tmux's command. */
function escaped(word: string): string {
  return word.replace(/;$/, '\\;');
}

function shows(screen: string, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return screen.includes(wanted);
  return wanted instanceof RegExp ? wanted.test(screen) : wanted(screen);
}
