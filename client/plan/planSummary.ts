import type { WirePlan } from '../../server/protocol/plan.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRows } from '../monitor/statsText.ts';
import { misestimateText, operatorName, operatorSubject } from './operatorText.ts';
import type { PlanFacts, PlanNode } from './planFacts.ts';
import { roughRows } from './roughCount.ts';

/** A figure of the whole statement with its name. */
export interface PlanFigure {
  readonly label: string;
  readonly value: string;
  /** Somebody should look at it. */
  readonly warns?: boolean;
}

const WRITING = /INSERT|UPDATE|DELETE|MERGE_INTO|CREATE|COPY_TO/;

/** The figures above a plan. */
export function planFigures(plan: WirePlan, facts: PlanFacts): PlanFigure[] {
  const { totals } = plan;
  const [top] = facts.roots.map((root) => facts.nodes[root]);
  if (totals === undefined) {
    const expected = top?.operator.estimatedRows;
    const operators = { label: 'Operators', value: formatCount(facts.nodes.length) };
    return expected === undefined ? [operators] : [{ label: 'Rows expected', value: roughRows(expected) }, operators];
  }
  const { elapsedMs, peakMemoryBytes, spillBytes, threads, bytesRead, bytesWritten, blockedMs, rowsScanned } = totals;
  const rows = top?.operator.rows;
  const figures: (PlanFigure | false)[] = [
    { label: 'Time', value: formatDuration(elapsedMs) },
    rows !== undefined && !WRITING.test(top?.operator.kind ?? '') && { label: 'Rows', value: formatRows(rows) },
    {
      label: 'CPU',
      value: `${formatDuration(facts.cpuMs)}${threads === undefined ? '' : ` in ${threads} ${threads === 1 ? 'thread' : 'threads'}`}`,
    },
    { label: 'Rows read', value: formatCount(rowsScanned) },
    { label: 'Peak memory', value: formatBytes(peakMemoryBytes) },
    { label: 'Spilled to disk', value: spillBytes > 0 ? formatBytes(spillBytes) : 'nothing', warns: spillBytes > 0 },
    bytesRead > 0 && { label: 'Read', value: formatBytes(bytesRead) },
    bytesWritten > 0 && { label: 'Written', value: formatBytes(bytesWritten) },
    blockedMs >= 1 && { label: 'Waited', value: formatDuration(blockedMs) },
  ];
  return figures.filter((figure) => figure !== false);
}

/** What to look at first, in a sentence or three. */
export function planSentences(plan: WirePlan, facts: PlanFacts): string {
  const { slowest, worst, largest } = facts;
  const sentences: string[] = plan.notice === undefined ? [] : [plan.notice];
  if (slowest?.share !== undefined) {
    const { cpuMs = 0 } = slowest.operator;
    sentences.push(`${called(slowest, 'The')} takes most time: ${formatPercent(slowest.share)}, ${formatDuration(cpuMs)}.`);
  } else if (!plan.analyzed && largest !== undefined) {
    const rows = roughRows(largest.operator.estimatedRows ?? 0);
    sentences.push(`The largest step is expected to give about ${rows}: ${called(largest, 'the')}.`);
  }
  if (worst?.misestimate !== undefined) {
    const { rows = 0, estimatedRows = 0 } = worst.operator;
    const figures = `${formatRows(rows)} where ${formatCount(estimatedRows)} ${estimatedRows === 1 ? 'was' : 'were'} expected`;
    const same = worst === slowest;
    sentences.push(`${same ? 'It' : called(worst, 'The')} gave ${misestimateText(worst.misestimate)} (${figures}).`);
  } else if (plan.analyzed && slowest !== undefined) sentences.push('No estimate is off by a factor of 10 or more.');
  const spilled = plan.totals?.spillBytes ?? 0;
  if (spilled > 0) sentences.push(`It did not fit into memory: ${formatBytes(spilled)} went to disk for a while.`);
  return sentences.join(' ');
}

function called(node: PlanNode, article: string): string {
  const subject = operatorSubject(node.operator);
  const short = subject.length > 60 ? `${subject.slice(0, 59)}…` : subject;
  return `${article} ${lowerFirst(operatorName(node.operator))}${short === '' ? '' : ` (${short})`}`;
}

/** `hash join`, but `CSV scan`. */
function lowerFirst(name: string): string {
  return /^[A-Z][a-z]/.test(name) && !name.startsWith('Parquet') ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
