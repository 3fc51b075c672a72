import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { MachineMemory, ResidentBytes } from '../../../engine/memory/machineMemory.ts';

const GIB = 2 ** 30;
const MEMINFO = `MemTotal: ${(16 * GIB) / 1024} kB\nMemAvailable: ${(8 * GIB) / 1024} kB\n`;

function machine(files: Readonly<Record<string, string>>): MachineMemory {
  return new MachineMemory((path) => files[path]);
}

describe('MachineMemory', () => {
  it('finds a version 2 group’s limit, also that of a group around it', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '0::/outer/inner\n',
      '/sys/fs/cgroup/outer/inner/memory.max': 'max\n',
      '/sys/fs/cgroup/outer/memory.max': `${2 * GIB}\n`,
      '/sys/fs/cgroup/outer/memory.current': `${1.98 * GIB}\n`.replace(/\.\d+/, ''),
      '/sys/fs/cgroup/outer/memory.stat': 'anon 1\ninactive_file 0\n',
    };
    expect(machine(files).limitBytes()).toBe(2 * GIB);
    expect(machine(files).pressure()).toMatchObject({ level: 'high', source: 'control group' });
    const cached = { ...files, '/sys/fs/cgroup/outer/memory.stat': `inactive_file ${GIB}\n` };
    expect(machine(cached).pressure().level).toBe('none');
  });

  it('finds a version 1 group’s limit, and the mounted root’s where a container hides the path', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '4:memory:/docker/abc\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${GIB}\n`,
    };
    expect(machine(files).limitBytes()).toBe(GIB);
    expect(machine(files).pressure().source).toBe('available memory');
  });

  it('is the machine’s memory without a group, or with one that allows more', () => {
    expect(machine({ '/proc/meminfo': MEMINFO }).limitBytes()).toBe(16 * GIB);
    const files = { '/proc/meminfo': MEMINFO, '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': `${64 * GIB}\n` };
    expect(machine(files).limitBytes()).toBe(16 * GIB);
  });

  it('falls back to Node’s figures without any file, or with garbage', () => {
    expect(machine({}).limitBytes()).toBe(totalmem());
    expect(machine({}).quickPressure().source).toBe('available memory');
    const garbage = new MachineMemory(() => 'garbage');
    expect(garbage.limitBytes()).toBe(totalmem());
    expect(garbage.pressure().source).toBe('available memory');
  });

  it('asks only the earliest source while a query runs', () => {
    const read: string[] = [];
    const quick = new MachineMemory((path) => {
      read.push(path);
      return 'some avg10=30.00 avg60=0.00 avg300=0.00 total=0\n';
    });
    expect(quick.quickPressure().level).toBe('high');
    expect(read).toEqual(['/proc/pressure/memory']);
  });
});

describe('ResidentBytes', () => {
  it('is what Node says, with the file and without', () => {
    for (const resident of [new ResidentBytes(), new ResidentBytes('/does/not/exist')]) {
      const share = resident.read() / process.memoryUsage.rss();
      expect(share).toBeGreaterThan(0.7);
      expect(share).toBeLessThan(1.4);
      resident.close();
    }
  });

  it('is still there for a look that comes after the end', () => {
    const resident = new ResidentBytes();
    resident.close();
    expect(resident.read()).toBeGreaterThan(1_000_000);
    resident.close();
  });
});
