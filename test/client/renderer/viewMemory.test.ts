import { expect, test } from 'vitest';
import { naturalArrangement, withHidden } from '../../../client/renderer/columnArrangement.ts';
import { ViewMemory } from '../../../client/renderer/viewMemory.ts';

const columns = [
  { name: 'a', type: 'INTEGER' },
  { name: 'b', type: 'VARCHAR' },
];
const looked = {
  spec: { sort: [{ column: 1 }], filters: [], search: '' },
  arrangement: withHidden(naturalArrangement(2), 0),
  thousands: true,
};

test('how a result was looked at is kept for the next of the same statement', () => {
  const memory = new ViewMemory();
  memory.remember('cell 1', columns, looked);
  expect(
    memory.recall(
      'cell 1',
      columns.map((column) => ({ ...column })),
    ),
  ).toMatchObject(looked);
  expect(memory.recall('cell 2', columns)).toBeUndefined();
});

test('other columns are looked at anew', () => {
  const memory = new ViewMemory();
  memory.remember('cell 1', columns, looked);
  expect(memory.recall('cell 1', columns.slice(0, 1))).toBeUndefined();
  expect(memory.recall('cell 1', [columns[0] ?? { name: '', type: '' }, { name: 'b', type: 'BLOB' }])).toBeUndefined();
});

test('what has no name is not remembered, and what is old is forgotten', () => {
  const memory = new ViewMemory();
  memory.remember(undefined, columns, looked);
  expect(memory.recall(undefined, columns)).toBeUndefined();
  for (let index = 0; index < 201; index++) memory.remember(`cell ${index}`, columns, looked);
  expect(memory.recall('cell 0', columns)).toBeUndefined();
  expect(memory.recall('cell 200', columns)).toBeDefined();
});
