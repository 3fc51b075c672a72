import type { CheckResultsResult } from '../../../server/protocol/requests.ts';

/** `As of 14:02, sources unchanged.` `undefined`: it is not known yet. */
export function freshnessText(asOf: string, freshness: CheckResultsResult | undefined): string {
  if (freshness === undefined) return `As of ${asOf}, from an earlier run.`;
  const { state, reason } = freshness;
  switch (state) {
    case 'done':
      return `As of ${asOf}, from an earlier run.`;
    case 'unchanged':
      return `As of ${asOf}, sources unchanged.`;
    case 'changed':
      return `As of ${asOf}, ${reason}.`;
    case 'unknown':
      return `As of ${asOf}, cannot tell whether its sources changed${reason === '' ? '' : `: ${reason}`}.`;
  }
}
