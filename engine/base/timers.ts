/** Ends a timer; a second call does nothing. */
export interface Timer {
  dispose(): void;
}

/** Calls `tick` every `intervalMs`; never keeps the process alive. */
export function every(intervalMs: number, tick: () => void): Timer {
  const handle = setInterval(tick, intervalMs);
  handle.unref();
  return { dispose: () => clearInterval(handle) };
}

/** Calls `fire` once after `delayMs`; never keeps the process alive. */
export function after(delayMs: number, fire: () => void): Timer {
  const handle = setTimeout(fire, delayMs);
  handle.unref();
  return { dispose: () => clearTimeout(handle) };
}
