/** A notebook that has a tab. */
export interface OpeningCandidate {
  /** It is open already: its file is read again perhaps, because it changed. */
  readonly isOpen: boolean;
  /** It can be seen. */
  readonly isActive: boolean;
  /** Its file has exactly the content that is opened. */
  readonly hasContent: boolean;
}

/**
 * The one that is being opened: by its content first, then one that was not open, then one that can be seen. One that has unsaved
 * changes has no such content in its file: it is meant when it is the only one that is not open yet. Undefined where two could be
 * meant, because to show one notebook's results in another would be a lie.
 */
export function chooseOpening<T extends OpeningCandidate>(candidates: readonly T[]): T | undefined {
  const same = candidates.filter(({ hasContent }) => hasContent);
  if (same.length === 0) return only(candidates.filter(({ isOpen, isActive }) => !isOpen && isActive));
  const fresh = same.filter(({ isOpen }) => !isOpen);
  const left = fresh.length > 0 ? fresh : same;
  return only(left) ?? only(left.filter(({ isActive }) => isActive));
}

function only<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
