interface Group {
  readonly name: string;
  members: number;
  newest: string | undefined;
  severalAlive: boolean;
}

/**
 * Which stored keys have a newer version of the same group beside them. Such an entry will most likely never be asked for again. A use
 * of one proves the contrary: its group has several living versions (one statement with several parameters, or in several sessions),
 * and nothing in it is superseded any more. All operations are O(1).
 */
export class SupersededKeys {
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<string, Group>();
  readonly #superseded = new Set<string>();

  get size(): number {
    return this.#superseded.size;
  }

  /** The key that was superseded first. */
  get oldest(): string | undefined {
    return this.#superseded.values().next().value;
  }

  has(key: string): boolean {
    return this.#superseded.has(key);
  }

  /** The key that was superseded last comes first. */
  newestFirst(): string[] {
    return [...this.#superseded].reverse();
  }

  /** Says that a key was stored; gives the key that it supersedes. */
  stored(key: string, groupName: string): string | undefined {
    let group = this.#groups.get(groupName);
    if (!group) {
      group = { name: groupName, members: 0, newest: undefined, severalAlive: false };
      this.#groups.set(groupName, group);
    }
    group.members++;
    this.#groupOf.set(key, group);
    const { newest } = group;
    group.newest = key;
    if (newest === undefined || group.severalAlive) return undefined;
    this.#superseded.add(newest);
    return newest;
  }

  /** Says that a key was used; true if it was superseded until now. */
  used(key: string): boolean {
    if (!this.#superseded.delete(key)) return false;
    const group = this.#groupOf.get(key);
    if (group) group.severalAlive = true;
    return true;
  }

  /** Says that a key is no longer stored. */
  removed(key: string): void {
    const group = this.#groupOf.get(key);
    if (!group) return;
    this.#groupOf.delete(key);
    this.#superseded.delete(key);
    if (group.newest === key) group.newest = undefined;
    if (--group.members === 0) this.#groups.delete(group.name);
  }

  clear(): void {
    this.#groups.clear();
    this.#groupOf.clear();
    this.#superseded.clear();
  }
}
