import type { Engine, Session, SessionOptions } from '../engine/types.ts';
import type { Client } from './client.ts';

interface Entry {
  readonly session: Promise<Session>;
  readonly users: Set<Client>;
}

/** The engine's sessions by the name that clients gave them; each lives until it is closed or its last user left. */
export class SqlSessions {
  readonly #entries = new Map<string, Entry>();

  /** Gives the session of that name; opens it at the first call, whose options count. A failure is forgotten. */
  obtain(client: Client, sessionId: string, engine: () => Promise<Engine>, options: SessionOptions): Promise<Session> {
    const known = this.#entries.get(sessionId);
    if (known) {
      known.users.add(client);
      return known.session;
    }
    const session = engine().then((opened) => opened.openSession(options));
    const entry = { session, users: new Set([client]) };
    this.#entries.set(sessionId, entry);
    session.catch(() => {
      if (this.#entries.get(sessionId) === entry) this.#entries.delete(sessionId);
    });
    return session;
  }

  /** True also for one that is being opened. */
  has(sessionId: string): boolean {
    return this.#entries.has(sessionId);
  }

  /** The session if it is there; never opens one. */
  async find(sessionId: string): Promise<Session | undefined> {
    return this.#entries.get(sessionId)?.session.catch(() => undefined);
  }

  /** Waits for one that is being opened. False when there is none. */
  async close(sessionId: string): Promise<boolean> {
    const entry = this.#entries.get(sessionId);
    if (!entry) return false;
    this.#entries.delete(sessionId);
    const session = await entry.session.catch(() => undefined);
    await session?.close();
    return session !== undefined;
  }

  /** How many sessions the client uses. */
  countOf(client: Client): number {
    let count = 0;
    for (const { users } of this.#entries.values()) if (users.has(client)) count++;
    return count;
  }

  /** How many sessions would lose something if their engine ended now. */
  async countBound(): Promise<number> {
    const sessions = await Promise.all([...this.#entries.values()].map(({ session }) => session.catch(() => undefined)));
    return sessions.filter((session) => session?.busy || session?.keepsConnection).length;
  }

  /** Names of the sessions that nobody uses once `client` is gone. */
  removeUser(client: Client): string[] {
    const abandoned: string[] = [];
    for (const [sessionId, { users }] of this.#entries) if (users.delete(client) && users.size === 0) abandoned.push(sessionId);
    return abandoned;
  }

  /** Forgets all of them, for an engine that closes them itself. */
  forgetAll(): void {
    this.#entries.clear();
  }
}
