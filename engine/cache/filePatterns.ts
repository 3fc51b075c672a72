import { type BigIntStats, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, parse } from 'node:path';
import { changeTimeOf, MAX_STAMPED_FILES, settledTimeOf, stampOf } from './fileStamps.ts';

/** Where DuckDB looks for files. */
export interface SearchFolders {
  /** The process's working folder: first for a path, and for a glob only when there are no others. */
  readonly working: string;
  /** The parts of `file_search_path`: for a path that is not in the working folder, and for every relative glob. */
  readonly search: readonly string[];
  /** What `~` means; `undefined` when that is not known. */
  readonly home: string | undefined;
}

/** The files that patterns can mean, at one moment. */
export type FileState =
  | {
      readonly kind: 'known';
      /** Equal texts: every pattern means the same files, and none of them changed. */
      readonly stamp: string;
      /**
       * Taken before and after a query, equal texts say that nothing came and went in between: it also has the times of folders
       * and the links on the way, which move more often than the answer.
       */
      readonly guard: string;
      readonly fileCount: number;
      /** Unix milliseconds of the last change to any of it, for `isSettled`. */
      readonly changedAtMs: number;
      /** Unix milliseconds after which a further change of any of it shows, see `settledTimeOf`. */
      readonly settledAtMs: number;
      /** What `stamp` is made of: each path, or the names that a pattern looks for, with what it is now. */
      readonly stamps: ReadonlyMap<string, string>;
    }
  /** It cannot be told cheaply whether something changed. */
  | { readonly kind: 'uncheckable'; readonly reason: string; readonly path?: string };

/** Folders that a glob may lead through, and names in them. */
const MAX_FOLDERS = 200;
const MAX_NAMES = 10_000;

/** Their files have contents that change without a trace in their times. */
const PSEUDO_FOLDERS = ['/proc/', '/sys/', '/dev/'];

/**
 * Looks at everything that decides which files patterns mean and what is in them, in one turn of the event loop. It looks at
 * rather more than DuckDB reads: all places a path can be in, and all names that begin and end as a glob does.
 *
 * The rules are DuckDB's (measured with 1.5): a path is taken from the working folder if it is there, else from every search folder
 * that has it; a glob is expanded in every search folder, or in the working folder if there is none; `**` does not follow links;
 * a path that is a folder means all files in it, which is not followed here.
 */
export function readFileState(patterns: readonly string[], folders: SearchFolders): FileState {
  const survey = new Survey(folders);
  try {
    for (const pattern of patterns) survey.add(pattern);
    return survey.state();
  } catch (thrown) {
    if (thrown instanceof Uncheckable) return { kind: 'uncheckable', reason: thrown.message };
    throw thrown;
  }
}

class Uncheckable extends Error {}

class Survey {
  readonly #folders: SearchFolders;
  /** Path or folder with names → what it is now. */
  readonly #stamps = new Map<string, string>();
  readonly #guards = new Map<string, string>();
  readonly #realPaths = new Map<string, string>();
  #fileCount = 0;
  #folderCount = 0;
  #nameCount = 0;
  #changedAtMs = 0;
  #settledAtMs = 0;

  constructor(folders: SearchFolders) {
    this.#folders = folders;
  }

  add(written: string): void {
    const pattern = this.#expand(written);
    if (pattern.includes('\0')) throw new Uncheckable('a path with a zero byte');
    const { working, search } = this.#folders;
    const isGlob = /[*?[]/.test(pattern);
    if (isAbsolute(pattern)) {
      const { root } = parse(pattern);
      if (isGlob) this.#glob(root.replaceAll('\\', '/').replace(/\/$/, ''), partsOf(pattern.slice(root.length)));
      else this.#file(pattern, false);
      return;
    }
    const places = search.map((folder) => this.#expand(folder)).map((folder) => (isAbsolute(folder) ? folder : `${working}/${folder}`));
    if (isGlob) for (const folder of places.length > 0 ? places : [working]) this.#glob(folder, partsOf(pattern));
    else if (!this.#file(`${working}/${pattern}`, false)) for (const folder of places) this.#file(`${folder}/${pattern}`, false);
  }

  state(): FileState {
    const { size } = this.#stamps;
    if (size === 0) return { kind: 'known', stamp: '', guard: '', fileCount: 0, changedAtMs: 0, settledAtMs: 0, stamps: this.#stamps };
    return {
      kind: 'known',
      stamp: textOf(this.#stamps),
      guard: `${textOf(this.#stamps)}\n${textOf(this.#guards)}`,
      fileCount: this.#fileCount,
      changedAtMs: this.#changedAtMs,
      settledAtMs: this.#settledAtMs,
      stamps: this.#stamps,
    };
  }

  /** `~` becomes the home folder, and Windows' separators become slashes. */
  #expand(path: string): string {
    const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
    if (slashed.includes('\\')) throw new Uncheckable('a path with a backslash');
    if (slashed !== '~' && !slashed.startsWith('~/')) return slashed;
    if (this.#folders.home === undefined) throw new Uncheckable('the home folder is not known');
    return this.#folders.home + slashed.slice(1);
  }

  /** True when it is there. */
  #file(path: string, inGlob: boolean): boolean {
    const known = this.#stamps.get(path);
    if (known !== undefined) return !known.startsWith('absent');
    const link = look(path, lstatSync);
    const stats = link?.isSymbolicLink() ? look(path, statSync) : link;
    const linkStamp = link?.isSymbolicLink() ? ` by ${stampOf(link)}` : '';
    if (stats === undefined) {
      this.#stamps.set(path, `absent${linkStamp}`);
      this.#guardFolder(existingFolderOf(path));
    } else if (stats.isFile()) {
      this.#stamps.set(path, stampOf(stats) + linkStamp);
      this.#changedAt(stats);
      if (this.#isPseudo(linkStamp ? path : dirname(path))) throw new Uncheckable(`${path} has no lasting content`);
    } else if (stats.isDirectory()) {
      if (!inGlob) throw new Uncheckable(`${path} is a folder`);
      this.#stamps.set(path, 'folder');
    } else {
      throw new Uncheckable(`${path} is not a plain file`);
    }
    if (link) this.#changedAt(link.isDirectory() ? undefined : link);
    this.#guardLinks(path);
    this.#fileCount += stats === undefined ? 0 : 1;
    if (this.#stamps.size > MAX_STAMPED_FILES + MAX_FOLDERS || this.#fileCount > MAX_STAMPED_FILES) {
      throw new Uncheckable(`it reads more than ${MAX_STAMPED_FILES} files`);
    }
    return stats !== undefined;
  }

  #glob(folder: string, parts: readonly string[]): void {
    const [part, ...rest] = parts;
    if (part === undefined) return;
    const isLast = rest.length === 0;
    if (part === '**') {
      this.#globBelow(folder, rest);
    } else if (!/[*?[]/.test(part)) {
      if (isLast) this.#file(`${folder}/${part}`, true);
      else this.#glob(`${folder}/${part}`, rest);
    } else {
      for (const name of this.#list(folder, part).keys()) {
        const path = `${folder}/${name}`;
        if (isLast) this.#file(path, true);
        else if (look(path, statSync)?.isDirectory()) this.#glob(path, rest);
      }
    }
  }

  /** `folder/**` with what follows: in this folder and in all below it, but not through links. */
  #globBelow(folder: string, rest: readonly string[]): void {
    if (rest.length > 0) this.#glob(folder, rest);
    for (const [name, kind] of this.#list(folder, '*')) {
      const path = `${folder}/${name}`;
      if (kind === 'folder') this.#globBelow(path, rest);
      else if (rest.length === 0) this.#file(path, true);
    }
  }

  /** Names in a folder that a part of a glob may mean, with what they are. */
  #list(folder: string, part: string): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    if (++this.#folderCount > MAX_FOLDERS) throw new Uncheckable(`it looks into more than ${MAX_FOLDERS} folders`);
    const path = /^(?:[a-z]:)?$/i.test(folder) ? `${folder}/` : folder;
    const key = `names like ${part} in ${path}`;
    const stats = look(path, statSync);
    if (!stats?.isDirectory()) {
      this.#stamps.set(key, stats ? 'not a folder' : 'absent');
      this.#guardFolder(existingFolderOf(path));
      return names;
    }
    const mayMean = nameFilter(part);
    let entries: ReturnType<typeof readFolder>;
    try {
      entries = readFolder(path);
    } catch {
      throw new Uncheckable(`${path} cannot be listed`);
    }
    this.#nameCount += entries.length;
    if (this.#nameCount > MAX_NAMES) throw new Uncheckable(`it looks at more than ${MAX_NAMES} names`);
    for (const entry of entries) {
      if (!mayMean(entry.name)) continue;
      if (entry.name.includes('\ufffd')) throw new Uncheckable(`${path} has a name that is not text`);
      names.set(entry.name, entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file');
    }
    this.#stamps.set(key, JSON.stringify([`${stats.dev}:${stats.ino}`, ...[...names].sort()]));
    this.#guardFolder(path);
    return names;
  }

  #isPseudo(path: string): boolean {
    let real = this.#realPaths.get(path);
    if (real === undefined) {
      try {
        real = `${realpathSync(path)}/`;
      } catch {
        throw new Uncheckable(`${path} cannot be looked at`);
      }
      this.#realPaths.set(path, real);
    }
    return PSEUDO_FOLDERS.some((folder) => real.startsWith(folder));
  }

  /** A name that comes and goes while a query runs moves its folder's time. */
  #guardFolder(folder: string): void {
    const stats = look(folder, statSync);
    this.#guards.set(folder, stats ? stampOf(stats) : 'absent');
    this.#changedAt(stats);
    this.#guardLinks(folder);
  }

  /** A link among the folders that lead to a path can point elsewhere for a while. */
  #guardLinks(path: string): void {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      const key = `link ${folder}`;
      if (this.#guards.has(key)) return;
      const stats = look(folder, lstatSync);
      this.#guards.set(key, stats?.isSymbolicLink() ? stampOf(stats) : '');
    }
  }

  #changedAt(stats: BigIntStats | undefined): void {
    if (!stats) return;
    this.#changedAtMs = Math.max(this.#changedAtMs, changeTimeOf(stats));
    this.#settledAtMs = Math.max(this.#settledAtMs, settledTimeOf(stats));
  }
}

/** True for names that begin and end as the part does before its first and after its last wildcard. */
function nameFilter(part: string): (name: string) => boolean {
  const start = part.slice(0, part.search(/[*?[]/));
  const end = /[^*?[\]]*$/.exec(part)?.[0] ?? '';
  const [lowerStart, lowerEnd] = [start.toLowerCase(), end.toLowerCase()];
  return (name) => {
    if (name.startsWith(start) && name.endsWith(end)) return true;
    const lower = name.toLowerCase();
    return lower.startsWith(lowerStart) && lower.endsWith(lowerEnd);
  };
}

/** `undefined` for what is not there. */
function look(path: string, stat: typeof statSync): BigIntStats | undefined {
  try {
    return stat(path, { bigint: true });
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Uncheckable(`${path} cannot be looked at`);
  }
}

function existingFolderOf(path: string): string {
  let folder = dirname(path);
  while (folder !== dirname(folder) && look(folder, statSync) === undefined) folder = dirname(folder);
  return folder;
}

function readFolder(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter(Boolean);
}

function textOf(stamps: ReadonlyMap<string, string>): string {
  return JSON.stringify([...stamps]);
}
