import type { PlanOutput, PlanTextRequest } from '../../../server/protocol/plan.ts';
import { type PlanFacts, readFacts } from '../../plan/planFacts.ts';
import { planFigures, planSentences } from '../../plan/planSummary.ts';
import { planText } from '../../plan/planText.ts';
import { button, create, signButton } from '../elements.ts';
import { PlanDetails } from './planDetails.ts';
import { PlanPicture, showZoom } from './planPicture.ts';
import { standaloneSvg } from './standaloneSvg.ts';

const WAYS = { picture: 'Picture', text: 'Text', json: 'JSON' } as const;
type Way = keyof typeof WAYS;

/** JSON that is longer is shown as it came: to indent a deep plan makes it many times as long. */
const MAX_INDENTED = 300_000;

/** One plan on the screen: what it took, what to look at first, and the plan as a picture, a text or JSON. */
export class PlanView {
  readonly element = create('section', 'kodiak-plan');
  readonly #output: PlanOutput;
  readonly #post: (request: PlanTextRequest) => void;
  readonly #facts: PlanFacts;
  readonly #picture: PlanPicture;
  readonly #details: PlanDetails;
  readonly #body = create('div', 'kodiak-plan-body');
  readonly #text = create('pre', 'kodiak-plan-text');
  readonly #zoom = create('span', 'kodiak-plan-zoom');
  readonly #pictureTools = create('span', 'kodiak-plan-tools');
  readonly #ways = new Map<Way, HTMLButtonElement>();
  readonly #resizes: ResizeObserver;
  #way: Way = 'picture';

  constructor(output: PlanOutput, post: (request: PlanTextRequest) => void) {
    this.#output = output;
    this.#post = post;
    this.#facts = readFacts(output.plan);
    this.#picture = new PlanPicture(this.#facts, {
      opened: (index) => this.#open(index),
      zoomed: (zoom) => showZoom(this.#zoom, zoom),
    });
    this.#details = new PlanDetails(() => {
      this.#open(undefined);
      this.#picture.focus();
    });
    this.#text.tabIndex = 0;
    this.#body.append(this.#picture.element, this.#details.element);
    this.element.setAttribute('aria-label', `${output.plan.analyzed ? 'Profile' : 'Plan'} of ${output.title}`);
    this.element.append(this.#head(), this.#toolbar(), this.#body);
    this.#resizes = new ResizeObserver(() => this.#picture.attached());
    this.#resizes.observe(this.element);
    this.#show('picture');
  }

  /** To be called once the element is in the document. */
  attached(): void {
    this.#picture.attached();
  }

  dispose(): void {
    this.#resizes.disconnect();
  }

  #head(): HTMLElement {
    const head = create('header', 'kodiak-plan-head');
    const figures = create('dl', 'kodiak-plan-figures');
    for (const { label, value, warns } of planFigures(this.#output.plan, this.#facts)) {
      const figure = create('div', warns ? 'kodiak-plan-figure kodiak-plan-warns' : 'kodiak-plan-figure');
      const term = create('dt', '');
      const description = create('dd', '');
      term.textContent = label;
      description.textContent = value;
      figure.append(term, description);
      figures.append(figure);
    }
    const sentences = create('p', 'kodiak-plan-sentences');
    sentences.textContent = planSentences(this.#output.plan, this.#facts);
    head.append(figures, sentences);
    return head;
  }

  #toolbar(): HTMLElement {
    const bar = create('div', 'kodiak-plan-bar-row');
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', 'Plan');
    const ways = create('span', 'kodiak-plan-tools');
    ways.setAttribute('role', 'group');
    ways.setAttribute('aria-label', 'Show as');
    for (const [way, name] of Object.entries(WAYS) as [Way, string][]) {
      if (way === 'json' && this.#output.plan.json === undefined) continue;
      const choice = button('kodiak-button kodiak-small kodiak-quiet', name, `Show the plan as ${name.toLowerCase()}`, () =>
        this.#show(way),
      );
      this.#ways.set(way, choice);
      ways.append(choice);
    }
    const small = (text: string, title: string, click: () => void) => button('kodiak-button kodiak-small kodiak-quiet', text, title, click);
    const { slowest } = this.#facts;
    this.#pictureTools.append(
      signButton('−', 'Zoom out (-)', () => this.#picture.zoomBy(1 / 1.2)),
      this.#zoom,
      signButton('+', 'Zoom in (+)', () => this.#picture.zoomBy(1.2)),
      small('Fit', 'Show all of it (0)', () => this.#picture.fit()),
      small('Fold', 'Hide all inputs', () => this.#picture.foldAll()),
      small('Unfold', 'Show all operators', () => this.#picture.unfoldAll()),
    );
    if (slowest !== undefined) {
      this.#pictureTools.append(small('Go to the slowest', 'Show the operator that takes most time', () => this.#goTo(slowest.index)));
    }
    const copy = small('Copy', 'Copy the plan as text, or as JSON where that is shown', () =>
      this.#post({ type: 'copyPlan', text: this.#way === 'json' ? this.#json() : planText(this.#output.plan), extension: 'txt' }),
    );
    const save = small('Save SVG…', 'Save the picture in a file', () => this.#save());
    bar.append(ways, this.#pictureTools, copy, save);
    return bar;
  }

  #show(way: Way): void {
    this.#way = way;
    for (const [name, choice] of this.#ways) choice.setAttribute('aria-pressed', String(name === way));
    const asPicture = way === 'picture';
    this.#pictureTools.hidden = !asPicture;
    if (asPicture) {
      this.#body.replaceChildren(this.#picture.element, this.#details.element);
      if (this.element.isConnected) this.#picture.attached();
      return;
    }
    this.#text.textContent = way === 'json' ? this.#json() : planText(this.#output.plan);
    this.#text.setAttribute('aria-label', `The plan as ${WAYS[way]}`);
    this.#body.replaceChildren(this.#text);
  }

  #goTo(index: number): void {
    this.#open(index);
  }

  #open(index: number | undefined): void {
    const node = index === undefined ? undefined : this.#facts.nodes[index];
    this.#picture.select(index);
    if (node === undefined) this.#details.hide();
    else {
      this.#details.show(node);
      this.#picture.show(node.index);
    }
  }

  #json(): string {
    const { json = '' } = this.#output.plan;
    return json.length > MAX_INDENTED ? json : JSON.stringify(JSON.parse(json), null, 2);
  }

  #save(): void {
    if (this.#way !== 'picture') this.#show('picture');
    const background = getComputedStyle(this.element).getPropertyValue('--kodiak-plan-ground').trim() || '#ffffff';
    this.#post({ type: 'savePlan', text: standaloneSvg(this.#picture.drawing, this.#picture.size, background), extension: 'svg' });
  }
}
