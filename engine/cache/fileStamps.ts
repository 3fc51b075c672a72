import type { BigIntStats } from 'node:fs';

/** More files than this are not worth the look at each of them. */
export const MAX_STAMPED_FILES = 200;

/**
 * A file system may give two writes within this time the same modification time (FAT: 2 s), so that a file changed so shortly
 * before it was read cannot be proved unchanged later.
 */
const RACY_MS = 3000;

/** Device, inode, size, modification and change time: what moves when a file is written or replaced. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** Unix milliseconds of the last change of a file's content, or of its name, owner or links. */
export function changeTimeOf(stats: BigIntStats): number {
  return Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
}

/** The clock tick of a kernel, and then some. */
const TICK_MS = 100;

/**
 * Unix milliseconds after which a further change of the file shows in its times. A change time with a part of a millisecond says
 * that the file system keeps fine times; that one is never set by hand.
 */
export function settledTimeOf(stats: BigIntStats): number {
  return changeTimeOf(stats) + (stats.ctimeNs % 1_000_000n === 0n ? RACY_MS : TICK_MS);
}

/** True when what changed last did so long enough ago that a further change cannot look the same. */
export function isSettled(changedAtMs: number, now: number): boolean {
  return now - changedAtMs > RACY_MS;
}
