import { describe, expect, it } from 'vitest';
import { DEFINITIONS_EFFECT, type Effect, NO_EFFECT, SETTINGS_EFFECT, UNKNOWN_EFFECT } from '../../../engine/cache/effect.ts';
import { type Dependencies, Versions } from '../../../engine/cache/versions.ts';

const orders = { catalog: 'shop', schema: 'main', table: 'orders' };
const items = { catalog: 'shop', schema: 'main', table: 'items' };
const other = { catalog: 'other', schema: 'main', table: 'orders' };
const on = (...tables: Dependencies['tables'][number][]): Dependencies => ({ tables, catalogs: [], definitions: false });
const writing = (...tables: Effect['tables'][number][]): Effect => ({ ...NO_EFFECT, tables });

describe('versions', () => {
  it.each<[string, Effect, Dependencies, boolean]>([
    ['a write to the table', writing(orders), on(orders), true],
    ['a write to another table', writing(items), on(orders), false],
    ['a write to a table of that name elsewhere', writing(other), on(orders), false],
    ['a write to one of two', writing(items), on(orders, items), true],
    ['a change of the whole database', { ...NO_EFFECT, catalogs: ['shop'] }, on(orders), true],
    ['a change of another database', { ...NO_EFFECT, catalogs: ['other'] }, on(orders), false],
    ['an unknown statement', UNKNOWN_EFFECT, on(orders), true],
    ['an unknown statement, for what reads nothing', UNKNOWN_EFFECT, on(), true],
    ['new definitions', DEFINITIONS_EFFECT, on(orders), false],
    ['new definitions, for names looked up without a plan', DEFINITIONS_EFFECT, { ...on(orders), definitions: true }, true],
    ['a write to another table, for row numbers', writing(items), { tables: [orders], catalogs: ['shop'], definitions: false }, true],
    ['a change of another database, for row numbers', writing(other), { tables: [orders], catalogs: ['shop'], definitions: false }, false],
  ])('after %s', async (_, effect, dependencies, moved) => {
    const versions = new Versions(() => 0);
    const before = versions.of(dependencies);
    await versions.around({ effect }, async () => {
      expect(versions.busy(dependencies)).toBe(moved);
      expect(versions.of(dependencies) !== before).toBe(moved);
    });
    expect(versions.busy(dependencies)).toBe(false);
    expect(versions.of(dependencies) !== before).toBe(moved);
  });

  it('move before a write and after it, also when it fails', async () => {
    const versions = new Versions(() => 0);
    const seen = [versions.of(on(orders))];
    await versions
      .around({ effect: writing(orders) }, async () => {
        seen.push(versions.of(on(orders)));
        throw new Error('a constraint');
      })
      .catch(() => undefined);
    seen.push(versions.of(on(orders)));
    expect(new Set(seen).size).toBe(3);
    expect(versions.busy(on(orders))).toBe(false);
  });

  it('count definitions and settings', async () => {
    const versions = new Versions(() => 0);
    await versions.around({ effect: SETTINGS_EFFECT }, async () => undefined);
    expect([versions.settings, versions.definitions]).toEqual([2, 0]);
    await versions.around({ effect: DEFINITIONS_EFFECT }, async () => expect(versions.definitionsBusy).toBe(true));
    expect([versions.settings, versions.definitions, versions.definitionsBusy]).toEqual([2, 2, false]);
  });

  it('tell when something changed last, by the clock that they were given', async () => {
    let now = 1000;
    const versions = new Versions(() => now);
    now = 5000;
    await versions.around({ effect: writing(orders) }, async () => undefined);
    expect([versions.changedAt(on(orders)), versions.changedAt(on(items))]).toEqual([5000, 1000]);
  });
});
