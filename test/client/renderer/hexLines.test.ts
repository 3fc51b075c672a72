import { expect, test } from 'vitest';
import { hexLines } from '../../../client/renderer/hexLines.ts';

test('bytes are shown with their places and characters', () => {
  expect(hexLines('4B6F6469616BFF00', 0)).toBe(`00000000  ${'4b 6f 64 69 61 6b ff 00'.padEnd(47)}  Kodiak..`);
  const lines = hexLines('41'.repeat(20), 0x10000).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^00010010 {2}41 41 41 41 {2,}AAAA$/);
  expect(hexLines('', 0)).toBe('');
});
