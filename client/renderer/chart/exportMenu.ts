import type { ChartFileFormat } from '../../../server/protocol/chart.ts';
import { button, create } from '../elements.ts';

const NAMES: Readonly<Record<ChartFileFormat, string>> = {
  png: 'PNG picture…',
  svg: 'SVG picture…',
  vegalite: 'Vega-Lite specification with data…',
};

/** A button with a menu of the kinds of files that a chart can be written to. */
export class ExportMenu {
  readonly element = create('div', 'kodiak-menu-place');
  readonly #button: HTMLButtonElement;
  readonly #menu = create('div', 'kodiak-menu');
  readonly #items: readonly HTMLButtonElement[];

  constructor(choose: (format: ChartFileFormat) => void) {
    this.#button = button('kodiak-button kodiak-small kodiak-quiet', 'Export chart', 'Write the chart to a file', () => this.#toggle());
    this.#button.setAttribute('aria-haspopup', 'menu');
    this.#menu.setAttribute('role', 'menu');
    this.#menu.setAttribute('aria-label', 'Export chart');
    this.#items = (Object.keys(NAMES) as ChartFileFormat[]).map((format) => {
      const item = button('kodiak-menu-item', NAMES[format], '', () => {
        this.#close();
        choose(format);
      });
      item.setAttribute('role', 'menuitem');
      item.tabIndex = -1;
      return item;
    });
    this.#menu.append(...this.#items);
    this.element.append(this.#button, this.#menu);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget))) this.#close(false);
    });
    this.#close(false);
  }

  setEnabled(enabled: boolean): void {
    this.#button.disabled = !enabled;
  }

  #toggle(): void {
    if (!this.#menu.hidden) {
      this.#close();
      return;
    }
    this.#menu.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#items[0]?.focus();
  }

  #close(returnsFocus = true): void {
    const wasOpen = !this.#menu.hidden;
    this.#menu.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
    if (wasOpen && returnsFocus) this.#button.focus();
  }

  #key(event: KeyboardEvent): void {
    // Otherwise the notebook takes these keys, too.
    if (['Enter', ' ', 'Escape', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) event.stopPropagation();
    if (this.#menu.hidden) {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        this.#toggle();
      }
      return;
    }
    const at = this.#items.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.#items.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const step = steps[event.key];
    if (event.key === 'Escape') this.#close();
    else if (step !== undefined) this.#items[step]?.focus();
    else return;
    event.preventDefault();
  }
}
