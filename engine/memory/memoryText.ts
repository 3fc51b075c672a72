/** Shares of the last ten seconds, 0 to 100, in which tasks waited for memory (Linux, `Documentation/accounting/psi.rst`). */
export interface StallShares {
  /** At least one task waited. */
  readonly some: number;
  /** All tasks waited at once. */
  readonly full: number;
}

/** A control group that a process is in. Version 2 has one hierarchy, version 1 one of its own for memory. */
export interface ControlGroup {
  readonly version: 1 | 2;
  readonly path: string;
}

/** Version 1 says "no limit" with the largest page-aligned number; no machine comes near this. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Reads `/proc/pressure/memory` or a group's `memory.pressure`; undefined for anything else. */
export function parseStallShares(text: string): StallShares | undefined {
  const some = /^some avg10=(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  if (some === undefined) return undefined;
  // The kernel of a machine as a whole may leave out `full`.
  return { some: Number(some), full: Number(/^full avg10=(\d+(?:\.\d+)?)/m.exec(text)?.[1] ?? 0) };
}

/** Reads `/proc/meminfo`; undefined without both figures (`MemAvailable` is missing before Linux 3.14). */
export function parseMeminfo(text: string): { readonly totalBytes: number; readonly availableBytes: number } | undefined {
  const total = /^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1];
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  if (total === undefined || available === undefined || Number(total) === 0) return undefined;
  return { totalBytes: Number(total) * 1024, availableBytes: Number(available) * 1024 };
}

/** Reads a file with one number of bytes, as control groups have; undefined for `max`, for no limit and for garbage. */
export function parseGroupBytes(text: string): number | undefined {
  if (!/^\d+\s*$/.test(text)) return undefined;
  const bytes = Number(text);
  return bytes < NO_LIMIT_BYTES ? bytes : undefined;
}

/** Bytes of a group that are copies of files and not in use: the kernel takes them back before it lets anybody wait. */
export function parseInactiveFileBytes(text: string): number {
  const found = /^total_inactive_file (\d+)$/m.exec(text) ?? /^inactive_file (\d+)$/m.exec(text);
  return Number(found?.[1] ?? 0);
}

/** Reads `/proc/self/cgroup`: the groups that bound memory. */
export function parseControlGroups(text: string): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (const line of text.split('\n')) {
    const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (hierarchy === '0' && controllers === '') groups.push({ version: 2, path });
    else if (controllers?.split(',').includes('memory')) groups.push({ version: 1, path });
  }
  return groups;
}

/** Resident pages in the text of `/proc/self/statm`; undefined for garbage. */
export function parseResidentPages(text: string): number | undefined {
  const pages = /^\d+ (\d+) /.exec(text)?.[1];
  return pages === undefined ? undefined : Number(pages);
}
