/** Has Ctrl+C abort, and a second one leave the program with this code. Gives the function that ends it. */
export function cancelOnInterrupt(cancel: AbortController, exitCode: number): () => void {
  const interrupt = () => {
    if (cancel.signal.aborted) process.exit(exitCode);
    cancel.abort();
  };
  process.on('SIGINT', interrupt);
  return () => void process.off('SIGINT', interrupt);
}
