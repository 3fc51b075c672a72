import type { MemoryPressure } from '../types.ts';
import type { StallShares } from './memoryText.ts';

/** Free memory of the machine or of the control group around the process. */
export interface Headroom {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** What is known of the machine; what a platform does not tell is undefined. */
export interface PressureReading {
  readonly stalls: StallShares | undefined;
  readonly machine: Headroom | undefined;
  readonly group: Headroom | undefined;
}

export interface Judgement extends MemoryPressure {
  /** How much would have to be freed for the pressure to go; 0 without pressure. */
  readonly missingBytes: number;
}

/** Percent of ten seconds spent waiting for memory. */
const SOME_STALLED = 5;
const HIGH_STALLED = 20;
const HIGH_ALL_STALLED = 5;

/** Shares of memory that are still available. */
const SOME_AVAILABLE = 0.1;
const HIGH_AVAILABLE = 0.05;

/** Waiting says nothing about amounts. */
const STALLED_MISSING_BYTES = 128 * 1024 * 1024;

const RANK: Readonly<Record<MemoryPressure['level'], number>> = { none: 0, some: 1, high: 2 };

/** The strongest pressure that any source tells of; without any, the sources that were asked. */
export function judgePressure(reading: PressureReading): Judgement {
  const judgements: Judgement[] = [];
  if (reading.stalls) judgements.push(judgeStalls(reading.stalls));
  if (reading.group) judgements.push(judgeHeadroom('control group', reading.group));
  if (reading.machine) judgements.push(judgeHeadroom('available memory', reading.machine));
  const worst = judgements.reduce<Judgement | undefined>(
    (found, judged) => (!found || RANK[judged.level] > RANK[found.level] ? judged : found),
    undefined,
  );
  if (worst && worst.level !== 'none') return worst;
  const source = judgements.map((judged) => judged.source).join(', ') || 'unknown';
  return { level: 'none', source, missingBytes: 0 };
}

function judgeStalls({ some, full }: StallShares): Judgement {
  const level = some >= HIGH_STALLED || full >= HIGH_ALL_STALLED ? 'high' : some >= SOME_STALLED ? 'some' : 'none';
  return { level, source: 'stalled tasks', missingBytes: level === 'none' ? 0 : STALLED_MISSING_BYTES };
}

function judgeHeadroom(source: string, { totalBytes, availableBytes }: Headroom): Judgement {
  const share = availableBytes / totalBytes;
  const level = share < HIGH_AVAILABLE ? 'high' : share < SOME_AVAILABLE ? 'some' : 'none';
  return { level, source, missingBytes: level === 'none' ? 0 : Math.ceil(SOME_AVAILABLE * totalBytes - availableBytes) };
}
