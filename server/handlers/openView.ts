import { KodiakError } from '../../engine/base/errors.ts';
import { namedWork } from '../namedWork.ts';
import { FILTER_OPERATORS, type OpenViewParams, type OpenViewResult, type WireFilter } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Sorts, filters and searches the rows of a result; the view has a handle of its own. */
export const openView: Handler<OpenViewParams, OpenViewResult> = async (server, client, params, signal) => {
  const { result, view: base } = server.results.get(params.resultId);
  if (base) throw new KodiakError('bug', 'A view is opened of a result, not of another view.');
  const { sort = [], filters = [], search = '' } = params;
  for (const filter of filters) checkFilter(filter);
  const view = await namedWork(server, client, params.runId, signal, (either) =>
    result.view({ sort, filters, search }, { signal: either }),
  );
  return { resultId: server.results.addView(view, params.resultId, params.pinned ? client : undefined), rowCount: view.rowCount };
};

function checkFilter({ op, values = [] }: WireFilter): void {
  if (!Object.hasOwn(FILTER_OPERATORS, op)) throw new KodiakError('bug', `There is no filter ${JSON.stringify(op)}.`);
  const strange = values.find((value) => value !== null && !['boolean', 'number', 'string'].includes(typeof value));
  if (strange !== undefined) throw new KodiakError('bug', `A filter cannot compare with ${JSON.stringify(strange)}.`);
}
