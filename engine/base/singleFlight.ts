/** One caller's part in a flight. */
export interface Passenger<Value, Event> {
  /** Aborting lets this caller go with `onAbort`'s error; the work goes on while anybody else waits for it. */
  readonly signal: AbortSignal | undefined;
  /** Called for each event of the work; one who joins late is told the last one at once. */
  readonly onEvent: (event: Event) => void;
  /** Makes this caller's own share of the value, in the turn in which the work ends. */
  readonly take: (value: Value) => Value;
  /** What the caller gets when its signal is aborted. */
  readonly onAbort: () => Error;
}

export interface Flight<Value> {
  /** True for the caller that started the work. */
  readonly led: boolean;
  readonly value: Promise<Value>;
  /** Aborted when nobody waits for the work any more. */
  readonly abandoned: AbortSignal;
  /** Settles, never rejects, when the work itself ended, also when this caller was let go before. */
  readonly ended: Promise<void>;
}

interface Running<Value, Event> {
  readonly controller: AbortController;
  readonly passengers: Set<Seat<Value, Event>>;
  readonly ended: Promise<void>;
  last: { readonly event: Event } | undefined;
}

interface Seat<Value, Event> {
  readonly passenger: Passenger<Value, Event>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs work once for all who ask for the same at the same time. One caller's abort harms nobody else; the last one's aborts the
 * work. A value is handed out once per caller, so that shares can be counted.
 */
export class SingleFlight<Value, Event> {
  readonly #running = new Map<string, Running<Value, Event>>();
  #shared = 0;

  /** Callers that were served by the work of another. */
  get shared(): number {
    return this.#shared;
  }

  /** Joins the work of that key, or starts it. `dispose` gives back the starter's own share once all callers have theirs. */
  join(
    key: string,
    passenger: Passenger<Value, Event>,
    start: (signal: AbortSignal, emit: (event: Event) => void) => Promise<Value>,
    dispose: (value: Value) => void,
  ): Flight<Value> {
    const known = this.#running.get(key);
    if (known) {
      this.#shared++;
      if (known.last) passenger.onEvent(known.last.event);
      return { led: false, value: this.#board(known, passenger), abandoned: known.controller.signal, ended: known.ended };
    }
    const controller = new AbortController();
    let landed = () => {};
    const ended = new Promise<void>((resolve) => {
      landed = resolve;
    });
    const flight: Running<Value, Event> = { controller, passengers: new Set(), ended, last: undefined };
    this.#running.set(key, flight);
    const value = this.#board(flight, passenger);
    const emit = (event: Event) => {
      flight.last = { event };
      for (const { passenger: other } of flight.passengers) other.onEvent(event);
    };
    const leave = () => {
      if (this.#running.get(key) === flight) this.#running.delete(key);
      landed();
    };
    start(controller.signal, emit).then(
      (result) => {
        for (const seat of flight.passengers) seat.resolve(seat.passenger.take(result));
        flight.passengers.clear();
        dispose(result);
        leave();
      },
      (failure: unknown) => {
        for (const seat of flight.passengers) seat.reject(failure);
        flight.passengers.clear();
        leave();
      },
    );
    // Nobody may join work that is being aborted.
    controller.signal.addEventListener('abort', () => this.#running.get(key) === flight && this.#running.delete(key), { once: true });
    return { led: true, value, abandoned: controller.signal, ended };
  }

  #board(flight: Running<Value, Event>, passenger: Passenger<Value, Event>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const { signal } = passenger;
      const abort = () => {
        flight.passengers.delete(seat);
        reject(passenger.onAbort());
        if (flight.passengers.size === 0) flight.controller.abort();
      };
      const settle =
        <T>(settled: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', abort);
          settled(value);
        };
      const seat: Seat<Value, Event> = { passenger, resolve: settle(resolve), reject: settle(reject) };
      flight.passengers.add(seat);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
