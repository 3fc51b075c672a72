import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import {
  type ControlGroup,
  parseControlGroups,
  parseGroupBytes,
  parseInactiveFileBytes,
  parseMeminfo,
  parseResidentPages,
  parseStallShares,
} from './memoryText.ts';
import { type Headroom, type Judgement, judgePressure } from './pressure.ts';

/** The text of a file, or undefined where it cannot be read. */
export type ReadText = (path: string) => string | undefined;

const GROUP_FILES = {
  1: { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' },
  2: { root: '/sys/fs/cgroup', limit: 'memory.max', usage: 'memory.current' },
} as const;

/**
 * What the machine says about memory: on Linux the kernel's own files, elsewhere Node's figures. Everything is read anew, so that
 * limits that change while the process lives are seen. A file that is missing or unreadable is one source less, never an error.
 */
export class MachineMemory {
  readonly #read: ReadText;

  constructor(read: ReadText = readTextOrNothing) {
    this.#read = read;
  }

  /** The memory that this process can have at most: the tightest control group's limit, or the machine's memory. */
  limitBytes(): number {
    const physical = this.#machine().totalBytes;
    return Math.min(physical, this.#tightestGroup()?.limitBytes ?? physical);
  }

  /** All sources. Takes about 80 µs. */
  pressure(): Judgement {
    return judgePressure({ stalls: this.#stalls(), machine: this.#machine(), group: this.#group() });
  }

  /** One source, the earliest to tell, for every second of a running query. Takes about 10 µs. */
  quickPressure(): Judgement {
    const stalls = this.#stalls();
    return judgePressure({ stalls, machine: stalls ? undefined : this.#machine(), group: undefined });
  }

  #stalls() {
    return parse(this.#read('/proc/pressure/memory'), parseStallShares);
  }

  #machine(): Headroom {
    return parse(this.#read('/proc/meminfo'), parseMeminfo) ?? { totalBytes: totalmem(), availableBytes: freemem() };
  }

  #group(): Headroom | undefined {
    const group = this.#tightestGroup();
    if (!group) return undefined;
    const usage = parse(this.#read(`${group.folder}/${group.usageFile}`), parseGroupBytes);
    if (usage === undefined) return undefined;
    const inactive = parse(this.#read(`${group.folder}/memory.stat`), parseInactiveFileBytes) ?? 0;
    return { totalBytes: group.limitBytes, availableBytes: Math.max(0, group.limitBytes - usage + inactive) };
  }

  /** A group is also bound by the groups around it. */
  #tightestGroup() {
    let tightest: { readonly folder: string; readonly usageFile: string; readonly limitBytes: number } | undefined;
    for (const group of parse(this.#read('/proc/self/cgroup'), parseControlGroups) ?? []) {
      const files = GROUP_FILES[group.version];
      for (const folder of foldersOf(files.root, group)) {
        const limitBytes = parse(this.#read(`${folder}/${files.limit}`), parseGroupBytes);
        if (limitBytes === undefined || limitBytes >= (tightest?.limitBytes ?? Number.POSITIVE_INFINITY)) continue;
        tightest = { folder, usageFile: files.usage, limitBytes };
      }
    }
    return tightest;
  }
}

/**
 * Resident bytes of this process, cheap enough for twenty times a second: one read of a file that stays open (2 µs), where
 * `process.memoryUsage.rss()` takes four times as long. Falls back to that where there is no such file.
 */
export class ResidentBytes {
  readonly #buffer = Buffer.alloc(128);
  #file: number | undefined;
  readonly #pageBytes: number;

  constructor(path = '/proc/self/statm') {
    this.#file = openOrNothing(path);
    const pages = this.#pages();
    // Node does not tell the size of a page; both figures are of the same moment, give or take some pages.
    this.#pageBytes = pages ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages)) : 0;
  }

  read(): number {
    const pages = this.#pages();
    return pages === undefined ? process.memoryUsage.rss() : pages * this.#pageBytes;
  }

  /** A late reader still gets an answer, and never reads a file that was given the same number since. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #pages(): number | undefined {
    if (this.#file === undefined) return undefined;
    return parseResidentPages(this.#buffer.toString('latin1', 0, readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0)));
  }
}

/** The group's folder and those around it. In a container the path may not exist below the root that is mounted. */
function foldersOf(root: string, group: ControlGroup): string[] {
  const parts = group.path.split('/').filter(Boolean);
  return Array.from({ length: parts.length + 1 }, (_, count) => [root, ...parts.slice(0, parts.length - count)].join('/'));
}

function parse<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

function readTextOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}
