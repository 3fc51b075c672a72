import type { DuckDBConnection } from '@duckdb/node-api';
import { every } from '../base/timers.ts';

/** An interrupt that arrives before the native call has begun is lost, so it is repeated until the call ends. */
const INTERRUPT_INTERVAL_MS = 20;

/** Interrupts what the connection runs from an abort on, until the function that it gives is called. */
export function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined): () => void {
  if (!signal) return () => undefined;
  let repeat: { dispose(): void } | undefined;
  const abort = () => {
    connection.interrupt();
    repeat = every(INTERRUPT_INTERVAL_MS, () => connection.interrupt());
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => {
    signal.removeEventListener('abort', abort);
    repeat?.dispose();
  };
}
