import type { Client } from './client.ts';

/** The database files that clients look at, each as often as they asked for it. */
export class LookedAtFiles {
  readonly #paths = new Map<Client, string[]>();

  add(client: Client, path: string): void {
    this.#paths.set(client, [...(this.#paths.get(client) ?? []), path]);
  }

  /** False when the client does not look at the file. */
  remove(client: Client, path: string): boolean {
    const paths = this.#paths.get(client) ?? [];
    const index = paths.indexOf(path);
    if (index < 0) return false;
    paths.splice(index, 1);
    if (paths.length === 0) this.#paths.delete(client);
    return true;
  }

  /** For a client that is gone: what it still looked at. */
  removeAll(client: Client): readonly string[] {
    const paths = this.#paths.get(client) ?? [];
    this.#paths.delete(client);
    return paths;
  }
}
