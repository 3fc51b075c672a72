import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databasePath, engineOptions } from '../../server/engineOptions.ts';
import { readSettings } from '../../server/protocol/settings.ts';

const folder = resolve('/data/project');

describe('databasePath', () => {
  it.each([
    ['', ':memory:'],
    ['  ', ':memory:'],
    [':memory:', ':memory:'],
    ['sales.duckdb', join(folder, 'sales.duckdb')],
    ['../x.duckdb', resolve(folder, '../x.duckdb')],
    [resolve('/abs/x.duckdb'), resolve('/abs/x.duckdb')],
    ['~/x.duckdb', join(homedir(), 'x.duckdb')],
  ])('%j is %j', (typed, expected) => {
    expect(databasePath(typed, folder)).toBe(expected);
  });
});

describe('engineOptions', () => {
  it('leaves to the engine what a setting of 0 leaves to it', () => {
    const { settings } = readSettings({});
    const options = engineOptions(settings, folder);
    expect(options.database).toBe(':memory:');
    expect(options.memory).not.toHaveProperty('limitBytes');
    expect(options.memory).not.toHaveProperty('ceilingBytes');
    expect(options.parallel).not.toHaveProperty('threads');
  });

  it('turns units', () => {
    const { settings } = readSettings({
      cacheMaxMegabytes: 2,
      memoryLimitMegabytes: 3,
      memoryCeilingMegabytes: 700,
      memorySampleIntervalSeconds: 5,
      parallelThreads: 4,
    });
    const options = engineOptions(settings, folder);
    expect(options.cache?.maxBytes).toBe(2 * 1024 * 1024);
    expect(options.memory).toMatchObject({ limitBytes: 3 * 1024 * 1024, ceilingBytes: 700 * 1024 * 1024, sampleIntervalMs: 5000 });
    expect(options.parallel?.threads).toBe(4);
  });

  it('reads a database in memory never read-only', () => {
    expect(engineOptions(readSettings({ readOnly: true }).settings, folder).readOnly).toBe(false);
    expect(engineOptions(readSettings({ readOnly: true, database: 'x.duckdb' }).settings, folder).readOnly).toBe(true);
  });
});
