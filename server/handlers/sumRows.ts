import type { ColumnSum } from '../../engine/types.ts';
import { namedWork } from '../namedWork.ts';
import type { SumRowsParams, WireColumnSum } from '../protocol/requests.ts';
import { toWireValue } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Adds up cells of a result or a view. */
export const sumRows: Handler<SumRowsParams, { readonly columns: readonly WireColumnSum[] }> = async (server, client, params, signal) => {
  const { resultId, offset, limit, columns, runId } = params;
  const { result, view } = server.results.get(resultId);
  const sums = await namedWork(server, client, runId, signal, (either) =>
    result.sum({ offset, limit }, columns, { signal: either, ...(view && { view }) }),
  );
  return { columns: sums.map(toWireSum) };
};

function toWireSum({ values, numbers }: ColumnSum): WireColumnSum {
  if (numbers === undefined) return { values };
  const { count, sum, minimum, maximum } = numbers;
  return { values, numbers: { count, sum: toWireValue(sum), minimum: toWireValue(minimum), maximum: toWireValue(maximum) } };
}
