import type { PeekView } from '../peek/peekView.ts';

/** Shows all rows of what was peeked at last in the results panel. */
export function openPeek(view: PeekView): () => Promise<void> {
  return () => view.open();
}
