import type { WireOperator, WirePlan } from '../../server/protocol/plan.ts';
import { nameColumns } from './columnNames.ts';

/** How far an estimate is off. */
export interface Misestimate {
  /** At least `WORTH_SAYING`. */
  readonly factor: number;
  /** More rows came than were expected; otherwise fewer. */
  readonly more: boolean;
}

/** An operator with what follows from its place in the plan. */
export interface PlanNode {
  readonly index: number;
  readonly operator: WireOperator;
  readonly parent: number | undefined;
  readonly children: readonly number[];
  /** 0 for the topmost. */
  readonly depth: number;
  /** Its part of the time of all operators, 0 to 1; undefined without measures. */
  readonly share: number | undefined;
  /** The same with all that feeds it. */
  readonly totalShare: number | undefined;
  /** It lies on the way from the top to where most of the time goes. */
  readonly hot: boolean;
  readonly misestimate: Misestimate | undefined;
}

export interface PlanFacts {
  readonly nodes: readonly PlanNode[];
  readonly roots: readonly number[];
  /** The operator that took most time. */
  readonly slowest: PlanNode | undefined;
  /** The operator whose estimate is off most. */
  readonly worst: PlanNode | undefined;
  /** The operator that is expected to give most rows. */
  readonly largest: PlanNode | undefined;
  /** Time of all operators. */
  readonly cpuMs: number;
}

/** Estimates that are off by less are nothing to speak of. */
const WORTH_SAYING = 10;
/** Whatever the factor: so few rows cost nothing. */
const MANY_ROWS = 100;
/** The hot path ends where less than this part of the time is left. */
const HOT_SHARE = 0.1;

/** Operators that end early what feeds them. */
const CUTTING = /^(?:STREAMING_)?LIMIT/;
/** Operators that take all their input before they give anything: what feeds them is not cut short by what is above. */
const BLOCKING = /GROUP_BY|AGGREGATE|ORDER_BY|TOP_N|^WINDOW|_INSERT|^INSERT|CREATE_TABLE|COPY_TO|^CTE$|REC_CTE/;
/** DuckDB counts nothing for these: another operator hands their rows on. */
const UNCOUNTED = /^(?:DELIM_SCAN|DUMMY_SCAN|EMPTY_RESULT|(?:LEFT|RIGHT)_DELIM_JOIN|CTE)$/;

export function readFacts(plan: WirePlan): PlanFacts {
  const operators = nameColumns(plan.operators);
  const children = operators.map((): number[] => []);
  const roots: number[] = [];
  for (const [index, { parent }] of operators.entries()) (parent === undefined ? roots : (children[parent] ?? roots)).push(index);
  const total = operators.reduce((sum, { cpuMs = 0 }) => sum + cpuMs, 0);
  const isMeasured = plan.analyzed && total > 0;
  const below = subtreeTimes(operators);
  const hot = isMeasured ? hotPath(roots, children, below, total) : new Set<number>();
  const cut = cutShort(operators);
  const depths: number[] = [];
  const nodes = operators.map((operator, index): PlanNode => {
    const { parent } = operator;
    const depth = parent === undefined ? 0 : (depths[parent] ?? 0) + 1;
    depths[index] = depth;
    return {
      index,
      operator,
      parent,
      children: children[index] ?? [],
      depth,
      share: isMeasured ? (operator.cpuMs ?? 0) / total : undefined,
      totalShare: isMeasured ? (below[index] ?? 0) / total : undefined,
      hot: hot.has(index),
      misestimate: misestimateOf(operator, cut.has(index)),
    };
  });
  return {
    nodes,
    roots,
    slowest: isMeasured ? greatest(nodes, ({ share = 0 }) => share) : undefined,
    worst: greatest(nodes, ({ misestimate }) => misestimate?.factor ?? 0),
    largest: greatest(nodes, ({ operator }) => operator.estimatedRows ?? 0),
    cpuMs: total,
  };
}

/** Values of a detail of an operator; none when it has no such detail. */
export function detailOf({ details }: WireOperator, name: string): readonly string[] {
  return details.find((detail) => detail.name === name)?.values ?? [];
}

/** Operators stand behind the one that takes their rows: from the last on, each is complete when it is added to that. */
function subtreeTimes(operators: readonly WireOperator[]): number[] {
  const times = operators.map(({ cpuMs = 0 }) => cpuMs);
  for (let index = operators.length - 1; index >= 0; index--) {
    const parent = operators[index]?.parent;
    if (parent !== undefined) times[parent] = (times[parent] ?? 0) + (times[index] ?? 0);
  }
  return times;
}

function hotPath(
  roots: readonly number[],
  children: readonly (readonly number[])[],
  below: readonly number[],
  total: number,
): ReadonlySet<number> {
  const path = new Set<number>();
  let among: readonly number[] = roots;
  for (;;) {
    const hottest = among.reduce<number | undefined>(
      (best, index) => (best === undefined || (below[index] ?? 0) > (below[best] ?? 0) ? index : best),
      undefined,
    );
    if (hottest === undefined || (below[hottest] ?? 0) < total * HOT_SHARE) return path;
    path.add(hottest);
    among = children[hottest] ?? [];
  }
}

/** Operators that a LIMIT above them ends early: that they gave less than expected is no mistake of the estimate. */
function cutShort(operators: readonly WireOperator[]): ReadonlySet<number> {
  const cut = new Set<number>();
  for (const [index, { parent }] of operators.entries()) {
    const above = parent === undefined ? undefined : operators[parent];
    if (above === undefined || parent === undefined) continue;
    if (CUTTING.test(above.kind) || (cut.has(parent) && !BLOCKING.test(above.kind))) cut.add(index);
  }
  return cut;
}

function misestimateOf(operator: WireOperator, isCutShort: boolean): Misestimate | undefined {
  const { kind, rows, estimatedRows, cpuMs } = operator;
  if (rows === undefined || estimatedRows === undefined || Math.max(rows, estimatedRows) < MANY_ROWS) return undefined;
  const isUncounted = UNCOUNTED.test(kind) || (rows === 0 && cpuMs === 0);
  const more = rows > estimatedRows;
  // A filter that a join or a TOP N found while it ran is not in the estimate, either.
  const isFilteredLater = details(operator).some((name) => name === 'Dynamic Filters');
  if (isUncounted || (!more && (isCutShort || isFilteredLater))) return undefined;
  const factor = Math.max(rows, estimatedRows) / Math.max(1, Math.min(rows, estimatedRows));
  return factor >= WORTH_SAYING ? { factor, more } : undefined;
}

function details(operator: WireOperator): string[] {
  return operator.details.map(({ name }) => name);
}

function greatest(nodes: readonly PlanNode[], size: (node: PlanNode) => number): PlanNode | undefined {
  const found = nodes.reduce<PlanNode | undefined>((best, node) => (size(node) > (best ? size(best) : 0) ? node : best), undefined);
  return found;
}
