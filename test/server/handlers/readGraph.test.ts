import { expect, it } from 'vitest';
import { readGraph, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

const cells = [
  { name: 'the cell "Orders"', sql: 'create or replace table orders as select 1 as a' },
  { name: 'cell 2', sql: 'from orders' },
  { name: 'cell 3', sql: 'select 42' },
];

it('says what cells depend on, by their names, and opens no database for it', async () => {
  const { client } = await startEditor();
  expect(await client.request(readGraph, { sessionId: 'notebook', cells })).toEqual({ edges: [], flows: [], needs: [] });
  await client.request(runQuery, { runId: 'r', sessionId: 'notebook', sql: cells[0]?.sql ?? '' });
  const { edges, flows } = await client.request(readGraph, { sessionId: 'notebook', cells });
  expect(flows).toEqual([{ from: 0, to: 1, reason: 'reads memory.main.orders, which the cell "Orders" writes' }]);
  expect(edges.map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

it('takes what a cell did when it ran for what it does', async () => {
  const { client } = await startEditor();
  await client.request(runQuery, { runId: 'r', sessionId: 'notebook', sql: 'set variable x = 1' });
  const did = { reads: [], writes: ['memory.main.orders'], session: false, ddl: false };
  const ran = [{ ...cells[2], name: 'a', sql: 'insert into orders values (1)', ran: did }, ...cells.slice(1)];
  // The session has a variable of its own: without a run nothing would be known.
  const { flows } = await client.request(readGraph, {
    sessionId: 'notebook',
    cells: ran.map((cell, index) => (index === 1 ? { ...cell, ran: { ...did, reads: ['memory.main.orders'], writes: [] } } : cell)),
  });
  expect(flows).toEqual([{ from: 0, to: 1, reason: 'reads memory.main.orders, which a writes' }]);
});
