import { expect, it } from 'vitest';
import { ArrivalQueue } from '../../../engine/pool/arrivalQueue.ts';

it('keeps the order of arrival when some leave, and lets go of the places that are left', () => {
  const queue = new ArrivalQueue<string>();
  const places = ['a', 'b', 'c', 'd', 'e'].map((who) => queue.join(who));
  for (const place of [places[0], places[2], places[4]]) if (place) queue.leave(place);
  expect([...queue]).toEqual(['b', 'd']);
  expect([queue.next(), queue.first, queue.size]).toEqual(['b', 'd', 1]);
  queue.join('f');
  expect([queue.next(), queue.next(), queue.next(), queue.size]).toEqual(['d', 'f', undefined, 0]);
  for (const place of places) expect(place).toMatchObject({ before: undefined, after: undefined });
});
