import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependencyEdges, needEdges, reduceEdges, UNKNOWN_EFFECTS } from '../../../engine/parallel/dependencyGraph.ts';
import type { CellEdge, CellEffects } from '../../../engine/types.ts';

const cell = (fields: Partial<CellEffects> = {}): CellEffects => ({ reads: [], writes: [], session: false, ddl: false, ...fields });

describe('dependencyEdges', () => {
  const cases: readonly [string, CellEffects, CellEffects, string | undefined][] = [
    ['two reads', cell({ reads: ['a'] }), cell({ reads: ['a'] }), undefined],
    ['a read after a write', cell({ writes: ['a'] }), cell({ reads: ['b', 'a'] }), 'reads a, which cell 1 writes'],
    ['a write after a read', cell({ reads: ['a'] }), cell({ writes: ['a'] }), 'writes a, which cell 1 reads'],
    ['a write after a write', cell({ writes: ['a'] }), cell({ writes: ['a'] }), 'writes a, as cell 1 does'],
    ['writes apart', cell({ writes: ['a'] }), cell({ writes: ['b'] }), undefined],
    ['unknown reads after a write', cell({ writes: ['a'] }), cell({ reads: 'unknown' }), 'reads perhaps a, which cell 1 writes'],
    ['a write after unknown reads', cell({ reads: 'unknown' }), cell({ writes: ['a'] }), 'writes perhaps a, which cell 1 reads'],
    ['unknown reads beside reads', cell({ reads: 'unknown' }), cell({ reads: ['a'] }), undefined],
    ['anything after anything', UNKNOWN_EFFECTS, cell(), 'comes after cell 1, which may change anything'],
    ['anything after a read', cell({ reads: ['a'] }), UNKNOWN_EFFECTS, 'may change anything that cell 1 reads or writes'],
    ['a cell after a change of the catalog', cell({ ddl: true }), cell(), 'comes after cell 1, which changes the catalog'],
    ['a change of the catalog', cell(), cell({ ddl: true }), 'changes the catalog, which cell 1 uses'],
    ['both the session', cell({ session: true }), cell({ session: true }), "uses the session's own state, as cell 1 does"],
    ['one the session', cell({ session: true }), cell({ reads: ['a'] }), undefined],
  ];
  for (const [name, first, second, reason] of cases) {
    it(name, () => expect(dependencyEdges([first, second])).toEqual(reason === undefined ? [] : [{ from: 0, to: 1, reason }]));
  }
});

it('reduces to the fewest edges with the same order', () => {
  const edges = fc
    .integer({ min: 2, max: 10 })
    .chain((count) => fc.uniqueArray(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { selector: ([a, b]) => a * 100 + b, maxLength: 40 }));
  fc.assert(
    fc.property(edges, (pairs) => {
      const all: CellEdge[] = pairs.filter(([a, b]) => a < b).map(([from, to]) => ({ from, to, reason: '' }));
      const reduced = reduceEdges(all);
      expect(closure(reduced)).toEqual(closure(all));
      for (const edge of reduced) expect(closure(reduced.filter((other) => other !== edge))).not.toEqual(closure(all));
    }),
  );
});

/** All pairs with a path between them, by Warshall's algorithm. */
function closure(edges: readonly CellEdge[]): string[] {
  const pairs = new Set(edges.map(({ from, to }) => `${from}-${to}`));
  for (let middle = 0; middle < 10; middle++) {
    for (let from = 0; from < 10; from++) {
      for (let to = 0; to < 10; to++) if (pairs.has(`${from}-${middle}`) && pairs.has(`${middle}-${to}`)) pairs.add(`${from}-${to}`);
    }
  }
  return [...pairs].sort();
}

describe('needEdges', () => {
  const needs = (...cells: CellEffects[]) => needEdges(cells).map(({ from, to }) => `${from}→${to}`);

  it('are what a cell cannot do without', () => {
    const insert = cell({ writes: ['t'] });
    const read = cell({ reads: ['t'] });
    expect(needs(insert, read)).toEqual(['0→1']);
    expect(needs(read, insert)).toEqual([]);
    expect(needs(cell({ writes: ['u'], ddl: true }), read)).toEqual(['0→1']);
    expect(needs(read, cell({ writes: ['u'], ddl: true }))).toEqual([]);
    expect(needs(UNKNOWN_EFFECTS, read)).toEqual(['0→1']);
    expect(needs(insert, cell({ reads: 'unknown' }))).toEqual(['0→1']);
    expect(needs(cell({ session: true }), read)).toEqual(['0→1']);
    expect(needs(cell({ session: true, reads: ['t'] }), read)).toEqual([]);
    expect(needs(read, read)).toEqual([]);
  });
});
