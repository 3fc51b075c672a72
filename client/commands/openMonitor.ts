import type { MonitorView } from '../cockpit/monitorView.ts';
import { showFailure } from '../showFailure.ts';

/** Brings the monitor to the front. */
export function openMonitor(monitor: MonitorView): () => Promise<void> {
  return async () => {
    try {
      await monitor.reveal();
    } catch (error) {
      await showFailure(error);
    }
  };
}
