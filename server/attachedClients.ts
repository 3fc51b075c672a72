import type { Clock } from '../engine/base/clock.ts';
import { after, type Timer } from '../engine/base/timers.ts';
import type { Client } from './client.ts';
import { type AttachedClient, attachedChanged } from './protocol/attached.ts';

/** Programs come in crowds. */
const GATHER_MS = 50;

/** The programs that use a server, in the order in which they came. Terminals are told of each change. */
export class AttachedClients implements Iterable<Client> {
  readonly #clock: Clock;
  readonly #since = new Map<Client, number>();
  #announcing: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(client: Client): void {
    this.#since.set(client, this.#clock.monotonic());
    this.#changed();
  }

  delete(client: Client): void {
    this.#since.delete(client);
    this.#changed();
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#since.keys();
  }

  describe(sessionsOf: (client: Client) => number): AttachedClient[] {
    const now = this.#clock.monotonic();
    return [...this.#since].map(([client, since]) => ({
      ...client.identity,
      attachedMs: Math.round(now - since),
      sessions: sessionsOf(client),
    }));
  }

  dispose(): void {
    this.#announcing?.dispose();
    this.#since.clear();
  }

  #changed(): void {
    this.#announcing ??= after(GATHER_MS, () => {
      this.#announcing = undefined;
      const clients = [...this.#since.keys()].map(({ identity }) => identity);
      for (const client of this.#since.keys()) if (client.identity.kind === 'terminal') client.notify(attachedChanged, { clients });
    });
  }
}
