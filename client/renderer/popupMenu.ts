import { create } from './elements.ts';

export interface MenuItem {
  readonly label: string;
  /** The key that does the same. */
  readonly key?: string;
  /** For what is on or off. */
  readonly checked?: boolean;
  /** Begins a group. */
  readonly separated?: boolean;
  run(): void;
}

export interface MenuPlace {
  /** Pixels from the left and top of the element that the menu lies in. */
  readonly left: number;
  readonly top: number;
}

/**
 * A menu over a grid, for mouse and keyboard. It lies inside of an element that becomes as high as the menu needs: what lies over the page
 * is cut off at the end of a short output of a notebook.
 */
export class PopupMenu {
  readonly element = create('div', 'kodiak-menu');
  readonly #host: HTMLElement;
  readonly #leave: () => void;
  readonly #pressElsewhere = (event: Event) => {
    if (event.target instanceof Node && !this.element.contains(event.target)) this.close(false);
  };

  constructor(host: HTMLElement, leave: () => void) {
    this.#host = host;
    this.#leave = leave;
    this.element.setAttribute('role', 'menu');
    this.element.tabIndex = -1;
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  open(label: string, items: readonly MenuItem[], place: MenuPlace): void {
    this.close(false);
    this.element.setAttribute('aria-label', label);
    this.element.replaceChildren(...items.map((item) => this.#item(item)));
    this.#host.append(this.element);
    const { style } = this.element;
    style.left = `${Math.max(0, Math.min(place.left, this.#host.clientWidth - this.element.offsetWidth))}px`;
    const room = Math.max(this.#host.clientHeight, this.#host.parentElement?.parentElement?.clientHeight ?? 0);
    const top = Math.max(0, Math.min(place.top, room - this.element.offsetHeight));
    style.top = `${top}px`;
    this.#host.style.minHeight = `${top + this.element.offsetHeight}px`;
    document.addEventListener('mousedown', this.#pressElsewhere, true);
    this.#buttons()[0]?.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
  }

  close(backToGrid: boolean): void {
    if (!this.element.isConnected) return;
    document.removeEventListener('mousedown', this.#pressElsewhere, true);
    this.element.remove();
    this.#host.style.minHeight = '';
    if (backToGrid) this.#leave();
  }

  #item(item: MenuItem): HTMLElement {
    const element = create('button', `kodiak-menu-item${item.separated ? ' kodiak-menu-first' : ''}`);
    element.type = 'button';
    element.tabIndex = -1;
    element.setAttribute('role', item.checked === undefined ? 'menuitem' : 'menuitemcheckbox');
    if (item.checked !== undefined) element.setAttribute('aria-checked', String(item.checked));
    const label = create('span', 'kodiak-menu-label');
    label.textContent = item.label;
    const mark = create('span', 'kodiak-menu-mark');
    mark.textContent = item.checked === true ? '✓' : '';
    mark.setAttribute('aria-hidden', 'true');
    element.append(mark, label);
    if (item.key !== undefined) {
      const key = create('kbd', 'kodiak-menu-key');
      key.textContent = item.key;
      element.setAttribute('aria-keyshortcuts', item.key);
      element.append(key);
    }
    element.addEventListener('click', () => {
      this.close(true);
      item.run();
    });
    element.addEventListener('mousemove', () => element.focus({ preventScroll: true }));
    return element;
  }

  #buttons(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>('.kodiak-menu-item')];
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    const buttons = this.#buttons();
    const at = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
    const { key } = event;
    if (key === 'Escape' || key === 'Tab') this.close(true);
    else if (key === 'ArrowDown') buttons[(at + 1) % buttons.length]?.focus();
    else if (key === 'ArrowUp') buttons[(at - 1 + buttons.length) % buttons.length]?.focus();
    else if (key === 'Home') buttons[0]?.focus();
    else if (key === 'End') buttons.at(-1)?.focus();
    else if (key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey) this.#jump(buttons, at, key);
    else return;
    event.preventDefault();
  }

  /** The next item that begins with a letter. */
  #jump(buttons: readonly HTMLElement[], at: number, letter: string): void {
    const order = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
    const label = (button: HTMLElement) => button.querySelector('.kodiak-menu-label')?.textContent ?? '';
    order.find((button) => label(button).toLowerCase().startsWith(letter.toLowerCase()))?.focus();
  }
}
