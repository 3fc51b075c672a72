import { describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { assignedPins, type KeptPin, mergedPins, PinMemory, pinCellKey, pinPlace } from '../../../client/notebook/pinMemory.ts';
import { cellKey } from '../../../server/protocol/archive.ts';

/** VS Code's state of a workspace, which keeps JSON. */
function memento(): Memento {
  const values = new Map<string, string>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => (values.has(key) ? JSON.parse(values.get(key) ?? '') : otherwise),
    update: async (key: string, value: unknown) => void values.set(key, JSON.stringify(value)),
  } as Memento;
}

function pin(id: string): KeptPin {
  return { id, database: '', cells: [`cell of ${id}`], sql: 'select 1', pinnedAt: 1 };
}

describe('PinMemory', () => {
  it('gives the pins of a notebook to who opens it next', async () => {
    const state = memento();
    await new PinMemory(state).put('file:///a.sql', [pin('1'), pin('2')]);
    await new PinMemory(state).put('file:///b.sql', [pin('3')]);
    const next = new PinMemory(state);
    expect(next.of('file:///a.sql')).toEqual([pin('1'), pin('2')]);
    expect(next.of('file:///b.sql')).toEqual([pin('3')]);
    expect(next.of('file:///c.sql')).toEqual([]);
    await next.put('file:///a.sql', []);
    expect(new PinMemory(state).of('file:///a.sql')).toEqual([]);
    expect(new PinMemory(state).of('file:///b.sql')).toEqual([pin('3')]);
  });

  it('forgets the notebooks whose pins changed least recently', async () => {
    const memory = new PinMemory(memento());
    for (let index = 0; index < 200; index++) await memory.put(`file:///${index}.sql`, [pin(String(index))]);
    await memory.put('file:///0.sql', [pin('again')]);
    await memory.put('file:///new.sql', [pin('new')]);
    expect(memory.of('file:///0.sql')).toEqual([pin('again')]);
    expect(memory.of('file:///1.sql')).toEqual([]);
    expect(memory.of('file:///2.sql')).toEqual([pin('2')]);
    expect(memory.of('file:///new.sql')).toEqual([pin('new')]);
  });
});

describe('the place of pinned rows', () => {
  it('is another for each pin, and not that of what the cell shows', () => {
    const places = [pinPlace(pin('1'), 'n'), pinPlace(pin('2'), 'n'), { notebook: 'n', database: '', sql: 'select 1', occurrence: 0 }];
    expect(new Set(places.map(cellKey)).size).toBe(3);
  });
});

describe('pins of a notebook', () => {
  it('are remembered while its cells are not there, as on another branch, and not when they ended', () => {
    const stored = [pin('elsewhere'), pin('here'), pin('unpinned')];
    const here = { ...pin('here'), cells: ['moved'] };
    expect(mergedPins(stored, [here, pin('new')], new Set(['unpinned']))).toEqual([pin('elsewhere'), here, pin('new')]);
  });

  it('go to one cell each, as it is before as it was saved, the newest first', () => {
    const edited = { ...pin('edited'), cells: ['now', 'saved'] };
    expect([...assignedPins([edited], ['saved', 'now'])]).toEqual([[1, edited]]);
    expect([...assignedPins([edited], ['other', 'saved'])]).toEqual([[1, edited]]);
    expect([...assignedPins([edited], ['other'])]).toEqual([]);
    const newer = { ...pin('newer'), cells: ['now'] };
    expect([...assignedPins([edited, newer], ['now'])]).toEqual([[0, newer]]);
    expect(new Map(assignedPins([edited, newer], ['now', 'saved']))).toEqual(
      new Map([
        [0, newer],
        [1, edited],
      ]),
    );
  });

  it('are found whatever database is open', () => {
    const place = { notebook: 'n', sql: 'select 1', occurrence: 0 };
    expect(pinCellKey({ ...place, database: 'a' } as typeof place)).toBe(pinCellKey({ ...place, database: 'b' } as typeof place));
    expect(pinCellKey(place)).not.toBe(pinCellKey({ ...place, occurrence: 1 }));
  });
});
