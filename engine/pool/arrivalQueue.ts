/** Where someone stands in a queue, for leaving it from the middle. */
export interface Place<W> {
  readonly who: W;
  before: Place<W> | undefined;
  after: Place<W> | undefined;
}

/**
 * Who came, in the order of arrival, as a linked list: joining, leaving and going first take the same time at any length. A `Set`
 * would keep the order too, but one that is added to and deleted from all the time is rebuilt all the time.
 */
export class ArrivalQueue<W> {
  #first: Place<W> | undefined;
  #last: Place<W> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): W | undefined {
    return this.#first?.who;
  }

  join(who: W): Place<W> {
    const place: Place<W> = { who, before: this.#last, after: undefined };
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Takes out the one who came first. */
  next(): W | undefined {
    const place = this.#first;
    if (place) this.leave(place);
    return place?.who;
  }

  /** For someone who is in the queue. */
  leave(place: Place<W>): void {
    if (place.before) place.before.after = place.after;
    else this.#first = place.after;
    if (place.after) place.after.before = place.before;
    else this.#last = place.before;
    // A dead place in V8's old generation would keep all that came after it from being collected cheaply.
    place.before = undefined;
    place.after = undefined;
    this.#size--;
  }

  *[Symbol.iterator](): Generator<W> {
    for (let place = this.#first; place; ) {
      const { who, after } = place;
      yield who;
      place = after;
    }
  }
}
