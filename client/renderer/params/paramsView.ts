import type { ParamsOutput, ParamsReply, ParamsRequest, ShownParameter } from '../../../server/protocol/paramsOutput.ts';
import { button, create, keepTypedKeys, setText } from '../elements.ts';

/** A value is sent when typing pauses for this long, or when the input is left. */
const PAUSE_MS = 600;

const INPUT_TYPES: Readonly<Partial<Record<ShownParameter['kind'], string>>> = { date: 'date', checkbox: 'checkbox' };

let nextId = 1;

interface Field {
  readonly parameter: ShownParameter;
  readonly input: HTMLInputElement | HTMLSelectElement;
  readonly problem: HTMLElement;
}

/** The inputs of a params cell. What is typed stays as it is, also when it is refused: the reason stands below. */
export class ParamsView {
  readonly element = create('form', 'kodiak-params');
  readonly #send: (request: ParamsRequest) => void;
  readonly #fields = new Map<string, Field>();
  readonly #grid = create('div', 'kodiak-params-grid');
  readonly #note = create('div', 'kodiak-params-note');
  readonly #run: HTMLButtonElement;
  readonly #auto: HTMLInputElement;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #output: ParamsOutput;

  constructor(output: ParamsOutput, send: (request: ParamsRequest) => void) {
    this.#output = output;
    this.#send = send;
    this.element.setAttribute('aria-label', 'Parameters of this notebook');
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.#run = button('kodiak-params-run', 'Run Dependent Cells', 'Run the cells that read these parameters', () =>
      send({ type: 'runDependents', key: this.key }),
    );
    this.#auto = create('input', 'kodiak-params-check');
    this.#auto.type = 'checkbox';
    this.#auto.addEventListener('change', () => send({ type: 'setAuto', key: this.key, auto: this.#auto.checked }));
    const auto = create('label', 'kodiak-params-auto');
    auto.append(this.#auto, 'Run them on change');
    const bar = create('div', 'kodiak-params-bar');
    this.#note.setAttribute('role', 'status');
    bar.append(this.#run, auto, this.#note);
    this.element.append(this.#grid, bar);
    keepTypedKeys(this.element);
    this.#build();
    this.update(output);
  }

  get key(): string {
    return this.#output.key;
  }

  focus(name: string): void {
    this.#fields.get(name)?.input.focus();
  }

  /** Takes over what the cell says now, save for an input that is being changed. */
  update(output: ParamsOutput): void {
    const shape = (parameters: readonly ShownParameter[]) => JSON.stringify(parameters.map(({ value: _, ...rest }) => rest));
    const isSame = shape(output.parameters) === shape(this.#output.parameters);
    this.#output = output;
    if (!isSame) this.#build();
    for (const parameter of output.parameters) {
      const field = this.#fields.get(parameter.name);
      if (field && !this.#timers.has(parameter.name) && field.problem.textContent === '') show(field.input, parameter);
    }
    this.#auto.checked = output.auto;
    if (output.edited) setText(this.#note, 'The cell was edited: its values are used when it, or a cell that reads them, runs.');
    else if (this.#note.textContent?.startsWith('The cell was edited')) setText(this.#note, '');
  }

  receive(reply: ParamsReply): void {
    if (reply.type === 'parametersChanged') {
      this.update(reply.output);
      return;
    }
    const field = this.#fields.get(reply.name);
    if (!field) return;
    complain(field, reply.problem ?? '');
    if (reply.problem !== undefined) return;
    const { dependents } = reply;
    const cells = dependents === 1 ? '1 cell shows' : `${dependents} cells show`;
    setText(this.#note, dependents === 0 || this.#output.auto ? '' : `${cells} the old value.`);
  }

  #build(): void {
    this.#fields.clear();
    this.#grid.replaceChildren();
    for (const parameter of this.#output.parameters) this.#grid.append(this.#row(parameter));
    if (this.#output.parameters.length > 0) return;
    const hint = create('div', 'kodiak-params-hint');
    hint.textContent =
      "There are no parameters yet. A line such as SET VARIABLE region = 'north'; makes one, which other cells read as $region.";
    this.#grid.append(hint);
  }

  #row(parameter: ShownParameter): HTMLElement {
    const { name, label, kind } = parameter;
    const row = create('div', 'kodiak-params-row');
    const title = create('label', 'kodiak-params-label');
    title.textContent = label;
    title.title = `$${name}`;
    const id = `kodiak-param-${nextId++}`;
    if (kind === 'expression') {
      const sql = create('code', 'kodiak-params-sql');
      sql.textContent = parameter.value ?? 'NULL';
      sql.title = 'Computed by SQL: change it in the cell.';
      row.append(title, sql);
      return row;
    }
    const input = kind === 'select' ? selectOf(parameter) : inputOf(parameter);
    input.id = id;
    input.dataset['name'] = name;
    title.htmlFor = id;
    const problem = create('div', 'kodiak-params-problem');
    problem.id = `${id}-problem`;
    problem.setAttribute('role', 'alert');
    input.setAttribute('aria-describedby', problem.id);
    const field = { parameter, input, problem };
    this.#fields.set(name, field);
    show(input, parameter);
    input.addEventListener('input', () => this.#later(field, kind === 'select' || kind === 'checkbox' ? 0 : PAUSE_MS));
    input.addEventListener('change', () => this.#later(field, 0));
    input.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key === 'Enter') this.#later(field, 0);
    });
    row.append(title, input, problem);
    return row;
  }

  #later(field: Field, ms: number): void {
    const { name } = field.parameter;
    clearTimeout(this.#timers.get(name));
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name);
        this.#sendValue(field);
      }, ms),
    );
  }

  #sendValue(field: Field): void {
    const { name, kind } = field.parameter;
    const { input } = field;
    const value = kind === 'checkbox' && input instanceof HTMLInputElement ? String(input.checked) : input.value;
    // What a date input holds while a date is half written is no value yet.
    if (kind === 'date' && value === '') {
      complain(field, 'Choose a whole date, such as 2024-01-31.');
      return;
    }
    const known = this.#output.parameters.find((other) => other.name === name)?.value;
    if (value === known) {
      complain(field, '');
      return;
    }
    this.#send({ type: 'setParameter', key: this.key, name, value });
  }
}

function inputOf({ kind, min, max }: ShownParameter): HTMLInputElement {
  const input = create('input', kind === 'checkbox' ? 'kodiak-params-check' : 'kodiak-params-input');
  // Numbers are typed as text: a number input keeps what is wrong in it from everybody.
  input.type = INPUT_TYPES[kind] ?? 'text';
  if (kind === 'integer') input.inputMode = 'numeric';
  if (kind === 'number') input.inputMode = 'decimal';
  if (kind === 'date' && min !== undefined) input.min = min;
  if (kind === 'date' && max !== undefined) input.max = max;
  if (kind === 'timestamp') input.placeholder = '2024-01-31 14:30:00';
  if (kind === 'time') input.placeholder = '14:30:00';
  input.spellcheck = false;
  return input;
}

function selectOf({ choices = [], value }: ShownParameter): HTMLSelectElement {
  const select = create('select', 'kodiak-params-input');
  const options = value !== null && !choices.includes(value) ? [value, ...choices] : choices;
  for (const choice of options) {
    const option = document.createElement('option');
    option.value = choice;
    option.textContent = choice;
    select.append(option);
  }
  return select;
}

function show(input: HTMLInputElement | HTMLSelectElement, { kind, value }: ShownParameter): void {
  if (kind === 'checkbox' && input instanceof HTMLInputElement) input.checked = value?.toLowerCase() === 'true';
  else if (input.value !== (value ?? '')) input.value = value ?? '';
  if (value === null && input instanceof HTMLInputElement) input.placeholder = 'NULL';
}

function complain({ input, problem }: Field, text: string): void {
  setText(problem, text);
  input.toggleAttribute('aria-invalid', text !== '');
  if (text !== '') input.setAttribute('aria-invalid', 'true');
}
