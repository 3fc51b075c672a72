import type { ResultsView } from '../results/resultsView.ts';

/** Empties the results panel; the server gives up the rows. */
export function clearResults(results: ResultsView): () => void {
  return () => results.runs.closeAll();
}
