import { describe, expect, it } from 'vitest';
import { graphCell, pictureCells, pictureEdges } from '../../../client/notebook/graphPicture.ts';
import type { WatchedCell } from '../../../client/notebook/staleCells.ts';
import type { WireEffects } from '../../../server/protocol/freshness.ts';

const nothing: WireEffects = { reads: [], writes: [], session: false, ddl: false, defines: [], settings: false };
const names = { cell: (index: number) => `cell ${index + 1}`, origin: () => undefined, sessionId: 'file:///a', folder: '/work' };

function cell(text: string, ...effects: Partial<WireEffects>[]): WatchedCell {
  const statements = effects.map((one) => ({ effects: { ...nothing, ...one }, freshness: { state: 'fresh' } as const }));
  return { name: `the cell "${text}"`, text, ...(effects.length > 0 && { ran: { text, failed: false, statements } }) };
}

describe('the picture of a graph', () => {
  it('tells the server what a cell did, if it has run as it stands', () => {
    const ran = cell('two statements', { reads: ['m.main.a'], writes: ['m.main.b'] }, { reads: ['m.main.a', 'm.main.c'], ddl: true });
    const did = { reads: ['m.main.a', 'm.main.c'], writes: ['m.main.b'], session: false, ddl: true };
    expect(graphCell(ran, 'daily')).toEqual({ name: ran.name, sql: ran.text, resultName: 'daily', ran: did });
    expect(graphCell({ ...ran, text: 'edited' }, undefined)).toEqual({ name: ran.name, sql: 'edited' });
    expect(graphCell(cell('unknown', { reads: 'unknown' }), undefined).ran?.reads).toBe('unknown');
    expect(graphCell(cell('never run'), undefined).ran).toBeUndefined();
  });

  it('has the lines of the analysis, of the runs, and of the order, one between two cells', () => {
    const cells = [cell('view', { defines: ['v'], ddl: true }), cell('from v', { reads: ['m.main.t'] }), cell('select 1', {})];
    const graph = {
      flows: [{ from: 0, to: 2, reason: 'reads file:/work/data/a.csv, which cell 1 writes' }],
      edges: [
        { from: 0, to: 1, reason: 'comes after cell 1, which changes the catalog' },
        { from: 1, to: 2, reason: 'comes after cell 2, which may change anything' },
      ],
    };
    expect(pictureEdges(cells, graph, names)).toEqual([
      { from: 0, to: 1, reason: 'uses v, which the cell "view" defines', flow: true },
      { from: 0, to: 2, reason: 'reads data/a.csv, which cell 1 writes', flow: true },
      { from: 1, to: 2, reason: 'comes after cell 2, which may change anything', flow: false },
    ]);
  });

  it('calls tables as people do', () => {
    const graph = { flows: [{ from: 0, to: 1, reason: 'reads shop.main.orders, which cell 1 writes' }], edges: [] };
    expect(pictureEdges([cell('a'), cell('b')], graph, names)[0]?.reason).toBe('reads main.orders, which cell 1 writes');
  });

  it('says how each cell stands, and shows the beginning of its text on one line', () => {
    const long = cell(`select\n  ${'x'.repeat(300)}`);
    expect(
      pictureCells(
        [
          { watched: cell('from t', {}), state: { kind: 'fresh' }, running: false },
          { watched: cell('from t', {}), state: { kind: 'stale', reason: { kind: 'builtOn', cell: 0 } }, running: false },
          { watched: cell('from t'), state: { kind: 'neverRun' }, running: true },
          { watched: long, state: { kind: 'neverRun' }, running: false },
        ],
        names,
      ),
    ).toMatchObject([
      { name: 'from t', state: 'fresh', detail: 'fresh' },
      { state: 'stale', detail: 'stale: cell 1, which it depends on, is stale' },
      { state: 'running', detail: 'running' },
      { state: 'neverRun', detail: 'never run', text: expect.stringMatching(/^select x{112}…$/) },
    ]);
  });
});
