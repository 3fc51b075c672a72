import type { ResultsView } from '../results/resultsView.ts';

/** Stops the run that the results panel shows. */
export function cancelRun(results: ResultsView): () => void {
  return () => {
    const { active } = results.runs;
    if (active?.state === 'running') results.runs.cancel(active.runId);
  };
}
