import { formatBytes, formatCount, formatDuration, formatPercent } from '../../monitor/statsText.ts';
import { misestimateText, operatorName } from '../../plan/operatorText.ts';
import type { PlanNode } from '../../plan/planFacts.ts';
import { create, signButton } from '../elements.ts';

/** All that is known about one operator, beside the picture. */
export class PlanDetails {
  readonly element = create('section', 'kodiak-plan-details');
  readonly #close: () => void;

  constructor(close: () => void) {
    this.#close = close;
    this.element.hidden = true;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    });
  }

  show(node: PlanNode): void {
    const { operator } = node;
    const head = create('div', 'kodiak-plan-details-head');
    const title = create('h3', 'kodiak-plan-details-title');
    title.textContent = operatorName(operator);
    head.append(
      title,
      signButton('×', 'Close', () => this.#close()),
    );
    const list = create('dl', 'kodiak-plan-facts');
    for (const [name, values] of nodeFacts(node)) {
      const term = create('dt', '');
      term.textContent = name;
      list.append(term);
      for (const value of values) {
        const description = create('dd', '');
        description.textContent = value;
        list.append(description);
      }
    }
    this.element.setAttribute('aria-label', `Details of ${operatorName(operator)}`);
    this.element.tabIndex = 0;
    this.element.replaceChildren(head, list);
    this.element.hidden = false;
  }

  hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}

/** The figures of an operator, then what DuckDB says of it. */
export function nodeFacts({ operator, share, totalShare, misestimate, hot }: PlanNode): [name: string, values: readonly string[]][] {
  const { kind, rows, estimatedRows, estimateIsDerived, cpuMs, rowsScanned, resultBytes, spillBytes, details } = operator;
  const facts: [string, readonly string[]][] = [['Operator', [kind]]];
  if (rows !== undefined) facts.push(['Rows', [formatCount(rows)]]);
  if (estimatedRows !== undefined) {
    facts.push(['Rows expected', [`${formatCount(estimatedRows)}${estimateIsDerived ? ', from its inputs' : ''}`]]);
  }
  if (misestimate !== undefined) facts.push(['Estimate', [misestimateText(misestimate)]]);
  if (rowsScanned !== undefined) facts.push(['Rows looked at', [formatCount(rowsScanned)]]);
  if (cpuMs !== undefined && share !== undefined)
    facts.push(['Time', [`${formatDuration(cpuMs)} of all threads, ${formatPercent(share)}`]]);
  if (totalShare !== undefined) facts.push(['With its inputs', [formatPercent(totalShare)]]);
  if (hot) facts.push(['Hot path', ['yes']]);
  if (resultBytes !== undefined) facts.push(['Size of its rows', [formatBytes(resultBytes)]]);
  if (spillBytes !== undefined) facts.push(['Spilled', [formatBytes(spillBytes)]]);
  return [...facts, ...details.map(({ name, values }): [string, readonly string[]] => [name, values])];
}
