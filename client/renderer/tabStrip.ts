import { create } from './elements.ts';

/** One tab and what it shows. */
export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly panel: HTMLElement;
}

let strips = 0;

/** A list of tabs of which one is shown: arrow keys go from one to the next. */
export class TabStrip {
  readonly element = create('div', 'kodiak-tabs');
  readonly #tabs: readonly Tab[];
  readonly #buttons: readonly HTMLButtonElement[];
  #selected = 0;

  constructor(label: string, tabs: readonly Tab[], selected: (name: string) => void) {
    const strip = ++strips;
    this.#tabs = tabs;
    this.element.setAttribute('role', 'tablist');
    this.element.setAttribute('aria-label', label);
    this.#buttons = tabs.map(({ name, label: text, panel }, index) => {
      const tab = create('button', 'kodiak-tab');
      tab.type = 'button';
      tab.id = `kodiak-tab-${strip}-${name}`;
      tab.textContent = text;
      tab.setAttribute('role', 'tab');
      panel.id = `kodiak-tab-panel-${strip}-${name}`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      tab.setAttribute('aria-controls', panel.id);
      tab.addEventListener('click', () => {
        this.select(index);
        selected(name);
      });
      return tab;
    });
    this.element.append(...this.#buttons);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.select(0);
  }

  get selected(): string {
    return this.#tabs[this.#selected]?.name ?? '';
  }

  selectName(name: string): void {
    this.select(this.#tabs.findIndex((tab) => tab.name === name));
  }

  select(index: number): void {
    if (this.#tabs[index] === undefined) return;
    this.#selected = index;
    for (const [place, { panel }] of this.#tabs.entries()) {
      const isSelected = place === index;
      panel.hidden = !isSelected;
      this.#buttons[place]?.setAttribute('aria-selected', String(isSelected));
      const button = this.#buttons[place];
      if (button) button.tabIndex = isSelected ? 0 : -1;
    }
  }

  #key(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const at = this.#buttons.indexOf(event.target as HTMLButtonElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const step = steps[event.key];
    // Otherwise the notebook takes these keys, too.
    if (step !== undefined || event.key === 'Enter' || event.key === ' ') event.stopPropagation();
    if (step === undefined) return;
    event.preventDefault();
    this.#buttons[step]?.click();
    this.#buttons[step]?.focus();
  }
}
