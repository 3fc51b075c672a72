import { MAX_SHOWN_TEXT } from '../../server/protocol/columnFrame.ts';
import type { ReadValueResult } from '../../server/protocol/requests.ts';
import type { WireColumn, WireValue } from '../../server/protocol/values.ts';
import { isCut, visible } from './cellText.ts';
import { shortName } from './chipText.ts';
import { button, create, setText, signButton } from './elements.ts';
import { formatNumber } from './footerText.ts';
import { hexLines } from './hexLines.ts';
import { markedLines } from './markedText.ts';
import { valueTree } from './valueTree.ts';

/** The cell that is looked at. */
export interface ShownValue {
  /** From 0. */
  readonly row: number;
  readonly column: WireColumn;
  /** As the grid has it: undefined while it is not here. */
  readonly value: WireValue | undefined;
}

export interface ValueActions {
  /** Reads a part of the value's text, or of its bytes in hexadecimal digits. */
  read(offset: number, length: number): Promise<ReadValueResult>;
  copy(text: string): Promise<void>;
  close(): void;
}

/** Characters that are shown at once: a browser lays them out without a pause. */
const PART = 100_000;
/** Longer texts are not copied from here. */
const MAX_COPIED = 32 * 1024 * 1024;
const READ_AT_ONCE = 1024 * 1024;
const MAX_PARSED = 1_000_000;

/** Beside a grid: one value as a whole. Nested values unfold, long ones are shown part by part. */
export class ValuePane {
  readonly element = create('aside', 'kodiak-value');
  readonly #title = create('span', 'kodiak-profile-title');
  readonly #facts = create('p', 'kodiak-profile-note');
  readonly #pager = create('div', 'kodiak-pager');
  readonly #body = create('div', 'kodiak-value-body');
  readonly #copy: HTMLButtonElement;
  readonly #asText: HTMLButtonElement;
  #shown: ShownValue | undefined;
  #actions: ValueActions | undefined;
  #offset = 0;
  #length = 0;
  #flat = false;
  /** Counts what was asked for, so that late answers are known. */
  #turn = 0;

  constructor() {
    this.element.tabIndex = -1;
    this.element.setAttribute('role', 'region');
    const head = create('div', 'kodiak-profile-head');
    this.#copy = button('kodiak-button kodiak-small kodiak-quiet', 'Copy', 'Copy the whole value', () => void this.#copyAll());
    this.#asText = button('kodiak-button kodiak-small kodiak-quiet', 'As Text', 'Show the value as text or unfold it', () => {
      this.#flat = !this.#flat;
      void this.#draw();
    });
    head.append(
      this.#title,
      this.#asText,
      this.#copy,
      signButton('×', 'Close (Escape)', () => this.#actions?.close()),
    );
    this.#facts.setAttribute('role', 'status');
    this.element.append(head, this.#facts, this.#pager, this.#body);
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.#actions?.close();
        event.preventDefault();
      }
      // Otherwise the notebook takes these keys, too.
      if (['Enter', ' ', 'Escape'].includes(event.key) || event.key.startsWith('Arrow')) event.stopPropagation();
    });
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  show(shown: ShownValue, actions: ValueActions): void {
    this.#shown = shown;
    this.#actions = actions;
    this.#offset = 0;
    const title = `${shortName(shown.column.name)}, row ${formatNumber(shown.row + 1)}`;
    this.element.setAttribute('aria-label', `Value of ${title}`);
    setText(this.#title, title);
    this.#title.title = title;
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const [shown, actions] = [this.#shown, this.#actions];
    if (shown === undefined || actions === undefined) return;
    const { column, value } = shown;
    const type = visible(column.type.slice(0, 200));
    this.#pager.replaceChildren();
    const nested = this.#flat ? undefined : nestedValue(column, value);
    this.#asText.hidden = nestedValue(column, value) === undefined;
    setText(this.#asText, this.#flat ? 'Unfold' : 'As Text');
    this.#copy.hidden = value === null;
    if (value === null) this.#say(type, 'NULL');
    else if (nested !== undefined) {
      this.#turn++;
      setText(this.#facts, type);
      this.#body.replaceChildren(valueTree(nested, column.type));
    } else if (column.type !== 'BLOB' && value !== undefined && typeof value !== 'object' && !isCut(value)) {
      const text = String(value);
      this.#showText(type, text, text.length);
    } else await this.#load(type, actions);
  }

  #say(facts: string, text: string): void {
    this.#turn++;
    setText(this.#facts, facts);
    const note = create('p', 'kodiak-profile-note');
    note.textContent = text;
    this.#body.replaceChildren(note);
  }

  #showText(type: string, text: string, length: number): void {
    this.#turn++;
    const isBlob = this.#shown?.column.type === 'BLOB';
    const unit = isBlob ? 'byte' : 'character';
    const count = isBlob ? length / 2 : length;
    const size = isBlob || ['VARCHAR', 'JSON'].includes(type) ? ` · ${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}` : '';
    setText(this.#facts, type + size);
    const body = create('pre', 'kodiak-value-text');
    body.tabIndex = 0;
    body.append(isBlob ? hexLines(text, this.#offset / 2) : markedLines(text));
    this.#body.replaceChildren(body);
  }

  async #load(type: string, actions: ValueActions): Promise<void> {
    const turn = ++this.#turn;
    setText(this.#facts, `${type} · reading…`);
    try {
      const { text, length, isNull } = await actions.read(this.#offset, PART);
      if (turn !== this.#turn) return;
      this.#length = length;
      if (isNull) this.#say(type, 'NULL');
      else this.#showText(type, text, length);
      if (length > PART) this.#drawPager();
    } catch (error) {
      if (turn === this.#turn) this.#say(type, error instanceof Error ? error.message : String(error));
    }
  }

  #drawPager(): void {
    const last = Math.floor((this.#length - 1) / PART) * PART;
    const go = (offset: number) => {
      this.#offset = Math.max(0, Math.min(last, offset));
      void this.#draw();
    };
    const place = create('span', 'kodiak-status');
    const [from, to] = [this.#offset + 1, Math.min(this.#length, this.#offset + PART)];
    place.textContent = `${formatNumber(from)}–${formatNumber(to)} of ${formatNumber(this.#length)}`;
    const sign = (text: string, label: string, offset: number) => {
      const element = signButton(text, label, () => go(offset));
      element.disabled = offset < 0 ? this.#offset === 0 : Math.min(last, offset) === this.#offset;
      return element;
    };
    this.#pager.replaceChildren(
      sign('⇤', 'First part', 0),
      sign('←', 'Part before', this.#offset - PART),
      place,
      sign('→', 'Next part', this.#offset + PART),
      sign('⇥', 'Last part', last),
    );
  }

  async #copyAll(): Promise<void> {
    const [shown, actions] = [this.#shown, this.#actions];
    if (shown === undefined || actions === undefined || shown.value === null) return;
    const facts = this.#facts.textContent ?? '';
    try {
      await actions.copy(await wholeText(shown, actions));
      setText(this.#facts, `${facts.replace(/ · copied$/, '')} · copied`);
    } catch (error) {
      setText(this.#facts, `not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function wholeText({ column, value }: ShownValue, actions: ValueActions): Promise<string> {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  if (column.type !== 'BLOB' && value !== undefined && !isCut(value)) return String(value);
  const parts: string[] = [];
  for (let offset = 0; ; offset += READ_AT_ONCE) {
    const { text, length } = await actions.read(offset, READ_AT_ONCE);
    if (length > MAX_COPIED)
      throw new Error(`it has ${formatNumber(length)} characters, and the clipboard takes ${formatNumber(MAX_COPIED)} from here.`);
    parts.push(text);
    if (offset + READ_AT_ONCE >= length) return parts.join('');
  }
}
/** What can be unfolded: a value with parts, or a JSON text that has some. */
function nestedValue({ type }: WireColumn, value: WireValue | undefined): WireValue | undefined {
  if (typeof value === 'object' && value !== null) return value;
  if (type !== 'JSON' || typeof value !== 'string' || value.length > Math.min(MAX_PARSED, MAX_SHOWN_TEXT)) return undefined;
  try {
    const parsed: WireValue = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
