import type { WirePlan } from '../../server/protocol/plan.ts';
import { misestimateText, operatorSubject, rowsText, scanFilters, timeText } from './operatorText.ts';
import { type PlanFacts, type PlanNode, readFacts } from './planFacts.ts';
import { planFigures, planSentences } from './planSummary.ts';

const MAX_SUBJECT = 100;

/** A plan as text: DuckDB's own drawing where there is one, else a line for each operator, below the one that takes its rows. */
export function planText(plan: WirePlan): string {
  return plan.text ?? listedPlan(plan, readFacts(plan));
}

function listedPlan(plan: WirePlan, facts: PlanFacts): string {
  const figures = planFigures(plan, facts).map(({ label, value }) => `${label}: ${value}`);
  const lines = [figures.join(' · '), planSentences(plan, facts), ''];
  const open = facts.roots.map((index) => ({ index, first: '', rest: '' })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = facts.nodes[next.index];
    if (node === undefined) continue;
    lines.push(next.first + operatorLine(node));
    const { rest } = next;
    const { children } = node;
    // What has one input only needs no branch: chains stay as narrow as they are.
    const below = children.map((index, at) => {
      if (children.length === 1) return { index, first: rest, rest };
      const isLast = at === children.length - 1;
      return { index, first: `${rest}${isLast ? '└─ ' : '├─ '}`, rest: `${rest}${isLast ? '   ' : '│  '}` };
    });
    open.push(...below.reverse());
  }
  return lines.join('\n');
}

function operatorLine(node: PlanNode): string {
  const { operator, misestimate, hot } = node;
  const filters = scanFilters(operator);
  const subject = [operatorSubject(operator), filters && `where ${filters}`].filter((part) => part !== '').join(' ');
  const short = subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT - 1)}…` : subject;
  const parts = [rowsText(operator), misestimate && misestimateText(misestimate), timeText(node), hot && 'hot path'];
  const facts = parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
  return [operator.kind, short, facts && `[${facts}]`].filter((part) => part !== '').join('  ');
}
