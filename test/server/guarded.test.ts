import { describe, expect, it } from 'vitest';
import { CancellationToken, CancellationTokenSource, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { KodiakError } from '../../engine/base/errors.ts';
import { guarded } from '../../server/guarded.ts';

async function errorOf(handle: () => unknown, log: string[] = []): Promise<ResponseError<unknown>> {
  const error = await guarded('kodiak/x', (line) => log.push(line), handle)({}, CancellationToken.None).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ResponseError);
  return error as ResponseError<unknown>;
}

describe('guarded', () => {
  it('answers with what the handler gives', async () => {
    const double = guarded<{ n: number }, number>(
      'kodiak/x',
      () => {},
      ({ n }) => n * 2,
    );
    expect(await double({ n: 21 }, CancellationToken.None)).toBe(42);
  });

  it('takes a request without params', async () => {
    const handler = guarded<null, unknown>(
      'kodiak/x',
      () => {},
      (params) => params,
    );
    expect(await handler(CancellationToken.None)).toBeNull();
  });

  it('turns a bug into an answer, and logs where it was', async () => {
    const log: string[] = [];
    const error = await errorOf(() => (undefined as unknown as { x: number }).x, log);
    expect(error.code).toBe(ErrorCodes.InternalError);
    expect(error.data).toMatchObject({ code: 'bug' });
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('guarded.test.ts');
  });

  it('passes a failure on without logging it', async () => {
    const log: string[] = [];
    const error = await errorOf(() => Promise.reject(new KodiakError('limit', 'Full.', { setting: 'kodiak.pool.maxWaiting' })), log);
    expect(error.code).toBe(LSPErrorCodes.RequestFailed);
    expect(error.data).toEqual({ code: 'limit', message: 'Full.', setting: 'kodiak.pool.maxWaiting' });
    expect(log).toEqual([]);
  });

  it('aborts the signal with the token, and answers as the protocol wants', async () => {
    const source = new CancellationTokenSource();
    const handler = guarded<null, never>(
      'kodiak/x',
      () => {},
      (_params, signal) => {
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new KodiakError('cancelled', 'Cancelled.'))));
      },
    );
    const answer = handler(null, source.token);
    source.cancel();
    await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled, data: { code: 'cancelled' } });
  });

  it('begins aborted when the token was cancelled before', async () => {
    const handler = guarded<null, boolean>(
      'kodiak/x',
      () => {},
      (_params, signal) => signal.aborted,
    );
    expect(await handler(null, CancellationToken.Cancelled)).toBe(true);
  });
});
