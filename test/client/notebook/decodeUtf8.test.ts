import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, invalidByte } from '../../../client/notebook/decodeUtf8.ts';

test('text with a byte order mark keeps it', () => {
  expect(decodeUtf8(new TextEncoder().encode('\uFEFFselect 1'))).toBe('\uFEFFselect 1');
});

test('the error names byte, line and what to do', () => {
  const bytes = Buffer.concat([Buffer.from("select 1;\nselect '"), Buffer.from([0xfc]), Buffer.from("';")]);
  expect(() => decodeUtf8(bytes)).toThrow(/byte 18 \(line 2\) is 0xfc\. Nothing was changed\..*UTF-8/);
});

test('UTF-16 is named', () => {
  expect(() => decodeUtf8(Buffer.from('\uFEFFselect', 'utf16le'))).toThrow(/looks like UTF-16/);
});

test('the offset is where the decoder fails', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
  );
  const accepts = (part: Uint8Array): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(part);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 3 }), (parts) => {
      const all = new Uint8Array(Buffer.concat(parts));
      const offset = invalidByte(all);
      expect(offset === all.length).toBe(accepts(all));
      expect(accepts(all.subarray(0, offset))).toBe(true);
      for (let length = 1; length <= 4 && offset + length <= all.length; length++) {
        expect(accepts(all.subarray(0, offset + length))).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});
