import type { CancellationToken, MessageConnection } from 'vscode-languageserver/node';
import type { NotificationDescriptor, RequestDescriptor } from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';

interface Waiter {
  readonly method: string;
  readonly matches: (params: never) => boolean;
  readonly resolve: (params: never) => void;
}

/** The client's end of a connection: requests by descriptor, and waiting for what the server tells. */
export class RpcClient {
  readonly connection: MessageConnection;
  /** All that the server told, in order. */
  readonly told: { readonly method: string; readonly params: unknown }[] = [];
  readonly #waiters = new Set<Waiter>();

  constructor(connection: MessageConnection) {
    this.connection = connection;
    connection.onNotification((method, params) => {
      this.told.push({ method, params });
      for (const waiter of this.#waiters) {
        if (waiter.method !== method || !waiter.matches(params as never)) continue;
        this.#waiters.delete(waiter);
        waiter.resolve(params as never);
      }
    });
    connection.onError(() => {});
    connection.listen();
  }

  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params, token?: CancellationToken): Promise<Result> {
    return this.connection.sendRequest<Result>(descriptor.method, params, token);
  }

  /** The failure that a request is answered with. */
  async failure<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<WireFailure & { rpcCode: number }> {
    try {
      await this.request(descriptor, params);
    } catch (thrown) {
      const { code, data } = thrown as { code: number; data: WireFailure };
      return { ...data, rpcCode: code };
    }
    throw new Error(`${descriptor.method} was answered well.`);
  }

  /** The next notification of that kind that matches. */
  next<Params>(descriptor: NotificationDescriptor<Params>, matches: (params: Params) => boolean = () => true): Promise<Params> {
    return new Promise((resolve) => {
      this.#waiters.add({ method: descriptor.method, matches, resolve });
    });
  }

  toldOf<Params>(descriptor: NotificationDescriptor<Params>): Params[] {
    return this.told.filter(({ method }) => method === descriptor.method).map(({ params }) => params as Params);
  }

  /** Lines of `window/logMessage`. */
  get logLines(): string[] {
    return this.toldOf<{ message: string }>({ method: 'window/logMessage' }).map(({ message }) => message);
  }
}
