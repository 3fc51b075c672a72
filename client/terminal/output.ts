import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createStyle, type Style } from '../text/style.ts';

/** A reader has read enough. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** Where text goes, with back-pressure. A reader that went away (`kodiak … | head`) ends it quietly. */
export class Output {
  readonly isTerminal: boolean;
  readonly style: Style;
  readonly #stream: Writable & { readonly columns?: number; readonly rows?: number };
  readonly #gone = new AbortController();
  #failure: Error | undefined;
  /** Of a standard output that goes to a file. */
  readonly #file: number | undefined;

  constructor(
    stream: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
    environment: NodeJS.ProcessEnv,
  ) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.style = createStyle(this.isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb');
    const standard = [process.stdout, process.stderr].find((each) => (each as Writable) === stream);
    this.#file = standard && fileOf(standard.fd);
    stream.on('error', (error) => this.#failed(error));
    // A program that ends takes its input with it without an error.
    stream.on('close', () => this.#gone.abort());
  }

  /** Text for a program that shows it on the terminal of another output. */
  static behind(stream: Writable, terminal: Output, colored: boolean): Output {
    const size = { isTTY: terminal.isTerminal, columns: terminal.width, rows: terminal.height };
    return new Output(Object.assign(stream, size) as Writable, colored && terminal.style.colored ? {} : { NO_COLOR: '1' });
  }

  /** Nothing more will be written. */
  end(): void {
    this.#stream.end();
  }

  /** Aborted once nobody reads any more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why not all that was written has arrived, unless that is a reader's own wish: the disk is full, say. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Columns of the terminal; undefined where it is none. */
  get width(): number | undefined {
    return this.isTerminal ? Math.max(20, this.#stream.columns ?? 80) : undefined;
  }

  /** Lines of the terminal; undefined where it is none. */
  get height(): number | undefined {
    return this.isTerminal ? Math.max(5, this.#stream.rows ?? 24) : undefined;
  }

  /** Resolves when more text is welcome. Text for a reader that is gone is dropped. */
  async write(text: string): Promise<void> {
    if (this.#gone.signal.aborted || text === '') return;
    if (this.#file !== undefined) {
      this.#writeAll(this.#file, Buffer.from(text));
      return;
    }
    await new Promise<void>((resolve) => {
      if (this.#stream.write(text)) return resolve();
      const settle = () => {
        this.#stream.off('drain', settle);
        this.#gone.signal.removeEventListener('abort', settle);
        resolve();
      };
      this.#stream.once('drain', settle);
      this.#gone.signal.addEventListener('abort', settle);
    });
  }

  /** Node's own stream takes a write of which the disk had room for a part only for a whole one. */
  #writeAll(file: number, bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (thrown) {
      this.#failed(thrown as NodeJS.ErrnoException);
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    // A terminal that was closed gives an input/output error.
    const isReaderGone = READER_GONE.has(error.code ?? '') || (this.isTerminal && error.code === 'EIO');
    if (!isReaderGone) this.#failure ??= error;
    this.#gone.abort();
  }

  async writeLines(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.write(`${lines.join('\n')}\n`);
  }

  /** Resolves when everything written has left the program. */
  async flush(): Promise<void> {
    if (this.#gone.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#gone.signal.addEventListener('abort', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }
}

function fileOf(descriptor: number): number | undefined {
  try {
    return fstatSync(descriptor).isFile() ? descriptor : undefined;
  } catch {
    return undefined;
  }
}
