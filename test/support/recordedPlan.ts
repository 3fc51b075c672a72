import { readFileSync } from 'node:fs';
import { readPhysicalPlan } from '../../engine/plan/physicalPlan.ts';
import type { WirePlan } from '../../server/protocol/plan.ts';
import { toWirePlan } from '../../server/wire.ts';

const recorded: Readonly<Record<string, { readonly estimated: string; readonly measured: string }>> = JSON.parse(
  readFileSync('test/fixtures/plans.json', 'utf8'),
);

/** A plan that DuckDB gave once, as it comes to the client. */
export function recordedPlan(name: string, kind: 'estimated' | 'measured'): WirePlan {
  const plan = readPhysicalPlan(recorded[name]?.[kind] ?? '');
  if (plan === undefined) throw new Error(`There is no plan ${name}.`);
  return toWirePlan(plan);
}

/** A plan of operators of which each takes the rows of those that name it as parent. */
export function madePlan(operators: WirePlan['operators'], analyzed = true): WirePlan {
  return { analyzed, operators };
}
