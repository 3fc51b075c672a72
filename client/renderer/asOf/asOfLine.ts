import type { CheckResultsResult } from '../../../server/protocol/requests.ts';
import { asOfText } from '../../monitor/asOfText.ts';
import { create } from '../elements.ts';
import { freshnessText } from './freshnessText.ts';

/** One line: when the outputs below it were made, whether their sources changed since, and a button to run the cell again. */
export class AsOfLine {
  readonly element = create('div', 'kodiak-as-of');
  readonly #ranAt: number;
  readonly #text = create('span', 'kodiak-as-of-text');

  constructor(ranAt: number, runAgain: () => void) {
    this.#ranAt = ranAt;
    const button = create('button', 'kodiak-as-of-run');
    button.type = 'button';
    button.textContent = 'Run again';
    button.addEventListener('click', runAgain);
    this.#text.setAttribute('role', 'status');
    this.#text.title = new Date(ranAt).toLocaleString();
    // VS Code styles what stands in an output itself.
    const line = create('div', 'kodiak-as-of-line');
    line.append(this.#text, button);
    this.element.append(line);
    this.show(undefined);
  }

  /** `undefined`: it is not known yet. */
  show(freshness: CheckResultsResult | undefined): void {
    this.element.dataset['state'] = freshness?.state ?? 'asked';
    this.#text.textContent = freshnessText(asOfText(this.#ranAt, Date.now()), freshness);
  }
}
