import type { FileKind, ReadOptions } from '../../../server/protocol/dataViewer.ts';
import { button, create } from '../elements.ts';

const KINDS: readonly (readonly [FileKind, string])[] = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['jsonl', 'JSON Lines'],
  ['parquet', 'Parquet'],
];
/** What a choice of the form says when it leaves it to DuckDB. */
const AUTO = 'auto';
const DELIMITERS: readonly (readonly [string, string])[] = [
  [AUTO, 'automatic'],
  [',', 'comma ,'],
  [';', 'semicolon ;'],
  ['\t', 'tab'],
  ['|', 'bar |'],
  [' ', 'blank'],
];
const HEADERS: readonly (readonly [string, string])[] = [
  [AUTO, 'automatic'],
  ['true', 'in the first line'],
  ['false', 'none'],
];
const QUOTES: readonly (readonly [string, string])[] = [
  [AUTO, 'automatic'],
  ['"', 'double "'],
  ["'", "single '"],
  ['', 'none'],
];

/** How a text file is read: the format, and for CSV what DuckDB may not find out by itself. */
export class ReadForm {
  readonly element = create('form', 'viewer-form');
  readonly #kind: HTMLSelectElement;
  readonly #delimiter: HTMLSelectElement;
  readonly #header: HTMLSelectElement;
  readonly #quote: HTMLSelectElement;
  readonly #skip = create('input', 'viewer-input');
  readonly #allText = create('input', '');
  readonly #ignoreErrors = create('input', '');
  readonly #csv = create('span', 'viewer-csv');
  #options: ReadOptions = { kind: 'csv' };

  constructor(read: (options: ReadOptions) => void) {
    this.#kind = choice(KINDS);
    this.#delimiter = choice(DELIMITERS);
    this.#header = choice(HEADERS);
    this.#quote = choice(QUOTES);
    this.#skip.type = 'number';
    this.#skip.min = '0';
    this.#skip.max = '1000000';
    this.#skip.placeholder = '0';
    this.#allText.type = 'checkbox';
    this.#ignoreErrors.type = 'checkbox';
    this.#csv.append(
      labelled('Delimiter', this.#delimiter),
      labelled('Header', this.#header),
      labelled('Quote', this.#quote),
      labelled('Skip lines', this.#skip),
      labelled('All as text', this.#allText),
      labelled('Leave out bad lines', this.#ignoreErrors),
    );
    const apply = button('kodiak-button results-quiet', 'Apply', 'Read the file in this way', () => read(this.#chosen()));
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      read(this.#chosen());
    });
    this.#kind.addEventListener('change', () => read(this.#chosen()));
    this.element.append(labelled('Read as', this.#kind), this.#csv, apply);
  }

  show(options: ReadOptions): void {
    this.#options = options;
    const { kind, delimiter, header, quote, skip, allText, ignoreErrors } = options;
    this.element.hidden = kind === 'database';
    this.#csv.hidden = kind !== 'csv';
    this.#kind.value = kind;
    this.#delimiter.value = delimiter ?? AUTO;
    this.#header.value = header === undefined ? AUTO : String(header);
    this.#quote.value = quote ?? AUTO;
    this.#skip.value = skip === undefined ? '' : String(skip);
    this.#allText.checked = allText === true;
    this.#ignoreErrors.checked = ignoreErrors === true;
  }

  #chosen(): ReadOptions {
    const { compression, limit } = this.#options;
    const kind = this.#kind.value as FileKind;
    const shared = { kind, ...(compression !== undefined && { compression }), ...(limit !== undefined && { limit }) };
    if (kind !== 'csv') return shared;
    const skip = Number(this.#skip.value);
    return {
      ...shared,
      ...(this.#delimiter.value !== AUTO && { delimiter: this.#delimiter.value }),
      ...(this.#header.value !== AUTO && { header: this.#header.value === 'true' }),
      ...(this.#quote.value !== AUTO && { quote: this.#quote.value }),
      ...(Number.isSafeInteger(skip) && skip > 0 && { skip }),
      ...(this.#allText.checked && { allText: true }),
      ...(this.#ignoreErrors.checked && { ignoreErrors: true }),
    };
  }
}

function choice(options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  const select = create('select', 'viewer-input');
  for (const [value, label] of options) {
    const option = document.createElement('option');
    option.value = value;
    option.textContent = label;
    select.append(option);
  }
  return select;
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = create('label', 'viewer-label');
  label.append(text, control);
  return label;
}
