import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { Log } from './log.ts';
import type { FailureCode, WireFailure } from './protocol/values.ts';
import { toWireFailure } from './wire.ts';

/**
 * The one guard around every request handler. Whatever it throws becomes a `ResponseError` with a `WireFailure` in its data; a bug
 * is logged and ends nothing. The handler's signal aborts with the request's token.
 */
export function guarded<Params, Result>(
  method: string,
  log: Log,
  handle: (params: Params, signal: AbortSignal) => Result | Promise<Result>,
): (...args: unknown[]) => Promise<Result> {
  return async (...args) => {
    // A request without params gives the token alone.
    const token = args.at(-1) as CancellationToken;
    const params = (args.length > 1 ? args[0] : null) as Params;
    const controller = new AbortController();
    const listener = token.onCancellationRequested(() => controller.abort());
    if (token.isCancellationRequested) controller.abort();
    try {
      return await handle(params, controller.signal);
    } catch (thrown) {
      const failure = toWireFailure(thrown);
      if (failure.code === 'bug') log(`${method} failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
      throw new ResponseError<WireFailure>(RPC_CODES[failure.code], failure.message, failure);
    } finally {
      listener.dispose();
    }
  };
}

/** Of the language server protocol, whose package would make every terminal's server start later. */
const REQUEST_FAILED = -32803;
const REQUEST_CANCELLED = -32800;

const RPC_CODES: Readonly<Record<FailureCode, number>> = {
  sql: REQUEST_FAILED,
  cancelled: REQUEST_CANCELLED,
  timeout: REQUEST_FAILED,
  limit: REQUEST_FAILED,
  unavailable: REQUEST_FAILED,
  bug: ErrorCodes.InternalError,
};
