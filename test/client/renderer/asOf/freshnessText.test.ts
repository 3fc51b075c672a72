import { expect, it } from 'vitest';
import { freshnessText } from '../../../../client/renderer/asOf/freshnessText.ts';

it('never says of an earlier run that it is new, nor that it is still so unless that is known', () => {
  expect(freshnessText('14:02', undefined)).toBe('As of 14:02, from an earlier run.');
  expect(freshnessText('14:02', { state: 'unchanged', reason: '' })).toBe('As of 14:02, sources unchanged.');
  expect(freshnessText('14:02', { state: 'changed', reason: 'orders.parquet changed since' })).toBe(
    'As of 14:02, orders.parquet changed since.',
  );
  expect(freshnessText('yesterday 14:02', { state: 'unknown', reason: '' })).toBe(
    'As of yesterday 14:02, cannot tell whether its sources changed.',
  );
  expect(freshnessText('14:02', { state: 'unknown', reason: 'it calls random()' })).toBe(
    'As of 14:02, cannot tell whether its sources changed: it calls random().',
  );
});
