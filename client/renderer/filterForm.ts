import type { WireFilter } from '../../server/protocol/requests.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { shortName } from './chipText.ts';
import { columnFamily } from './columnFamily.ts';
import { button, create, keepTypedKeys, signButton } from './elements.ts';
import { type Condition, conditionsFor, readFilter, writeFilter } from './filterConditions.ts';

export interface FilterActions {
  /** Resolves with why the filter cannot be, if so. */
  apply(filter: WireFilter): Promise<string | undefined>;
  remove(): void;
  close(): void;
}

const EXAMPLES: Readonly<Partial<Record<ReturnType<typeof columnFamily>, string>>> = {
  number: '100',
  time: 'as the column shows it',
};

/** The condition of one column, to be filled in. It stands above the grid: a short output leaves no room to lie over. */
export class FilterForm {
  readonly element = create('div', 'kodiak-form');
  readonly #column: number;
  readonly #type: string;
  readonly #actions: FilterActions;
  readonly #conditions: readonly Condition[];
  readonly #choice = create('select', 'kodiak-input');
  readonly #inputs = [create('input', 'kodiak-input'), create('input', 'kodiak-input')] as const;
  readonly #and = create('span', 'kodiak-and');
  readonly #problem = create('div', 'kodiak-problem');

  constructor(index: number, column: WireColumn, known: WireFilter | undefined, actions: FilterActions) {
    this.#column = index;
    this.#type = column.type;
    this.#actions = actions;
    const written = known && writeFilter(known, column.type);
    const offered = conditionsFor(column.type);
    this.#conditions = written === undefined || offered.includes(written.condition) ? offered : [written.condition, ...offered];
    const name = shortName(column.name);
    this.element.setAttribute('role', 'dialog');
    this.element.setAttribute('aria-label', `Filter ${name}`);
    const label = create('span', 'kodiak-form-name');
    label.textContent = name;
    this.#choice.setAttribute('aria-label', `Condition on ${name}`);
    for (const { label: text } of this.#conditions) {
      const option = create('option', '');
      option.textContent = text;
      this.#choice.append(option);
    }
    this.#choice.selectedIndex = written === undefined ? 0 : this.#conditions.indexOf(written.condition);
    this.#choice.addEventListener('change', () => this.#chosen());
    for (const [place, input] of this.#inputs.entries()) {
      input.type = 'text';
      input.spellcheck = false;
      input.value = written?.texts[place] ?? '';
    }
    this.#and.textContent = 'and';
    this.#problem.setAttribute('role', 'alert');
    const remove = button('kodiak-button kodiak-small kodiak-quiet', 'Remove', 'Remove this filter', () => actions.remove());
    remove.hidden = known === undefined;
    this.element.append(
      label,
      this.#choice,
      this.#inputs[0],
      this.#and,
      this.#inputs[1],
      button('kodiak-button kodiak-small', 'Filter', 'Show only these rows (Enter)', () => void this.#apply()),
      remove,
      signButton('×', 'Close (Escape)', () => actions.close()),
      this.#problem,
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
    keepTypedKeys(this.element);
    this.#chosen();
  }

  focus(): void {
    const [first] = this.#inputs;
    if (first.hidden || first.value === '') this.#choice.focus();
    else first.select();
  }

  #chosen(): void {
    const inputs = this.#condition()?.inputs ?? 0;
    const [first, second] = this.#inputs;
    first.hidden = inputs === 0;
    second.hidden = inputs !== 2;
    this.#and.hidden = inputs !== 2;
    first.placeholder = inputs === 'list' ? 'values, with commas' : (EXAMPLES[columnFamily(this.#type)] ?? '');
    first.setAttribute('aria-label', inputs === 'list' ? 'Values, with commas between them' : inputs === 2 ? 'From' : 'Value');
    second.setAttribute('aria-label', 'To');
    this.#problem.textContent = '';
  }

  #condition(): Condition | undefined {
    return this.#conditions[this.#choice.selectedIndex];
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || event.target instanceof HTMLButtonElement) {
      if (event.key !== 'Escape') return;
    }
    if (event.key === 'Escape') this.#actions.close();
    else if (event.key === 'Enter') void this.#apply();
    else return;
    event.preventDefault();
  }

  async #apply(): Promise<void> {
    const condition = this.#condition();
    if (condition === undefined) return;
    const texts = this.#inputs.map(({ value }) => value);
    const filter = readFilter(this.#column, this.#type, condition, texts);
    this.#problem.textContent = typeof filter === 'string' ? filter : ((await this.#actions.apply(filter)) ?? '');
  }
}
