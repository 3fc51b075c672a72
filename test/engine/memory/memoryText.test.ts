import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseControlGroups,
  parseGroupBytes,
  parseInactiveFileBytes,
  parseMeminfo,
  parseResidentPages,
  parseStallShares,
} from '../../../engine/memory/memoryText.ts';

const PSI = 'some avg10=12.34 avg60=1.00 avg300=0.00 total=123456\nfull avg10=5.00 avg60=0.50 avg300=0.00 total=4567\n';
const MEMINFO = 'MemTotal:       24684092 kB\nMemFree:        22874204 kB\nMemAvailable:   23575008 kB\nBuffers:           38472 kB\n';
const GARBAGE = [
  '',
  '\n',
  'garbage',
  'some avg10=',
  'MemTotal: kB',
  'max',
  '-1',
  '1e9',
  '0x10',
  '12 13',
  '1:memory',
  '::',
  'some avg10=x y',
];

describe('what the kernel writes', () => {
  it('is read as numbers', () => {
    expect(parseStallShares(PSI)).toEqual({ some: 12.34, full: 5 });
    expect(parseStallShares('some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n')).toEqual({ some: 0, full: 0 });
    expect(parseMeminfo(MEMINFO)).toEqual({ totalBytes: 24684092 * 1024, availableBytes: 23575008 * 1024 });
    expect(parseGroupBytes('1073741824\n')).toBe(2 ** 30);
    expect(parseResidentPages('151234 24680 8012 100 0 50000 0\n')).toBe(24680);
  });

  it('says "no limit" in two ways', () => {
    expect(parseGroupBytes('max\n')).toBeUndefined();
    expect(parseGroupBytes('9223372036854771712\n')).toBeUndefined();
  });

  it('counts a version 1 group’s files with those of its children', () => {
    expect(parseInactiveFileBytes('cache 1\ninactive_file 8192\ntotal_inactive_file 166440960\n')).toBe(166440960);
    expect(parseInactiveFileBytes('anon 5\ninactive_file 8192\n')).toBe(8192);
    expect(parseInactiveFileBytes('')).toBe(0);
  });

  it('names the groups of both versions', () => {
    const text = '12:cpu,cpuacct:/a\n5:memory:/docker/abc\n3:hugetlb,memory:/x:y\n1:name=systemd:/\n0::/user.slice\nnonsense\n';
    expect(parseControlGroups(text)).toEqual([
      { version: 1, path: '/docker/abc' },
      { version: 1, path: '/x:y' },
      { version: 2, path: '/user.slice' },
    ]);
  });

  it.each(GARBAGE)('is not believed when it is %j', (text) => {
    expect(parseStallShares(text)).toBeUndefined();
    expect(parseMeminfo(text)).toBeUndefined();
    expect(parseGroupBytes(text)).toBeUndefined();
    expect(parseControlGroups(text)).toEqual([]);
  });

  it('never becomes a number that is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom(PSI, MEMINFO).chain((text) => fc.nat(text.length).map((end) => text.slice(0, end))),
        ),
        (text) => {
          const { some = 0, full = 0 } = parseStallShares(text) ?? {};
          const { totalBytes = 1, availableBytes = 0 } = parseMeminfo(text) ?? {};
          const others = [parseGroupBytes(text) ?? 0, parseInactiveFileBytes(text), parseResidentPages(text) ?? 0];
          for (const number of [some, full, totalBytes, availableBytes, ...others]) expect(Number.isFinite(number)).toBe(true);
          expect(totalBytes).toBeGreaterThan(0);
        },
      ),
    );
  });
});
